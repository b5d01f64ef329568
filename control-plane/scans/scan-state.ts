// What is kept of a repository's scans, on the repository's own document: when it is due, who has it now, and what the last look said.
import { DORMANT, type Dormant } from '../../pull-request/repository-facts.ts'
import type { ErrorCode } from '../errors.ts'

export const INTERVALS = ['off', 'weekly', 'daily'] as const
export type Interval = (typeof INTERVALS)[number]

/** What an organisation can have left out: a fork where nobody has named it yet, the others wherever they are. */
export const SKIPPABLE = [...DORMANT, 'fork'] as const
export type Skippable = (typeof SKIPPABLE)[number]

/** What an organisation can set, and its operator. */
export const REQUESTS_PER_HOUR = { least: 10, most: 15_000 } as const

/**
 * `unchanged`: the branch stands where it stood; `changed`: its new head was submitted; `rechecked`: the same head was submitted again,
 * since the facts or the policy have moved; `skipped`: archived or disabled; `empty`: no commit; `gone`: not visible any more; `again`: it
 * failed and is tried again soon; `failed`: given up until the next time.
 */
export const SCAN_RESULTS = ['unchanged', 'changed', 'rechecked', 'skipped', 'empty', 'gone', 'again', 'failed'] as const
export type ScanResult = (typeof SCAN_RESULTS)[number]

export interface ScanLease {
  readonly token: string
  readonly until: Date
}

/** Each part is absent until it is first known. */
export interface ScanState {
  /** The interval by which `dueAt` was chosen. */
  readonly every?: Interval
  /** Null: never. */
  readonly dueAt?: Date | null
  readonly lease?: ScanLease | null
  /** Failures since the last look that succeeded or was given up. */
  readonly attempts?: number
  /** Why it is left alone, as the code host said last. */
  readonly skipped?: Dormant | null
  readonly branch?: string | null
  /** Of the code host's last answer about the branch. */
  readonly etag?: string | null
  readonly commit?: string | null
  /** What decides besides the commit: engine, policy, calendar. */
  readonly basis?: string
  readonly last?: { readonly at: Date; readonly result: ScanResult; readonly code: ErrorCode | null }
}
