// The `matrix` context of a job: its rows and what `include` adds, with the kinds of their values.
import type { Job } from '../workflow/job.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { YamlNode } from '../source/node.ts'
import { asMapping, asSequence, hasExpression, lookup, resolve } from '../workflow/nodes.ts'
import { expressionsIn } from './expression-spans.ts'
import { literalJson } from './literal-json.ts'
import { ANY, NULL, STRING, arrayOf, either, mergeAll, objectOf, typeOfData, type ValueType } from './value-type.ts'

const NOUN = 'matrix key'
const MAX_DEPTH = 20
/** A matrix makes 256 jobs at most. */
const MAX_INCLUDES = 300

/** Answers for the jobs of one file; each matrix is read once. */
export function createMatrixTypes(file: PipelineFile): (job: Job | null) => ValueType {
  const types = new Map<Job, ValueType>()
  return (job) => {
    if (job === null) return ANY
    let type = types.get(job)
    if (!type) types.set(job, (type = matrixType(job, file.text)))
    return type
  }
}

function matrixType({ node, matrix }: Job, source: string): ValueType {
  const strategy = lookup(node, 'strategy')
  if (strategy === null) return objectOf(new Map(), { noun: NOUN })
  if (strategy.kind !== 'mapping' || matrix?.kind === 'scalar') return ANY
  const rows = new Map<string, ValueType>()
  let isOpen = false
  for (const { key, value } of matrix?.pairs ?? []) {
    if (hasExpression(key.text)) isOpen = true
    else if (key.text === 'include') isOpen = addIncludes(rows, value, source) || isOpen
    else if (key.text !== 'exclude') add(rows, key.text, rowType(value, source))
  }
  return objectOf(rows, { noun: NOUN, rest: isOpen ? ANY : null })
}

/** True when more keys may come than the file shows. */
function addIncludes(rows: Map<string, ValueType>, value: YamlNode, source: string): boolean {
  const list = asSequence(value)
  let isOpen = list === null || list.items.length > MAX_INCLUDES
  for (const item of list?.items.slice(0, MAX_INCLUDES) ?? []) {
    const entry = asMapping(item)
    if (entry === null) isOpen = true
    for (const { key, value: added } of entry?.pairs ?? []) {
      if (hasExpression(key.text)) isOpen = true
      else add(rows, key.text, typeOfNode(added, source, 0))
    }
  }
  return isOpen
}

function add(rows: Map<string, ValueType>, name: string, type: ValueType): void {
  const known = rows.get(name)
  rows.set(name, known ? either(known, type) : type)
}

function rowType(value: YamlNode, source: string): ValueType {
  const row = resolve(value)
  if (row?.kind === 'sequence') return mergeAll(row.items.map((item) => typeOfNode(item, source, 0)))
  const type = row ? typeOfNode(row, source, 0) : ANY
  return type.kind === 'array' ? type.item : ANY
}

function typeOfNode(node: YamlNode, source: string, depth: number): ValueType {
  const value = resolve(node)
  if (value === null || depth > MAX_DEPTH) return ANY
  switch (value.kind) {
    case 'sequence': return arrayOf(mergeAll(value.items.map((item) => typeOfNode(item, source, depth + 1))))
    case 'mapping':
      if (value.pairs.some(({ key }) => hasExpression(key.text))) return ANY
      return objectOf(new Map(value.pairs.map(({ key, value: below }) => [key.text, typeOfNode(below, source, depth + 1)])), { noun: 'property' })
    case 'scalar': {
      if (!hasExpression(value.text)) return value.value === null ? NULL : typeOfData(value.value)
      const [span, ...others] = expressionsIn(source, value)
      const isWhole = others.length === 0 && value.text.startsWith('${{') && value.text.endsWith('}}')
      if (!isWhole || !span) return STRING
      const json = span.root ? literalJson(span.root) : undefined
      return json ?? ANY
    }
  }
}
