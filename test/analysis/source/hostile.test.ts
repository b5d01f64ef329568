import { expect, test } from 'vitest'
import type { SourceTree, YamlNode } from '../../../analysis/source/node.ts'
import { parse } from '../../../analysis/source/parse.ts'
import { MAX_DEPTH } from '../../../analysis/source/scanner.ts'
import { HOSTILE } from './hostile-texts.ts'
import { expectSound } from './soundness.ts'

const codes = (tree: SourceTree): string[] => [...new Set(tree.problems.map((problem) => problem.code))]

for (const [name, make] of Object.entries(HOSTILE)) {
  test(`comes back from ${name}`, () => {
    const text = make()
    expectSound(parse(text), text)
  })
}

function depthOf(node: YamlNode | null): number {
  if (node?.kind === 'mapping') return 1 + Math.max(0, ...node.pairs.map((pair) => depthOf(pair.value)))
  if (node?.kind === 'sequence') return 1 + Math.max(0, ...node.items.map(depthOf))
  return 0
}

test.each(['a deep block', 'a deep flow'])('cuts %s at the limit and reads what follows', (shape) => {
  const deep = shape === 'a deep flow' ? `a: ${'['.repeat(500)}` : Array.from({ length: 500 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')
  const tree = parse(`${deep}\nb: c\n`)
  expect(codes(tree)).toEqual(['too-deep'])
  expect(depthOf(tree.root)).toBe(MAX_DEPTH)
  expect(tree.root?.kind === 'mapping' && tree.root.pairs.map((pair) => pair.key.text)).toEqual(['a', 'b'])
})

test('reads a nesting of just the limit', () => {
  const depth = MAX_DEPTH - 1
  expect(parse(`a: ${'['.repeat(depth)}${']'.repeat(depth)}`).problems).toEqual([])
})

test('keeps the aliases of a bomb as references', () => {
  const tree = parse('a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n')
  const [a, b, c] = tree.root?.kind === 'mapping' ? tree.root.pairs.map((pair) => pair.value) : []
  const targets = (node: YamlNode | undefined): (YamlNode | null)[] =>
    node?.kind === 'sequence' ? node.items.map((item) => (item.kind === 'alias' ? item.target : null)) : []
  expect(targets(b)).toEqual([a, a])
  expect(targets(c)).toEqual([b, b])
})

test('keeps at most a hundred problems, the first ones', () => {
  const tree = parse('a: @\n'.repeat(1000))
  expect(tree.problems).toHaveLength(100)
  expect(tree.problems[0]?.start).toBe(3)
})
