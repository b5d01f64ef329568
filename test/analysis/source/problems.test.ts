import { expect, test } from 'vitest'
import { parse } from '../../../analysis/source/parse.ts'
import { plainValue } from './oracle.ts'

/** Each problem as `code: the text it stands on`. */
function problems(text: string): string[] {
  return parse(text).problems.map((problem) => `${problem.code}: ${text.slice(problem.start, problem.end)}`)
}
const message = (text: string): string => parse(text).problems[0]?.message ?? ''
const valueOf = (text: string): unknown => plainValue(parse(text).root)

test('reports a key that is set twice, at its second place, and keeps both', () => {
  const text = 'on: push\nname: x\n"on": pull_request\n'
  expect(problems(text)).toEqual(['duplicate-key: "on"'])
  expect(message(text)).toBe('the key `"on"` is set twice in this mapping: keep one of the two')
  const { root } = parse(text)
  expect(root?.kind === 'mapping' && root.pairs.length).toBe(3)
})

test('finds a repeated key in a large mapping too, in block and in flow', () => {
  const keys = Array.from({ length: 40 }, (_, index) => `k${index}`)
  expect(problems([...keys, 'k3', 'k39'].map((key) => `${key}: v`).join('\n'))).toEqual(['duplicate-key: k3', 'duplicate-key: k39'])
  expect(problems(`{${[...keys, 'k3'].join(', ')}}`)).toEqual(['duplicate-key: k3'])
})

test('reports a merge key, which GitHub refuses, but not a quoted one', () => {
  expect(problems('a: &a {b: c}\nd:\n  <<: *a\n')).toEqual(['merge-key: <<'])
  expect(problems('"<<": a\n')).toEqual([])
})

test('reports an alias without an anchor before it, and names those that are there', () => {
  expect(problems('a: *b\nb: &b x\nc: *b\n')).toEqual(['unknown-anchor: *b'])
  expect(message('a: &x y\nb: [*x, *z]\n')).toContain('`*z` refers to an anchor that no value before it has (known here: `&x`)')
})

test('reports an anchor that no alias uses, unless text was skipped', () => {
  expect(problems('a: &x y\nb: &z w\nc: *z\n')).toEqual(['unused-anchor: &x'])
  expect(problems('a: &x y\nb: @z\n')).toEqual(['syntax: @z'])
})

test('reports an alias inside its own anchor, which has no target', () => {
  const text = 'a: &x 1\nb: &x [*x]\nc: *x\n'
  expect(problems(text)).toEqual(['recursive-alias: *x'])
  expect(parse('a: &x [*x]').root).toMatchObject({ pairs: [{ value: { items: [{ kind: 'alias', target: null }] } }] })
})

test('reports a second document and reads the first', () => {
  const text = 'a: b\n---\nc: d\n'
  expect(problems(text)).toEqual(['several-documents: ---'])
  expect(valueOf(text)).toEqual({ a: 'b' })
})

test.each(['', '\n\n', '# only a comment\n', '---\n', '\ufeff', '   '])('reports the empty text %j', (text) => {
  expect(parse(text).problems.map((problem) => problem.code)).toEqual(['empty'])
  expect(parse(text).root).toBeNull()
})

test('reports lines indented with tabs once for neighbours, and reads the others', () => {
  const text = 'a: b\njobs:\n\tx: y\n\tz: w\n  ok: 1\n'
  expect(problems(text)).toEqual(['tab-indent: \t'])
  expect(valueOf(text)).toEqual({ a: 'b', jobs: { ok: 1 } })
})

