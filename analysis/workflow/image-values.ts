// What an image's text can be: itself, or what its expression answers. The matrix is read, literals of a choice are taken apart;
// everything else stays unknown.
import type { ScalarNode } from '../source/node.ts'
import type { Expression } from '../syntax/expression.ts'
import type { Job } from './job.ts'
import { contextPath } from '../syntax/expression-paths.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'
import { asMapping, asScalar, asSequence, hasExpression, lookup, resolve } from './nodes.ts'

/** A text, or the part of an expression that nobody can answer. */
export type ImageValue = { readonly text: string } | { readonly unknown: string }

/** Each value once, in the order of the text. */
export function imageValues(source: string, scalar: ScalarNode, job: Job | null): readonly ImageValue[] {
  if (!hasExpression(scalar.text)) return [{ text: scalar.text.trim() }]
  const spans = expressionsIn(source, scalar)
  const [span] = spans
  const whole = spans.length === 1 && span !== undefined && scalar.text.trim().startsWith('${{') && scalar.text.trim().endsWith('}}')
  if (!whole) return [{ text: scalar.text.trim() }]
  return span.root === null ? [{ unknown: span.text.trim() }] : unique(valuesOf(span.root, { text: span.text, job }))
}

interface Scope {
  /** The expression's, for naming its parts. */
  readonly text: string
  readonly job: Job | null
}

function valuesOf(node: Expression, scope: Scope): readonly ImageValue[] {
  switch (node.kind) {
    case 'literal': return [{ text: node.value === null ? '' : String(node.value) }]
    case 'not': return []
    case 'binary':
      if (node.operator === '&&') return valuesOf(node.right, scope)
      return node.operator === '||' ? [...valuesOf(node.left, scope), ...valuesOf(node.right, scope)] : []
    case 'call':
      if (node.name.toLowerCase() !== 'case') return [unknown(node, scope)]
      return node.args.flatMap((argument, index) => (index % 2 === 1 || index === node.args.length - 1 ? valuesOf(argument, scope) : []))
    case 'context': case 'access': {
      const path = contextPath(node)
      const fromMatrix = path?.[0] === 'matrix' && path.length > 1 ? matrixValues(path.slice(1), scope.job) : null
      return fromMatrix ?? [unknown(node, scope)]
    }
  }
}

const unknown = ({ start, end }: Expression, { text }: Scope): ImageValue => ({ unknown: text.slice(start, end).trim() })

/** Null when the matrix, or what it gives, is an expression. A combination without the key gives an empty text. */
function matrixValues(path: readonly string[], job: Job | null): readonly ImageValue[] | null {
  const matrix = job === null ? null : asMapping(job.matrix)
  if (matrix === null) return null
  const [row = ''] = path
  const found: ImageValue[] = []
  const rowPair = matrix.pairs.find(({ key }) => key.text.toLowerCase() === row)
  const include = lookup(matrix, 'include')
  if (include?.kind === 'scalar' || (rowPair !== undefined && asSequence(rowPair.value) === null)) return null
  const starts = [
    ...(rowPair === undefined ? [] : (asSequence(rowPair.value)?.items ?? []).map(resolve)),
    ...(asSequence(include)?.items ?? []).map((item) => child(item, row)),
  ]
  for (const start of starts) {
    let node = start
    for (const name of path.slice(1)) node = node === null ? null : child(node, name)
    const scalar = asScalar(node)
    if (scalar !== null) found.push(hasExpression(scalar.text) ? { unknown: scalar.text.trim() } : { text: scalar.text.trim() })
  }
  return found
}

function child(node: Parameters<typeof asMapping>[0], name: string): ReturnType<typeof resolve> {
  const pair = asMapping(node)?.pairs.find(({ key }) => key.text.toLowerCase() === name)
  return pair === undefined ? null : resolve(pair.value)
}

function unique(values: readonly ImageValue[]): readonly ImageValue[] {
  const seen = new Set<string>()
  return values.filter((value) => {
    const key = 'text' in value ? `=${value.text}` : `?${value.unknown}`
    return !seen.has(key) && seen.add(key).size > 0
  })
}
