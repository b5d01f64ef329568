// GitHub's side of a sign-in: the address that asks for consent, and who a returned code stands for. Asks for no scope: a public
// profile is enough. The person's token is used once and kept nowhere.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { createGithubClient, type GithubClientSettings } from '../../pull-request/client.ts'
import { AppError } from '../errors.ts'
import { fromCodeHostError } from '../from-code-host-error.ts'
import type { Secret } from '../secret.ts'
import type { Person } from './sessions-service.ts'

export interface GithubOauth {
  consentUrl(attempt: { readonly state: string; readonly verifier: string }): string
  /** Throws SIGN_IN_CODE, SIGN_IN_MISCONFIGURED, or what GitHub's failing is called. */
  personBehind(code: string, verifier: string): Promise<Person>
}

interface Parts {
  /** Of the code host's pages: `https://github.com`. */
  readonly webUrl: string
  readonly client: GithubClientSettings
  readonly application: { readonly clientId: string; readonly clientSecret: Secret }
  readonly redirectUri: string
  readonly fetch: typeof fetch
}

/** GitHub answers 200 to a refused code too. */
const tokenSchema = z.union([z.object({ access_token: z.string().min(1) }), z.object({ error: z.string() })])

export function createGithubOauth(parts: Parts): GithubOauth {
  const { webUrl, client, application, redirectUri } = parts
  return {
    consentUrl: ({ state, verifier }) => {
      const query = new URLSearchParams({
        client_id: application.clientId, redirect_uri: redirectUri, state,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256', allow_signup: 'false',
      })
      return `${webUrl}/login/oauth/authorize?${query.toString()}`
    },
    personBehind: async (code, verifier) => {
      const token = await exchange(parts, code, verifier)
      try {
        const { data } = await createGithubClient(client, { token, paceId: 'sign-in' }).rest.users.getAuthenticated()
        return { userId: String(data.id), login: data.login }
      } catch (error) {
        throw fromCodeHostError(error)
      }
    },
  }
}

async function exchange({ webUrl, client, application, redirectUri, fetch }: Parts, code: string, verifier: string): Promise<string> {
  const body = new URLSearchParams({
    client_id: application.clientId, client_secret: application.clientSecret.reveal(), code, redirect_uri: redirectUri, code_verifier: verifier,
  })
  const answer = await fetch(`${webUrl}/login/oauth/access_token`, {
    method: 'POST', body, headers: { accept: 'application/json', 'user-agent': client.userAgent }, signal: AbortSignal.timeout(client.requestTimeoutMs), redirect: 'error',
  }).then(async (response) => {
    if (!response.ok) throw new Error(`the token endpoint answers ${response.status}`)
    return tokenSchema.parse(await response.json())
  }).catch((cause: unknown) => { throw new AppError('GITHUB_UNAVAILABLE', { cause }) })
  if ('access_token' in answer) return answer.access_token
  if (answer.error === 'bad_verification_code') throw new AppError('SIGN_IN_CODE')
  throw new AppError('SIGN_IN_MISCONFIGURED', { detail: answer.error.slice(0, 100) })
}
