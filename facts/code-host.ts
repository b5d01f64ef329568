// What a source of facts asks a code host, and what it may hear. Failures are answers: one item that fails never ends a run.
import type { FactAnswer, FactRequest } from '../analysis/fact.ts'

export interface HostAnswer {
  /** `unchanged`: what is known under the given etag is still true. */
  readonly answer: FactAnswer | 'unchanged'
  /** Of the repository that was asked about; `unknown` is treated as private. */
  readonly visibility: 'public' | 'private' | 'unknown'
  readonly etag: string | null
  /** False for failures that pass (limits, faults): they are never remembered. */
  readonly lasting: boolean
  /** True when asking for more is pointless: out of requests, token refused, host out of reach. */
  readonly stop: boolean
}

export interface KnownFact {
  readonly answer: FactAnswer
  readonly etag: string | null
}

export interface CodeHost {
  /** The API's address; part of every cache key, so that two hosts never answer for each other. */
  readonly name: string
  /** Never rejects, except when `signal` ends it. */
  ask(request: FactRequest, known: KnownFact | null, signal?: AbortSignal): Promise<HostAnswer>
}
