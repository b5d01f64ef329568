// Texts made to hurt a parser: deep, long, wide, unterminated, or all of it. A parser that is quadratic on one of them does not
// come back within a test's time.

const LARGE = 1024 * 1024
const HUGE = 5 * LARGE

/** `unit` again and again, `length` units of text. */
function fill(unit: string, length: number = LARGE): string {
  return unit.repeat(Math.ceil(length / unit.length))
}

function nestedBlocks(levels: number): string {
  const lines: string[] = []
  for (let level = 0; level < levels; level++) lines.push(`${' '.repeat(level)}a:`)
  return lines.join('\n')
}

function aliasBomb(levels: number): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level < levels; level++) lines.push(`a${level}: &a${level} [${Array(9).fill(`*a${level - 1}`).join(', ')}]`)
  return lines.join('\n')
}

function distinctKeys(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n')
}

export const HOSTILE: Readonly<Record<string, () => string>> = {
  'block mappings 10,000 levels deep': () => nestedBlocks(10_000),
  'sequences 10,000 levels deep on one line': () => '- '.repeat(10_000),
  'explicit keys 10,000 levels deep': () => '? '.repeat(10_000),
  'flow sequences 10,000 levels deep': () => '['.repeat(10_000),
  'flow sequences 10,000 levels deep and closed': () => '['.repeat(10_000) + ']'.repeat(10_000),
  'flow mappings 10,000 levels deep': () => '{a: '.repeat(10_000),
  'flow keys 10,000 levels deep': () => `${'['.repeat(10_000)}${']: a'.repeat(10_000)}`,
  'a deep flow on each of 5,000 lines': () => distinctKeys(5_000, (index) => `k${index}: ${'['.repeat(120)}`),
  '300,000 commas': () => `a: [${','.repeat(300_000)}]`,
  '300,000 commas between values': () => `a: [${'b,'.repeat(300_000)}]`,
  '300,000 double quotes': () => '"'.repeat(300_000),
  '300,000 single quotes': () => "'".repeat(300_001),
  '300,000 quotes on lines of their own': () => fill('"\n', 600_000),
  '100,000 quoted keys': () => distinctKeys(100_000, (index) => `"k${index}": 'v'`),
  'an alias bomb': () => aliasBomb(60),
  '100,000 aliases': () => `a: &a x\nb: [${'*a, '.repeat(100_000)}]`,
  '100,000 anchors': () => distinctKeys(100_000, (index) => `k${index}: &a${index} v`),
  '100,000 unknown aliases': () => distinctKeys(100_000, (index) => `k${index}: *a${index}`),
  '100,000 equal keys': () => fill('a: b\n', 500_000),
  '100,000 equal keys in a flow mapping on one line': () => `{${'a: b, '.repeat(100_000)}}`,
  '100,000 distinct keys': () => distinctKeys(100_000, (index) => `k${index}: v`),
  '100,000 distinct keys in a flow mapping': () => `{${distinctKeys(100_000, (index) => `k${index}: v,`)}}`,
  '100,000 explicit keys': () => distinctKeys(100_000, (index) => `? k${index}\n: v`),
  '300,000 comments': () => fill('# c\n', 1_200_000),
  '300,000 tags': () => `a: ${'!!str '.repeat(300_000)}`,
  '300,000 anchors on one line': () => `a: ${'&a '.repeat(300_000)}`,
  '300,000 properties, a line each': () => fill('&a\n', 900_000),
  '300,000 document marks': () => fill('---\n', 1_200_000),
  '300,000 directives': () => fill('%YAML 1.2\n', 3_000_000),
  '100,000 tab-indented lines': () => `a:\n${fill('\tb: c\n', 600_000)}`,
  '300,000 tabs between tokens': () => `${' '.repeat(300_000)}[${'a,\t'.repeat(300_000)}]`,
  '300,000 colons': () => `a${': '.repeat(300_000)}`,
  '100,000 stray words, a line each': () => `a: b\n${fill('c\n', 200_000)}`,
  '2,000 lines, each less indented than the last': () => Array.from({ length: 2_000 }, (_, index) => `${' '.repeat(2_000 - index)}c: d`).join('\n'),
  '300,000 closing brackets': () => `a:\n${fill(']\n', 600_000)}`,
  '100,000 block scalar headers': () => distinctKeys(100_000, (index) => `k${index}: |\n  x`),
  '100,000 broken block scalar headers': () => distinctKeys(100_000, (index) => `k${index}: |x`),
  '100,000 unclosed brackets, a line each': () => distinctKeys(100_000, (index) => `k${index}: [`),
  '100,000 unclosed quotes, a line each': () => distinctKeys(100_001, (index) => `k${index}: "\\"`),
  '5 MB of spaces': () => fill(' ', HUGE),
  '5 MB of tabs': () => fill('\t', HUGE),
  '1 MB of line breaks': () => fill('\n'),
  '1 MB of carriage returns': () => fill('\r'),
  '5 MB of one plain line': () => `a: ${fill('b', HUGE)}`,
  '1 MB of one plain scalar over many lines': () => `a:\n${fill('  b\n')}`,
  '1 MB of one key': () => fill('k'),
  '1 MB of one key with a colon': () => `${fill('k')}: v`,
  '5 MB of one comment': () => `#${fill('c', HUGE)}`,
  '5 MB of one quoted line': () => `a: "${fill('b', HUGE)}"`,
  '5 MB of one quote that is never closed': () => `a: "${fill('b\n  ', HUGE)}`,
  '1 MB of escapes': () => `a: "${fill('\\n')}"`,
  '1 MB of wrong escapes': () => `a: "${fill('\\q')}"`,
  '5 MB of one block scalar': () => `a: |\n${fill('  text\n', HUGE)}`,
  '1 MB of one folded scalar': () => `a: >\n${fill('  text\n\n')}`,
  '1 MB of empty lines in a block scalar': () => `a: |\n${fill('\n')}b: c`,
  '1 MB of pairs': () => distinctKeys(85_000, (index) => `key${index}: x`),
  '1 MB of items': () => fill('- a\n'),
  '1 MB of empty items': () => fill('-\n'),
  '1 MB of flow on one line': () => `[${fill('{a: b}, ')}]`,
  '1 MB of an unclosed flow over many lines': () => `a: [\n${fill(' b,\n')}`,
  '1 MB of a plain scalar in flow over many lines': () => `[${fill('b\n ')}]`,
  '1 MB of a name behind an ampersand': () => `a: &${fill('b')}`,
  '1 MB of question marks': () => fill('? a\n'),
  '5 MB of noise': () => fill('}{][:,"\'|>-&*!%@`#\\\n \t', HUGE),
}
