// What holds for the tree of any text: nodes lie inside one another and in order, comments ascend, problems lie in the text.
import { expect } from 'vitest'
import type { SourceTree, YamlNode } from '../../../analysis/source/node.ts'

/** Fails with the first defect of `tree`, which was parsed from `text`. */
export function expectSound(tree: SourceTree, text: string): void {
  expect(defect(tree, text)).toBeNull()
}

function defect(tree: SourceTree, text: string): string | null {
  if (tree.text !== text) return 'the text is another one'
  let from = 0
  for (const offset of tree.comments) {
    if (offset < from || offset > text.length) return `comment offset ${offset} is out of order`
    from = offset
  }
  for (let at = 0; at < tree.comments.length; at += 2) if (text[tree.comments[at] ?? -1] !== '#') return `comment ${at / 2} has no #`
  from = 0
  for (const { start, end, message } of tree.problems) {
    if (start < from || end < start || end > text.length) return `problem [${start}, ${end}) is out of order or place`
    if (message === '' || /[\r\n]/.test(message)) return `the message ${JSON.stringify(message)} is not one line`
    from = start
  }
  return tree.root === null ? null : nodeDefect(tree.root, 0, text.length)
}

function nodeDefect(node: YamlNode, from: number, to: number): string | null {
  const place = `${node.kind} [${node.start}, ${node.end})`
  if (node.start < from || node.end < node.start || node.end > to) return `${place} is outside [${from}, ${to})`
  if (node.kind === 'scalar') return typeof node.text === 'string' && node.value !== undefined ? null : `${place} has no value`
  let last = node.start
  const parts = node.kind === 'sequence' ? node.items : node.kind === 'mapping' ? node.pairs.flatMap((pair) => [pair.key, pair.value]) : []
  for (const part of parts) {
    const found = nodeDefect(part, last, node.end)
    if (found !== null) return found
    last = part.end
  }
  return null
}
