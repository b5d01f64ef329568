// Inline suppressions: `# autodevops: ignore[rule-id] by=@team until=2027-03-31 reason`, on the line of a finding or the one
// above it, and zizmor's `# zizmor: ignore[audit]`. What is wrong with one is for the rule invalid-suppression to say.
import type { SuppressionMark } from '../finding.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'

export interface Suppression {
  readonly kind: 'inline' | 'foreign'
  /** Rule ids, or the other tool's names. */
  readonly ids: readonly string[]
  readonly by: string | null
  readonly reason: string | null
  /** As written; null when absent. */
  readonly until: string | null
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
const FOREIGN = /(?:^|\s)#?\s*zizmor:\s*ignore\[([^\]]*)\]/
const DATE = /^\d{4}-\d{2}-\d{2}$/

/** Reads a file's comments; costs one search of the text where there is none. */
export function readSuppressions(file: PipelineFile): readonly Suppression[] {
  const { text, tree } = file
  if (!text.includes('ignore[')) return []
  const found: Suppression[] = []
  for (let i = 0; i + 1 < tree.comments.length; i += 2) {
    const start = tree.comments[i] ?? 0
    const end = tree.comments[i + 1] ?? start
    const suppression = readComment(text.slice(start, end))
    if (suppression !== null) found.push({ ...suppression, start: end - suppression.length, end, lines: linesOf(file, start) })
  }
  return found
}

/** `length` is that of the part from its own `#` on. */
function readComment(comment: string): (Omit<Suppression, 'start' | 'end' | 'lines'> & { readonly length: number }) | null {
  const inline = INLINE.exec(comment)
  if (inline === null) {
    const foreign = FOREIGN.exec(comment)
    return foreign === null ? null : { kind: 'foreign', ids: splitIds(foreign[1]), by: null, reason: null, until: null, length: comment.length }
  }
  let by: string | null = null
  let until: string | null = null
  const reason: string[] = []
  for (const word of (inline[3] ?? '').trim().split(/\s+/)) {
    if (word.startsWith('by=') && by === null) by = word.slice(3)
    else if (word.startsWith('until=') && until === null) until = word.slice(6)
    else if (word !== '') reason.push(word)
  }
  return { kind: 'inline', ids: splitIds(inline[2]), by: by === '' ? null : by, reason: reason.join(' ') || null, until, length: (inline[1] ?? '').length }
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

/** A malformed date counts as expired, so a typing error never silences for ever. Holds on the day `until` itself. */
export function stateOf(suppression: Suppression, today: string): SuppressionState {
  if (suppression.kind === 'foreign') return 'valid'
  if (suppression.by === null) return 'no-owner'
  if (suppression.reason === null) return 'no-reason'
  if (suppression.until === null) return 'valid'
  if (!isDate(suppression.until)) return 'malformed-date'
  return suppression.until < today ? 'expired' : 'valid'
}

function isDate(text: string): boolean {
  if (!DATE.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

export const markOf = ({ kind, by, reason, until }: Suppression): SuppressionMark => ({ kind, by, reason, until })
