// Inline suppressions: `# autodevops: ignore[rule-id] by=@team until=2027-03-31 reason`, on the line of a finding or the one
// above it; zizmor's `# zizmor: ignore[audit]` and poutine's `# poutine:ignore rule`. What is wrong with one is for the rule
// invalid-suppression to say.
import type { SuppressionMark } from '../finding.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import { isCalendarDay } from '../calendar-day.ts'

/** Who answers for a suppression, why, and how long. */
export interface Decision {
  readonly by: string | null
  readonly reason: string | null
  /** As written; null when absent. */
  readonly until: string | null
}

export interface Suppression extends Decision {
  readonly kind: 'inline' | 'foreign'
  /** The other tool's name for itself, as rules list it under `equivalents`; null for our own. */
  readonly tool: 'zizmor' | 'poutine' | null
  /** Rule ids, or the other tool's names; empty for every one of a tool that names none. */
  readonly ids: readonly string[]
  readonly start: number
  readonly end: number
  /** The lines whose findings it may silence, 1-based. */
  readonly lines: readonly number[]
}

/** 'valid' silences; the others do not. */
export type SuppressionState = 'valid' | 'no-owner' | 'no-reason' | 'malformed-date' | 'expired'

export interface SuppressionUse {
  readonly suppression: Suppression
  readonly state: SuppressionState
  /** Those of its ids that silenced something. */
  readonly silenced: ReadonlySet<string>
}

/** Behind other comments too: a pin's version comment stands first. */
const INLINE = /(?:^|\s)(#\s*autodevops:\s*ignore\[([^\]]*)\](.*))$/
const ZIZMOR = /(?:^|\s)#?\s*zizmor:\s*ignore\[([^\]]*)\](.*)/
const POUTINE = /(?:^|\s)#?\s*poutine:\s*ignore\b(.*)/

/** Reads a file's comments; costs one search of the text where there is none. */
export function readSuppressions(file: PipelineFile): readonly Suppression[] {
  const { text, tree } = file
  if (!text.includes('ignore[') && !text.includes('poutine:')) return []
  const found: Suppression[] = []
  for (let i = 0; i + 1 < tree.comments.length; i += 2) {
    const start = tree.comments[i] ?? 0
    const end = tree.comments[i + 1] ?? start
    const suppression = readComment(text.slice(start, end))
    if (suppression !== null) found.push({ ...suppression, start: end - suppression.length, end, lines: linesOf(file, start) })
  }
  return found
}

type Comment = Omit<Suppression, 'start' | 'end' | 'lines'> & {
  /** Of the part from its own `#` on. */
  readonly length: number
}

function readComment(comment: string): Comment | null {
  const inline = INLINE.exec(comment)
  if (inline === null) return readForeign(comment)
  let by: string | null = null
  let until: string | null = null
  const reason: string[] = []
  for (const word of (inline[3] ?? '').trim().split(/\s+/)) {
    if (word.startsWith('by=') && by === null) by = word.slice(3)
    else if (word.startsWith('until=') && until === null) until = word.slice(6)
    else if (word !== '') reason.push(word)
  }
  return { kind: 'inline', tool: null, ids: splitIds(inline[2]), by: by === '' ? null : by, reason: reason.join(' ') || null, until, length: (inline[1] ?? '').length }
}

/** What stands behind the names is the reason, where somebody gave one. */
function readForeign(comment: string): Comment | null {
  const of = (tool: Suppression['tool'], list: string, rest: string, at: number): Comment => {
    const start = Math.max(0, comment.indexOf('#', at))
    return { kind: 'foreign', tool, ids: splitIds(list), by: null, reason: rest.trim() || null, until: null, length: comment.length - start }
  }
  const zizmor = ZIZMOR.exec(comment)
  if (zizmor !== null) return of('zizmor', zizmor[1] ?? '', zizmor[2] ?? '', zizmor.index)
  const poutine = POUTINE.exec(comment)
  if (poutine === null) return null
  const { ids, rest } = poutineNames(poutine[1] ?? '')
  return of('poutine', ids, rest, poutine.index)
}

/** The first word, those behind a comma, and those with an underscore are names; what follows is the reason. */
function poutineNames(text: string): { readonly ids: string; readonly rest: string } {
  const words = text.trim().split(/\s+/).filter((word) => word !== '')
  let count = 0
  while (count < words.length && (count === 0 || words[count - 1]?.endsWith(',') || words[count]?.includes('_'))) count++
  return { ids: words.slice(0, count).join(','), rest: words.slice(count).join(' ') }
}

const splitIds = (list = ''): readonly string[] => list.split(',').map((id) => id.trim()).filter((id) => id !== '')

/** Its own line; and, where it stands alone, the next line that is more than a comment. */
function linesOf(file: PipelineFile, start: number): readonly number[] {
  const { lines, text } = file
  const line = lines.lineOf(start)
  if (text.slice(lines.lineStart(line), start).trim() !== '') return [line]
  let next = line + 1
  while (next < lines.lineCount && text.slice(lines.lineStart(next), lines.lineEnd(next)).trimStart().startsWith('#')) next++
  return [line, next]
}

/** Another tool's comment needs neither owner nor reason: that tool asks for none. */
export const stateOf = (suppression: Suppression, today: string): SuppressionState => (suppression.kind === 'foreign' ? 'valid' : stateOfDecision(suppression, today))

/** A malformed date counts as expired, so a typing error never silences for ever. Holds on the day `until` itself. */
export function stateOfDecision({ by, reason, until }: Decision, today: string): SuppressionState {
  if (by === null) return 'no-owner'
  if (reason === null) return 'no-reason'
  if (until === null) return 'valid'
  if (!isCalendarDay(until)) return 'malformed-date'
  return until < today ? 'expired' : 'valid'
}

export const markOf = ({ by, reason, until }: Decision, kind: SuppressionMark['kind']): SuppressionMark => ({ kind, by, reason, until })
