// Turns a condition with characters outside its braces into one expression: strips a block's last line break, or drops the
// braces. Gives nothing where the result would not be an expression, or not plain YAML.
import type { ExpressionSite } from '../syntax/expression-sites.ts'
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import type { TextEdit } from '../finding.ts'
import { applyEdits } from '../source/edits.ts'
import { parseExpression } from '../syntax/expression.ts'

const BLOCK_HEADER = /^([|>])([0-9]?)([-+]?)([0-9]?)/
/** What a plain scalar may not begin with. */
const YAML_INDICATOR = /^[!'"&*[\]{}|>%@`#?:,-]/

/** Edits of the file `source`, ascending; null where there is no clean way. */
export function bareCondition(source: string, { scalar, spans }: ExpressionSite): readonly TextEdit[] | null {
  const isBlock = scalar.style === 'literal' || scalar.style === 'folded'
  const [only] = spans
  if (spans.length === 1 && only && scalar.text.trim().startsWith('${{') && scalar.text.trim().endsWith('}}')) {
    return isBlock ? stripBreak(source, scalar) : [...trimEdit(source, scalar.start + 1, only.start), ...trimEdit(source, only.end, scalar.end - 1)]
  }
  const raw = source.slice(scalar.start, scalar.end)
  if (isBlock || raw.includes('\\') || (scalar.style === 'single' && raw.includes("''")) || spans.some(({ root }) => root === null)) return null
  const edits = spans.flatMap((span) => dropBraces(source, span))
  const moved = edits.map(({ start, end, text }) => ({ start: start - scalar.start, end: end - scalar.start, text }))
  const result = applyEdits(raw, moved)
  const condition = scalar.style === 'plain' ? result : result.slice(1, -1)
  if (parseExpression(condition).root === null || (scalar.style === 'plain' && YAML_INDICATOR.test(condition))) return null
  return edits
}

function stripBreak(source: string, { start }: { readonly start: number }): readonly TextEdit[] | null {
  const [header, style = '', before = '', chomp = '', after = ''] = BLOCK_HEADER.exec(source.slice(start, start + 4)) ?? []
  return header === undefined || chomp === '-' ? null : [{ start, end: start + header.length, text: `${style}${before}-${after}` }]
}

const trimEdit = (source: string, start: number, end: number): TextEdit[] => (end > start && source.slice(start, end).trim() === '' ? [{ start, end, text: '' }] : [])

/** What binds weaker than its surroundings may need parentheses instead. */
function dropBraces(source: string, { start, end, root }: ExpressionSpan): readonly TextEdit[] {
  const inner = source.slice(start + 3, end - 2)
  const from = start + 3 + (inner.length - inner.trimStart().length)
  const to = end - 2 - (inner.length - inner.trimEnd().length)
  const [open, close] = root?.kind === 'binary' ? ['(', ')'] : ['', '']
  return [{ start, end: from, text: open }, { start: to, end, text: close }]
}
