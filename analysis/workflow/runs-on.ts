// Which runner a job asks for: labels, a group, or an expression that the matrix answers.
import type { MappingNode, Pair, ScalarNode } from '../source/node.ts'
import { asMapping, asScalar, asSequence, hasExpression, lookup, resolve, scalarsOf } from './nodes.ts'

export interface RunsOn {
  readonly pair: Pair
  /** Labels written here without an expression. */
  readonly labels: readonly ScalarNode[]
  /** Literal values of the matrix (rows and `include`) that a `${{ matrix.x }}` here reads; they stand elsewhere in the file. */
  readonly matrixLabels: readonly ScalarNode[]
  /** Labels with an expression, the ones that the matrix answers included. */
  readonly expressions: readonly ScalarNode[]
  readonly group: ScalarNode | null
}

export function readRunsOn(pair: Pair, matrix: MappingNode | null): RunsOn {
  const value = resolve(pair.value)
  const map = value?.kind === 'mapping' ? value : null
  const labels: ScalarNode[] = []
  const expressions: ScalarNode[] = []
  for (const scalar of scalarsOf(map === null ? value : lookup(map, 'labels'))) (hasExpression(scalar.text) ? expressions : labels).push(scalar)
  const matrixLabels = expressions.flatMap((expression) => matrixValues(expression.text, matrix))
  return { pair, labels, matrixLabels, expressions, group: asScalar(lookup(map, 'group')) }
}

/** Labels that ask for a runner of the host's own: none of a group, none beside 'self-hosted'. */
export function hostedLabels(runsOn: RunsOn | null): readonly ScalarNode[] {
  if (runsOn?.group !== null) return []
  const labels = [...runsOn.labels, ...runsOn.matrixLabels]
  return labels.some((label) => label.text.toLowerCase() === 'self-hosted') ? [] : labels
}

const MATRIX_REFERENCE = /^\s*\$\{\{\s*matrix\.([A-Za-z_][\w-]*)((?:\.[A-Za-z_][\w-]*)*)\s*\}\}\s*$/

/** The literal scalars behind a text that is exactly `${{ matrix.x }}` or `${{ matrix.x.y }}`. */
function matrixValues(text: string, matrix: MappingNode | null): ScalarNode[] {
  const match = MATRIX_REFERENCE.exec(text)
  if (match === null || matrix === null) return []
  const [, row = '', rest = ''] = match
  const path = rest.split('.').slice(1)
  const found: ScalarNode[] = []
  const add = (start: ReturnType<typeof resolve>): void => {
    let node = start
    for (const name of path) node = lookup(asMapping(node), name)
    for (const scalar of scalarsOf(node)) if (!hasExpression(scalar.text) && !found.includes(scalar)) found.push(scalar)
  }
  for (const item of asSequence(lookup(matrix, row))?.items ?? []) add(resolve(item))
  for (const item of asSequence(lookup(matrix, 'include'))?.items ?? []) add(lookup(asMapping(item), row))
  return found
}
