// GitHub's signature of a delivery: an HMAC over the bytes as they came. Several secrets are valid at once while one is replaced.
// Form: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries (2026-11-27).
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../secret.ts'

export const SIGNATURE = /^sha256=([0-9a-f]{64})$/

export const isSignature = (header: unknown): header is string => typeof header === 'string' && SIGNATURE.test(header)

/** Compares with every secret, so that the time says nothing about which one it was. */
export function isSigned(body: Buffer, header: string, secrets: readonly Secret[]): boolean {
  const given = Buffer.from(SIGNATURE.exec(header)?.[1] ?? '', 'hex')
  const matches = secrets.map((secret) => {
    const expected = createHmac('sha256', secret.reveal()).update(body).digest()
    return expected.length === given.length && timingSafeEqual(expected, given)
  })
  return matches.includes(true)
}
