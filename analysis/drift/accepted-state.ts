// The state of a repository's workflows that somebody accepted, with a reason: `drift` counts from it where nobody names another. It lies
// in the repository, so that git keeps the earlier ones and whoever changes it is seen in a review.
import { isCalendarDay } from '../calendar-day.ts'

/** Where a repository says what was accepted. */
export const ACCEPTED_STATE_FILE = '.github/autodevops-drift-baseline.json'
/** UTF-16 units of a reason. */
export const MOST_REASON = 1_000

export interface AcceptedState {
  /** 40 or 64 hex digits. */
  readonly commit: string
  /** Who accepted it. */
  readonly by: string
  /** YYYY-MM-DD. */
  readonly date: string
  readonly reason: string
}

const SCHEMA_VERSION = 1
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
const MOST_NAME = 200

/** `error` says what is wrong with the file, with the value. */
export function readAcceptedState(text: string): AcceptedState | { readonly error: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { error: 'it is not JSON' }
  }
  if (typeof value !== 'object' || value === null) return { error: 'it is no object' }
  const fields = new Map(Object.entries(value))
  if (fields.get('schemaVersion') !== SCHEMA_VERSION) return { error: `its schemaVersion is not ${SCHEMA_VERSION}` }
  const [commit, by, date, reason] = ['commit', 'by', 'date', 'reason'].map((name): unknown => fields.get(name))
  if (typeof commit !== 'string' || !COMMIT.test(commit)) return { error: `its commit is ${shown(commit)}, not 40 or 64 hex digits` }
  if (!isFilled(by, MOST_NAME)) return { error: `its 'by' is ${shown(by)}: it says who accepted the state, in at most ${MOST_NAME} characters` }
  if (typeof date !== 'string' || !isCalendarDay(date)) return { error: `its date is ${shown(date)}, no day written YYYY-MM-DD` }
  if (!isFilled(reason, MOST_REASON)) return { error: `its reason is ${shown(reason)}: it says why, in at most ${MOST_REASON} characters` }
  return { commit, by, date, reason }
}

/** JSON text with a final newline. */
export function formatAcceptedState({ commit, by, date, reason }: AcceptedState): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, commit, by, date, reason }, null, 2)}\n`
}

const isFilled = (value: unknown, most: number): value is string => typeof value === 'string' && /\S/.test(value) && value.length <= most

const MOST_SHOWN = 60

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  const text = JSON.stringify(value)
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text
}
