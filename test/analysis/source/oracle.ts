// Compares our parser with the `yaml` package, which serves as an oracle here and nowhere else: acceptance, values, offsets.
import { isDeepStrictEqual } from 'node:util'
import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml'
import type { SourceTree, SyntaxProblemCode, YamlNode } from '../../../analysis/source/node.ts'
import { parse } from '../../../analysis/source/parse.ts'

/** Problems of a text that is not one valid document. The others are opinions about valid YAML. */
const REFUSALS: ReadonlySet<SyntaxProblemCode> = new Set(['syntax', 'tab-indent', 'too-deep', 'duplicate-key', 'unknown-anchor', 'recursive-alias', 'several-documents'])

/** The content of a tree as plain JavaScript, keys as text. Aliases share the object that they point to. */
export function plainValue(node: YamlNode | null, seen = new Map<YamlNode, unknown>()): unknown {
  if (node === null) return null
  if (node.kind === 'alias') return node.target === null ? undefined : seen.get(node.target)
  let value: unknown
  if (node.kind === 'scalar') value = node.value
  else if (node.kind === 'sequence') value = node.items.map((item) => plainValue(item, seen))
  else {
    const object: Record<string, unknown> = {}
    for (const pair of node.pairs) {
      plainValue(pair.key, seen)
      const entry = plainValue(pair.value, seen)
      Object.defineProperty(object, String(pair.key.value ?? ''), { value: entry, enumerable: true, writable: true, configurable: true })
    }
    value = object
  }
  seen.set(node, value)
  return value
}

function accepts(tree: SourceTree): boolean {
  return !tree.problems.some((problem) => REFUSALS.has(problem.code))
}

/** How the two differ on `text`, in a sentence; null when they agree. */
export function disagreement(text: string): string | null {
  const tree = parse(text)
  const document = parseDocument(text.replace(/\r(?!\n)/g, '\n'), { prettyErrors: false, logLevel: 'error' })
  let refusal = document.errors[0]?.message.split('\n')[0]
  let value: unknown
  if (refusal === undefined) {
    try {
      value = document.toJS({ maxAliasCount: -1 })
    } catch (error) {
      refusal = String(error)
    }
  }
  if (refusal !== undefined) return accepts(tree) ? `yaml refuses: ${refusal}` : null
  if (!accepts(tree)) return `we refuse: ${tree.problems.find((problem) => REFUSALS.has(problem.code))?.message ?? ''}`
  const ours = plainValue(tree.root)
  if (!isDeepStrictEqual(ours, value)) return `values differ: ${JSON.stringify(ours)} and ${JSON.stringify(value)}`
  return tree.root === null ? null : offsets(tree.root, document.contents)
}

/** The first node whose offsets differ. Not compared: empty values, and the ends of block collections and block scalars. */
function offsets(ours: YamlNode, theirs: unknown): string | null {
  if (isAlias(theirs) || isScalar(theirs)) {
    if (ours.kind === 'scalar' && (ours.start === ours.end || ours.text === '')) return null
    const endMatters = ours.kind === 'alias' || (ours.kind === 'scalar' && ours.style !== 'literal' && ours.style !== 'folded')
    return compareRange(ours, theirs.range, endMatters)
  }
  if (ours.kind === 'mapping' && isMap(theirs)) {
    const first = ours.pairs[0]?.key
    // Where a mapping starts whose first key is empty or has properties depends in `yaml` on what stands before it.
    const hasBraces = ours.flow && ours.start < (first?.start ?? Infinity)
    const startMatters = hasBraces || (first?.anchor === null && first.tag === null && first.end > first.start)
    const range = startMatters ? compareRange(ours, theirs.range, hasBraces) : null
    return range ?? firstDifference(ours.pairs, theirs.items, (pair, other) => offsets(pair.key, other.key) ?? (other.value === null ? null : offsets(pair.value, other.value)))
  }
  if (ours.kind === 'sequence' && isSeq(theirs)) {
    return compareRange(ours, theirs.range, ours.flow) ?? firstDifference(ours.items, theirs.items, (item, other) => (isPair(other) ? null : offsets(item, other)))
  }
  return `kinds differ at ${ours.start}: ours is a ${ours.kind}`
}

function firstDifference<A, B>(ours: readonly A[], theirs: readonly B[], compare: (ours: A, theirs: B) => string | null): string | null {
  for (const [index, one] of ours.entries()) {
    const other = theirs[index]
    const found = other === undefined ? null : compare(one, other)
    if (found !== null) return found
  }
  return null
}

function compareRange(ours: YamlNode, range: readonly number[] | null | undefined, endMatters: boolean): string | null {
  const [start, end] = range ?? []
  if (ours.start === start && (!endMatters || ours.end === end)) return null
  return `offsets differ: ours ${ours.kind} [${ours.start}, ${ours.end}), theirs [${start}, ${end})`
}
