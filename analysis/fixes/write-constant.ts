// Writes a constant in the place of the expression that always gives it, so that the scalar and its kind stay the same.
// Gives up where YAML could read the text as something else.
import type { ScalarNode } from '../source/node.ts'
import type { ExpressionSite } from '../syntax/expression-sites.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import { scriptOf } from '../shell/script.ts'

type Plain = string | number | boolean | null

/** Text that is only text wherever it stands in a scalar. */
const HARMLESS = /^[A-Za-z0-9_](?:[A-Za-z0-9_./=+@-]| (?=[A-Za-z0-9_]))*$/
/** Words and numbers that YAML reads as something else than text. */
const TYPED = /^(?:true|false|yes|no|on|off|null|y|n|[-+.\d].*)$/i

/** What replaces a whole expression with its braces; null where the text could be read differently. */
export function writeConstant(value: Plain, { scalar, isWhole, isKey }: ExpressionSite): string | null {
  const text = value === null ? '' : String(value)
  const isBlock = scalar.style === 'literal' || scalar.style === 'folded'
  if (isKey) return null
  if (isBlock && !isWhole) return /[\n\r]|^\s|\$\{\{/.test(text) ? null : text
  if (!HARMLESS.test(typeof value === 'number' ? '0' : text)) return null
  if (!isWhole) return text
  if (isBlock || scalar.style !== 'plain') return typeof value === 'string' ? text : null
  if (typeof value === 'string') return TYPED.test(text) ? null : text
  return text
}

/** What replaces a part of an expression. */
export function writeLiteral({ text }: PipelineFile, scalar: ScalarNode, value: Plain): string | null {
  if (typeof value !== 'string') return String(value)
  return /[\n\r]/.test(value) ? null : scriptOf(text, scalar).escape(`'${value.replaceAll("'", "''")}'`)
}
