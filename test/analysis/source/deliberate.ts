// Where our parser and `yaml` differ on purpose, or where `yaml` is known to be wrong. Each entry recognises its own case, so that
// the differential test accepts it and nothing else.

interface Deliberate {
  readonly what: string
  readonly why: string
  readonly examples: readonly string[]
  applies(text: string, disagreement: string): boolean
}

const blankLineWithTab = /^ *\t[ \t]*\r?$/m

export const DELIBERATE: readonly Deliberate[] = [
  {
    what: 'a collection as a key',
    why: 'no key of a pipeline file is one; the message says so instead of making a text of it',
    examples: ['? [a]\n: b\n', '[a]: b\n', '? - a\n: b\n', 'a: [b]: c\n'],
    applies: (text, difference) => /we refuse: .*(used as a key|has a colon followed by a space)/.test(difference),
  },
  {
    what: 'keys that are equal as values or as texts only',
    why: 'GitHub reads every key as text, so `1` and `"1"` are the same key and `1` and `1.0` are not',
    examples: ['1: a\n"1": b\n', 'null: a\n~: b\n', '1: a\n1.0: b\n'],
    applies: (text, difference) => /yaml refuses: Map keys must be unique|we refuse: .*is set twice/.test(difference),
  },
  {
    what: 'an alias inside its own anchor',
    why: 'a value that contains itself has no meaning in a pipeline and would trap every reader of the tree',
    examples: ['&a [*a]\n', 'a: &a {b: *a}\n'],
    applies: (text, difference) => difference.includes('a value cannot contain itself'),
  },
  {
    what: 'an empty key deeper than its mapping',
    why: '`yaml` takes `: x` at any deeper column for a pair of the mapping; YAML wants one column for all keys',
    examples: ['a: b\n   : c\n', 'a: |\n  b\n : c\n'],
    applies: (text, difference) => /we refuse: `:( .*)?` (is a key|is indented|follows)/.test(difference),
  },
  {
    what: 'a quoted text cut off behind an escaped quote',
    why: '`yaml` takes the escaped quote at the end of the line for the closing one',
    examples: ["a: 'b''\nc: d\n", 'a: "b\\"\nc: d\n'],
    applies: (text, difference) => difference.includes('is never closed') && /(''|\\")\r?$/m.test(text),
  },
  {
    what: 'a line of blanks with a tab',
    why: 'nobody sees it, so it counts as an empty line wherever an empty line may stand',
    examples: ['a: |\n  b\n\t\n', 'a: "b\n\t\n  c"\n', 'a:\n  b: |\n  \t\n  d: e\n'],
    applies: (text) => blankLineWithTab.test(text),
  },
  {
    what: 'a directive for YAML 1.1 and undeclared tag handles',
    why: 'a pipeline file is YAML 1.2, whatever it says; tags are kept as they are written',
    examples: ['%YAML 1.1\n---\na: yes\n', 'a: !e!x 1\n'],
    applies: (text, difference) => text.includes('%YAML') || difference.includes('Could not resolve tag'),
  },
  {
    what: 'tags for types that JSON does not have',
    why: 'nothing in a pipeline file has them; the content stays as it is written',
    examples: ['!!set {a}\n', 'a: !!binary aGk=\n', 'a: !!float 3\n'],
    applies: (text) => /!!(set|omap|pairs|binary|timestamp|float)\b/.test(text),
  },
]

export function deliberate(text: string, disagreement: string): Deliberate | undefined {
  return DELIBERATE.find((entry) => entry.applies(text, disagreement))
}