test.each([
  ['a colon in a plain text', 'name: Build: all\non: push\n', 'syntax: Build: all', { name: 'Build: all', on: 'push' }],
  ['a quote that is never closed', 'a:\n  b: "c\n  d: e\nf: g\n', 'syntax: "c', { a: { b: null, d: 'e' }, f: 'g' }],
  ['text behind a quoted text', 'a: "b" c\nd: e\n', 'syntax: c', { a: 'b', d: 'e' }],
  ['a bracket that is never closed', 'a: [b, c\nd: e\n', 'syntax: [', { a: ['b', 'c'], d: 'e' }],
  ['a line without a colon', 'a: b\nc\nd: e\n', 'syntax: c', { a: 'b', d: 'e' }],
  ['a line that is indented wrongly', 'a:\n    b: c\n  d: e\nf: g\n', 'syntax: d: e', { a: { b: 'c' }, f: 'g' }],
  ['a key below a text', 'a: b\n  c: d\ne: f\n', 'syntax: c: d', { a: 'b', e: 'f' }],
  ['a reserved first character', 'a: @b\nc: `d`\n', 'syntax: @b', { a: null, c: null }],
  ['a list on the line of its key', 'a: - b\nc: d\n', 'syntax: - b', { a: null, c: 'd' }],
  ['a list item among keys', 'a: b\n- c\nd: e\n', 'syntax: - c', { a: 'b', d: 'e' }],
  ['a key among list items', 'a:\n- b\n- c: d\n e: f\ng: h\n', 'syntax: e: f', { a: ['b', { c: 'd' }], g: 'h' }],
  ['a wrong escape', 'a: "\\q"\nb: c\n', 'syntax: \\q', { a: '\\q', b: 'c' }],
  ['a broken block scalar header', 'a: |x\n  y\nb: c\n', 'syntax: |x', { a: null, b: 'c' }],
  ['an unindented script', 'a:\n  run: |\n  echo x\n  b: c\nd: e\n', 'syntax: echo x', { a: { run: '', b: 'c' }, d: 'e' }],
  ['a comma too many', 'a: [b,, c]\nd: e\n', 'syntax: ,', { a: ['b'], d: 'e' }],
  ['a missing comma', 'a: ["b" "c"]\nd: e\n', 'syntax: "', { a: ['b'], d: 'e' }],
  ['a stray text before the keys', 'hello\na: b\n', 'syntax: hello', { a: 'b' }],
  ['less indentation than the first key', '  a: b\nc: d\n', 'syntax: c: d', { a: 'b' }],
  ['a directive without a document', '%YAML 1.2\na: b\n', 'syntax: %YAML 1.2', { a: 'b' }],
  ['a list as a key', '[a]: b\nc: d\n', 'syntax: [a]', { '[a]': 'b', c: 'd' }],
  ['two anchors on one value', 'a: &x &y b\nc: [*x]\n', 'syntax: &y', { a: 'b', c: ['b'] }],
])('reports %s and reads on', (_what, text, first, value) => {
  expect(problems(text)[0]).toBe(first)
  expect(valueOf(text)).toEqual(value)
})

test('says what is wrong, what would be right, and quotes the text', () => {
  expect(message('name: Build: all\n')).toBe(
    '`Build: all` has a colon followed by a space, which begins a value: quote the text, or put the key on a line of its own',
  )
  expect(message('a:\n    b: c\n  d: e\n')).toBe('`d: e` is indented by 2 spaces, which fits no block around it: the nearest has no spaces')
  expect(message('a: [b\n')).toBe('`[b` is never closed: add `]`, or indent the lines that belong to it')
})

test('cuts a long text short in its message', () => {
  expect(message(`a: @${'b'.repeat(500)}\n`)).toBe(`\`@${'b'.repeat(39)}...\` cannot begin with \`@\`: quote the text`)
})

test('skips the lines deeper than the block of what is broken, with one problem', () => {
  const text = 'a:\n  b: @c\n    d: e\n   - f\n\n  g: h\ni: j\n'
  expect(problems(text)).toEqual(['syntax: @c'])
  expect(valueOf(text)).toEqual({ a: { b: null, g: 'h' }, i: 'j' })
})

test('keeps the comments of skipped lines', () => {
  const text = 'a: @b\n  # one\nc: d # two\n'
  expect(parse(text).comments).toEqual([8, 13, 19, 24])
})

test('gives the problems in the order of the text', () => {
  const starts = parse('a: &x b\nc: @d\nc: e\nf: *g\n').problems.map((problem) => problem.start)
  expect(starts).toEqual([...starts].sort((a, b) => a - b))
})
