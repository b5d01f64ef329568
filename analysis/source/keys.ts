// What holds for the keys of every mapping: a key is text, stands there once, and is not a merge key.
import type { Scanner } from './scanner.ts'
import type { Pair } from './node.ts'
import type { TreeNode } from './tree.ts'
import { Scalar } from './tree.ts'

/** Up to this many pairs are compared one by one, which costs less than a set. */
const SMALL = 12
/** YAML's limit for a key without `?`. */
const MAX_KEY_UNITS = 1024

/** The node as a key. An alias stands for the text it points to; a collection is reported and kept as its source. */
export function asKey(s: Scanner, node: TreeNode): Scalar {
  if (node.kind === 'scalar') return node
  if (node.kind === 'alias') return Scalar.named(s.text, node.start, node.end, node.target?.kind === 'scalar' ? node.target.text : `*${node.name}`)
  s.problem('syntax', `\`${s.excerpt(node.start, node.end)}\` is a ${node.kind} used as a key: a key must be a text`, node.start, node.end)
  return Scalar.named(s.text, node.start, node.end, s.text.slice(node.start, node.end))
}

/** Checks `key` before it joins `pairs`. Takes and gives back the set of keys seen, null while the mapping is small. */
export function checkKey(s: Scanner, pairs: readonly Pair[], seen: Set<string> | null, key: Scalar): Set<string> | null {
  const text = key.text
  if (text === '<<' && key.style === 'plain') mergeKey(s, key)
  if (key.end - key.start > MAX_KEY_UNITS) {
    s.problem('syntax', `the key \`${s.excerpt(key.start, key.end)}\` has ${key.end - key.start} characters: a key has at most ${MAX_KEY_UNITS}`, key.start, key.end)
  }
  if (seen !== null) {
    if (seen.has(text)) duplicateKey(s, key)
    return seen.add(text)
  }
  for (const pair of pairs) {
    if (pair.key.text === text) {
      duplicateKey(s, key)
      break
    }
  }
  return pairs.length < SMALL ? null : new Set([...pairs.map((pair) => pair.key.text), text])
}

function duplicateKey(s: Scanner, key: Scalar): void {
  if (s.isFull) return
  s.problem('duplicate-key', `the key \`${s.excerpt(key.start, key.end)}\` is set twice in this mapping: keep one of the two`, key.start, key.end)
}

function mergeKey(s: Scanner, key: Scalar): void {
  s.problem('merge-key', '`<<` merges another mapping into this one, which GitHub refuses: write the keys out, or use an alias for the whole value', key.start, key.end)
}
