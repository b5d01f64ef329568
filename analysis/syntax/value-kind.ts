// The kind of a scalar's value, as far as it shows without the contexts: of literals, and of expressions made of operators,
// functions and literals. 'any' for everything that only a run decides.
import type { ScalarNode } from '../source/node.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { ValueType } from './value-type.ts'
import { hasExpression } from '../workflow/nodes.ts'
import { NOTHING_OFFERED } from './availability.ts'
import { checkExpression } from './check-expression.ts'
import { expressionsIn } from './expression-spans.ts'
import { ANY } from './value-type.ts'

export function valueKind(file: PipelineFile, node: ScalarNode): ValueType['kind'] {
  if (!hasExpression(node.text)) return node.value === null ? 'null' : (typeof node.value as 'string' | 'number' | 'boolean')
  const [span, ...others] = expressionsIn(file.text, node)
  const text = node.text.trim()
  const isWhole = others.length === 0 && text.startsWith('${{') && text.endsWith('}}')
  if (!isWhole || !span) return 'string'
  return span.root === null ? 'any' : checkExpression(span.root, { text: '', offered: NOTHING_OFFERED, contextType: () => ANY, add: () => undefined }).kind
}
