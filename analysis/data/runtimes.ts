// What became of the runtimes that actions run on, by date and host.
import type { Host } from '../analyse.ts'
import data from './runtimes.json' with { type: 'json' }

interface RuntimeData {
  readonly removedEverywhere?: boolean
  /** YYYY-MM-DD. */
  readonly removedFromGitHub?: string
}

/** 'removed': dead on this host, elsewhere alive; 'retiring': alive here, its end is known, `days` from today (negative: passed on github.com). */
export type RuntimeState =
  | { readonly state: 'living' | 'dead' | 'unknown' }
  | { readonly state: 'removed' | 'retiring'; readonly on: string; readonly days: number }

/** Where the dates come from. */
export const RUNTIMES_SOURCE: string = data.source

const runtimes: Readonly<Record<string, RuntimeData>> = data.runtimes

/** Days on which a runtime ends: YYYY-MM-DD. */
export const RUNTIME_DATES: readonly string[] = Object.values(runtimes).flatMap(({ removedFromGitHub }) => (removedFromGitHub === undefined ? [] : [removedFromGitHub]))

export function runtimeState(runtime: string | null, { host, today }: { readonly host: Host; readonly today: string }): RuntimeState {
  const known = runtime !== null && Object.hasOwn(runtimes, runtime) ? runtimes[runtime] : undefined
  if (known === undefined) return { state: 'unknown' }
  if (known.removedEverywhere === true) return { state: 'dead' }
  const on = known.removedFromGitHub
  if (on === undefined) return { state: 'living' }
  const days = daysBetween(today, on)
  return { state: host.kind === 'github.com' && days <= 0 ? 'removed' : 'retiring', on, days }
}

/** Days from one YYYY-MM-DD to another; NaN where one is no date. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

/** How a reader calls it: `Node 16`, `Node 16 or older`. */
export function runtimeName(runtime: string | null, isOlder = false): string {
  if (runtime === 'older' || runtime === null) return 'a Node.js older than 20'
  const name = runtime.startsWith('node') ? `Node ${runtime.slice('node'.length)}` : runtime
  return isOlder ? `${name} or older` : name
}
