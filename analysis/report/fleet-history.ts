// The JSON of an earlier fleet report as what a new one is compared with: checkouts have no past of their own. A finding's age is
// counted from the first of these runs that saw it, so it is at least that old.
import type { FleetMember } from './fleet-report.ts'
import { daysBetween } from '../data/runtimes.ts'

export interface FleetHistory {
  /** YYYY-MM-DD of that run. */
  readonly today: string
  readonly repositories: ReadonlyMap<string, KnownRepository>
}

interface KnownRepository {
  readonly score: number | null
  /** By fingerprint, the day on which a run first saw it. */
  readonly open: ReadonlyMap<string, string>
}

const DAY = /^\d{4}-\d\d-\d\d$/

/** `error` says what is wrong with the text. */
export function readFleetHistory(text: string): FleetHistory | { readonly error: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { error: 'it is not JSON' }
  }
  if (!isObject(value) || value.schemaVersion !== 1) return { error: 'its schemaVersion is not 1' }
  const { today, repositories: list } = value
  if (typeof today !== 'string' || !DAY.test(today)) return { error: "it has no date 'today'" }
  if (!Array.isArray(list)) return { error: "it has no list 'repositories'" }
  const repositories = new Map<string, KnownRepository>()
  for (const [index, entry] of (list as readonly unknown[]).entries()) {
    const known = repositoryOf(entry)
    if (known === null) return { error: `repositories[${index}] does not say which findings were open; only 'fleet --format json' writes that` }
    repositories.set(known.name, known)
  }
  return { today, repositories }
}

interface Now {
  readonly name: string
  /** Of its open findings. */
  readonly fingerprints: readonly string[]
  /** YYYY-MM-DD. */
  readonly today: string
}

/** What is not known without a history, or of a repository that was not in it, stays unknown. */
export function compareWithHistory(history: FleetHistory | null, { name, fingerprints, today }: Now): Pick<FleetMember, 'open' | 'week' | 'driftAgeDays'> {
  const before = history?.repositories.get(name)
  const now = new Set(fingerprints)
  const open = Object.fromEntries([...now].sort().map((fingerprint) => [fingerprint, before?.open.get(fingerprint) ?? today]))
  if (before === undefined) return { open, week: null, driftAgeDays: null }
  const days = Object.values(open)
  return {
    open,
    week: { appeared: [...now].filter((fingerprint) => !before.open.has(fingerprint)).length, fixed: [...before.open.keys()].filter((fingerprint) => !now.has(fingerprint)).length, scoreBefore: before.score },
    driftAgeDays: days.length === 0 ? null : Math.max(...days.map((day) => daysBetween(day, today))),
  }
}

function repositoryOf(entry: unknown): (KnownRepository & { readonly name: string }) | null {
  if (!isObject(entry) || typeof entry.name !== 'string' || !isObject(entry.open)) return null
  const open = new Map(Object.entries(entry.open).flatMap(([fingerprint, day]) => (typeof day === 'string' && DAY.test(day) ? [[fingerprint, day] as const] : [])))
  const total = isObject(entry.score) ? entry.score.total : null
  return open.size < Object.keys(entry.open).length ? null : { name: entry.name, open, score: typeof total === 'number' ? total : null }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)
