// Builds what a code host answers, so that every field is decided in one place.
import type { FactValues } from '../analysis/fact.ts'
import type { HostAnswer } from './code-host.ts'
import type { Reply } from './github-requests.ts'

type Visibility = HostAnswer['visibility']

export function known(value: FactValues[keyof FactValues], { etag, visibility }: { etag: string | null; visibility: Visibility }): HostAnswer {
  return { answer: { status: 'known', value }, visibility, etag, lasting: true, stop: false }
}

export function unchanged(reply: Extract<Reply, { kind: 'unchanged' }>, visibility: Visibility): HostAnswer {
  return { answer: 'unchanged', visibility, etag: reply.etag, lasting: true, stop: false }
}

/** Something that was looked for and is not there. */
export function unknown(reason: string, { visibility }: { visibility: Visibility }): HostAnswer {
  return { answer: { status: 'unknown', reason }, visibility, etag: null, lasting: true, stop: false }
}

/** A question that the host did not answer. Only "not found" is remembered. */
export function failureOf(reply: Extract<Reply, { kind: 'failed' }>): HostAnswer {
  const lasting = reply.status === 404
  return { answer: { status: 'unknown', reason: reply.reason }, visibility: 'unknown', etag: null, lasting, stop: reply.stop }
}
