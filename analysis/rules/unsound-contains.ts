// Finds `contains` with a literal text where a list is meant: parts of its words match too. Leaves out real lists, and
// conditions of literals alone (constant-condition).
import type { CallExpression, Expression } from '../syntax/expression.ts'
import type { EditsFix } from './rule.ts'
import type { ExpressionSite } from '../syntax/expression-sites.ts'
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import { contextValue } from '../data/contexts.ts'
import { constantOf } from '../syntax/constant-value.ts'
import { contextAccesses, findCalls } from '../syntax/expression-paths.ts'
import { expressionSites } from '../syntax/expression-sites.ts'
import { defineRule } from './rule.ts'

/** Contexts whose values somebody chooses from outside the file. */
const CHOSEN: ReadonlySet<string> = new Set(['env', 'inputs', 'steps', 'needs', 'vars'])
const SEPARATOR = /[\s,;|]+/

export const unsoundContains = defineRule({
  meta: {
    id: 'unsound-contains',
    summary: 'Look for a value in a list, not in a text',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['unsound-contains'], codeql: ['UnsoundContains'] },
    messages: {
      chosen: "contains looks for a part of the text '{text}', so a part such as '{part}' passes as well, and {value} can be chosen to be one; compare with fromJSON('{list}')",
      fixed: { text: "contains looks for a part of the text '{text}', so a part such as '{part}' passes as well; compare with fromJSON('{list}')", severity: 'info' },
    },
  },
  create(ctx) {
    return {
      file(file) {
        for (const site of expressionSites(file)) {
          for (const span of site.spans) {
            if (span.root === null || !/contains/i.test(span.text)) continue
            for (const call of findCalls(span.root, 'contains')) {
              const [text, value] = call.args
              if (text?.kind !== 'literal' || typeof text.value !== 'string' || text.value === '' || !value || constantOf(value)) continue
              const at = { start: span.offsetOf(call.start), end: span.offsetOf(call.end) }
              const data = { text: text.value, part: partOf(text.value), list: listOf(text.value), value: span.text.slice(value.start, value.end) }
              ctx.report({ message: isChosen(value) ? 'chosen' : 'fixed', at, data, fix: fixFor(file.text, site, { span, call }) })
            }
          }
        }
      },
    }
  },
})

function isChosen(value: Expression): boolean {
  return contextAccesses(value).some(({ path }) => {
    if (path[0] !== 'github') return CHOSEN.has(path[0] ?? '')
    const known = contextValue(path)
    return known === undefined ? path[1] === 'event' : known.domain !== 'fixed' && known.by !== 'github'
  })
}

const wordsOf = (text: string): readonly string[] => text.split(SEPARATOR).filter((word) => word !== '')

const listOf = (text: string): string => `[${wordsOf(text).map((word) => JSON.stringify(word)).join(', ')}]`

/** A text that nobody listed and that passes all the same. */
function partOf(text: string): string {
  const word = wordsOf(text)[0] ?? text
  return word.length > 1 ? word.slice(0, -1) : text
}

function fixFor(source: string, { scalar }: ExpressionSite, { span, call }: { span: ExpressionSpan; call: CallExpression }): EditsFix | null {
  const [text] = call.args
  if (text?.kind !== 'literal' || typeof text.value !== 'string' || wordsOf(text.value).length === 0) return null
  const start = span.offsetOf(text.start)
  const end = span.offsetOf(text.end)
  const quote = scalar.style === 'single' ? "''" : "'"
  // Escapes and folded lines: what the file says is not what the expression says.
  if (source.slice(start, end).replaceAll(quote, "'") !== span.text.slice(text.start, text.end)) return null
  const list = listOf(text.value).replaceAll("'", "''")
  const written = scalar.style === 'double' ? list.replaceAll('\\', '\\\\').replaceAll('"', '\\"') : list.replaceAll("'", quote)
  return { kind: 'edits', safety: 'unsafe', description: 'Look in a list of whole words', edits: [{ start, end, text: `fromJSON(${quote}${written}${quote})` }] }
}
