import { expect, test } from 'vitest'
import type { MappingNode, YamlNode } from '../../../analysis/source/node.ts'
import { parse } from '../../../analysis/source/parse.ts'
import { plainValue } from './oracle.ts'

const valueOf = (text: string): unknown => plainValue(parse(text).root)

function mapping(text: string): MappingNode {
  const { root } = parse(text)
  if (root?.kind !== 'mapping') throw new Error('the root is no mapping')
  return root
}

/** The value of the key at the root. */
function at(text: string, key: string): YamlNode {
  const found = mapping(text).pairs.find((pair) => pair.key.text === key)
  if (found === undefined) throw new Error(`there is no ${key}`)
  return found.value
}

const source = (text: string, node: YamlNode | undefined): string => (node === undefined ? '' : text.slice(node.start, node.end))

test('gives every key, colon and scalar its offsets', () => {
  const text = 'on: push\n"name" : \'x y\' # why\n'
  const pairs = mapping(text).pairs
  expect(pairs.map((pair) => [source(text, pair.key), pair.colon, source(text, pair.value)])).toEqual([['on', 2, 'push'], ['"name"', 16, "'x y'"]])
})

test('gives flow collections the offsets of their brackets', () => {
  const text = 'a: [ b, {c: d} ] # e\n'
  const a = at(text, 'a')
  expect(source(text, a)).toBe('[ b, {c: d} ]')
  expect(a.kind === 'sequence' && a.items.map((item) => source(text, item))).toEqual(['b', '{c: d}'])
})

test('keeps the start and end of every comment, and takes none from texts', () => {
  const text = '# one\na: b#c # two\nd: "# no"\ne: |\n  # no\n# three\r\nf: [ # four\n  g]\n'
  const { comments } = parse(text)
  const found: string[] = []
  for (let index = 0; index < comments.length; index += 2) found.push(text.slice(comments[index], comments[index + 1]))
  expect(found).toEqual(['# one', '# two', '# three', '# four'])
})

test('keeps the text of a scalar beside its value', () => {
  const values = mapping('a: 1.10\nb: "1.10"\nc: on\nd: ~\ne:\nf: 0x1F\n').pairs.map(({ value }) => value.kind === 'scalar' && [value.text, value.value])
  expect(values).toEqual([['1.10', 1.1], ['1.10', '1.10'], ['on', 'on'], ['~', null], ['', null], ['0x1F', 31]])
})

test('reads keys as text, whatever they look like', () => {
  expect(mapping('on: a\nnull: b\n1.0: c\n"x": d\n').pairs.map((pair) => pair.key.text)).toEqual(['on', 'null', '1.0', 'x'])
})

test.each([
  ['plain', 'b'],
  ['single', "'b'"],
  ['double', '"b"'],
  ['literal', '|\n  b\n'],
  ['folded', '>-\n  b\n'],
])('tells that a scalar is written %s', (style, written) => {
  expect(at(`a: ${written}`, 'a')).toMatchObject({ kind: 'scalar', style })
})

test('folds lines, decodes escapes and strips indentation', () => {
  expect(valueOf('a: b\n  c\n\n  d\n')).toEqual({ a: 'b c\nd' })
  expect(valueOf('a: "b\\\n  c\\u263a\\x41\\n\n  d"\n')).toEqual({ a: 'bc\u263aA\n d' })
  expect(valueOf("a: 'it''s\n\n  so'\n")).toEqual({ a: "it's\nso" })
  expect(valueOf('a: |+\n  b\n\n    c\n\nd: >2-\n    e\n  f\n  g\n')).toEqual({ a: 'b\n\n  c\n\n', d: '  e\nf g' })
})

test('points aliases at the node before them and never copies it', () => {
  const text = 'a: &x {n: 1}\nb: *x\nc: &x 2\nd: *x\n'
  const [a, b, c, d] = mapping(text).pairs.map((pair) => pair.value)
  expect(b?.kind === 'alias' && b.target).toBe(a)
  expect(d?.kind === 'alias' && d.target).toBe(c)
  expect(source(text, b)).toBe('*x')
})

test('leaves anchors and tags out of the range of their node', () => {
  const text = 'a: &x !!str 12 # c\n'
  const a = at(text, 'a')
  expect([source(text, a), a.anchor, a.tag, a.kind === 'scalar' && a.value]).toEqual(['12', 'x', '!!str', '12'])
})

test('gives an anchor on the line of a key to the key, on a line of its own to the mapping', () => {
  expect(mapping('&k a: b\n')).toMatchObject({ anchor: null, pairs: [{ key: { anchor: 'k' } }] })
  expect(mapping('&m\na: b\n')).toMatchObject({ anchor: 'm', pairs: [{ key: { anchor: null } }] })
  expect(mapping('&m\n&k a: b\n')).toMatchObject({ anchor: 'm', pairs: [{ key: { anchor: 'k' } }] })
})

test('reads explicit keys, single pairs in flow sequences and empty keys', () => {
  expect(valueOf('? a\n: b\n? c\n: - d\n  - e\n? f\n')).toEqual({ a: 'b', c: ['d', 'e'], f: null })
  expect(valueOf('[a: b, ? c : d, "e":f]\n')).toEqual([{ a: 'b' }, { c: 'd' }, { e: 'f' }])
  expect(valueOf(': a\n')).toEqual({ '': 'a' })
})

test('takes the text of an alias that is a key', () => {
  expect(mapping('&a x: 1\n*a : 2\n').pairs[1]?.key.text).toBe('x')
})

test('accepts a closing bracket at the column of its key', () => {
  expect(parse('a: [\n  b\n]\nc: {\n  d: e\n}\n').problems).toEqual([])
})

test('puts the colon of a key without one at the end of the key', () => {
  const a = at('a: {b, c: d}', 'a')
  expect(a.kind === 'mapping' && a.pairs.map((pair) => pair.colon)).toEqual([5, 8])
})

test.each(['\r\n', '\r', '\n'])('reads lines that end in %j the same, with the offsets of the file', (ending) => {
  const text = ['a:', '  - b', '  - |', '    c', '    d', 'e: "f', '  g"', ''].join(ending)
  expect(parse(text).problems).toEqual([])
  expect(valueOf(text)).toEqual({ a: ['b', 'c\nd\n'], e: 'f g' })
  expect(source(text, at(text, 'e'))).toBe(`"f${ending}  g"`)
})

test('reads \\r\\r\\n as an empty line', () => {
  expect(valueOf('a: |\r\r\n  b\r\r\n  c\r\r\n')).toEqual({ a: '\nb\n\nc\n' })
})

test('starts behind a byte order mark and counts it in the offsets', () => {
  expect(mapping('\ufeffa: b\nc: d\n').pairs.map((pair) => pair.key.start)).toEqual([1, 6])
})

test('leaves directives and the document marks out', () => {
  expect(parse('%YAML 1.2\n---\na: b\n...\n# end\n')).toMatchObject({ root: { kind: 'mapping', start: 14 }, problems: [] })
})

test('reads __proto__ as any other key', () => {
  expect(mapping('__proto__: a\n').pairs[0]?.key.text).toBe('__proto__')
})
