// Against requests that another site makes with a visitor's cookie. Two things have to hold for whatever changes something: the
// browser says that the request comes from our own origin, and it carries a header that no form can send.
import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'

export const CSRF_HEADER = 'x-autodevops-csrf'
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** Throws CROSS_SITE_REQUEST. */
export function checkSameSite({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>, publicUrl: string): void {
  if (SAFE_METHODS.includes(method)) return
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') throw refused(`sec-fetch-site is ${String(site)}, not same-origin`)
  const { origin } = headers
  if (origin !== undefined && origin !== new URL(publicUrl).origin) throw refused(`the origin is not ${new URL(publicUrl).origin}`)
  if (site === undefined && origin === undefined) throw refused('it has neither origin nor sec-fetch-site')
  if (headers[CSRF_HEADER] === undefined) throw refused(`the header ${CSRF_HEADER} is missing; any value will do`)
}

const refused = (detail: string): AppError => new AppError('CROSS_SITE_REQUEST', { detail })
