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

/** Labels that a job asks for at once: those of the list, and one answer of the matrix. */
export interface LabelSet {
  readonly labels: readonly ScalarNode[]
  /** More labels come from an expression that the file does not answer. */
  readonly isOpen: boolean
}

/** Every set of literal labels that the job can ask for; none for a runner group. */
export function labelSets({ labels, expressions, group }: RunsOn, matrix: MappingNode | ScalarNode | null): readonly LabelSet[] {
  if (group !== null) return []
  const answers = expressions.map(({ text }) => matrixAnswers(text, asMapping(matrix)))
  const isOpen = answers.some((answer) => answer.length === 0)
  if (answers.length === 0 || isOpen) return [{ labels, isOpen }]
  return answers.flatMap((alternatives) => alternatives.map((alternative) => ({ labels: [...labels, ...alternative], isOpen: false })))
}

const MATRIX_REFERENCE = /^\s*\$\{\{\s*matrix\.([A-Za-z_][\w-]*)((?:\.[A-Za-z_][\w-]*)*)\s*\}\}\s*$/

/** The literal scalars behind a text that is exactly `${{ matrix.x }}` or `${{ matrix.x.y }}`, each once. */
function matrixValues(text: string, matrix: MappingNode | null): ScalarNode[] {
  return [...new Set(matrixAnswers(text, matrix).flat())]
}

/** The same by value of the matrix: a value that is a list stands for several labels at once. */
function matrixAnswers(text: string, matrix: MappingNode | null): readonly (readonly ScalarNode[])[] {
  const match = MATRIX_REFERENCE.exec(text)
  if (match === null || matrix === null) return []
  const [, row = '', rest = ''] = match
  const path = rest.split('.').slice(1)
  const found: ScalarNode[][] = []
  const add = (start: ReturnType<typeof resolve>): void => {
    let node = start
    for (const name of path) node = lookup(asMapping(node), name)
    const scalars = scalarsOf(node).filter((scalar) => !hasExpression(scalar.text))
    if (scalars.length > 0) found.push(scalars)
  }
  for (const item of asSequence(lookup(matrix, row))?.items ?? []) add(resolve(item))
  for (const item of asSequence(lookup(matrix, 'include'))?.items ?? []) add(lookup(asMapping(item), row))
  return found
}
