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
    applies: (text, difference) => /we refuse: `:(\s.*)?` (is a key|is indented|follows)/.test(difference),
  },
  {
    what: 'a quoted text cut off behind an escaped quote',
    why: '`yaml` takes the escaped quote at the end of the line for the closing one',
    examples: ["a: 'b!''\nc: 'd'\n", 'a: "b\\"\nc: "d"\n'],
    applies: (text, difference) => difference.includes('is never closed') && /(''|\\")\r?$/m.test(text),
  },
  {
    what: 'a line of blanks with a tab',
    why: 'nobody sees it, so it counts as an empty line wherever an empty line may stand',
    examples: ['a: |\n  b\n\t\n', 'a: "b\n\t\n  c"\n', 'a:\n  b: |\n  \t\n  d: e\n'],
    applies: (text) => blankLineWithTab.test(text),
  },
  {
    what: 'a tab behind the spaces that indent a value',
    why: 'every editor shows it as indentation, where a tab is not allowed',
    examples: ['a:\n \tb\n', ' \ta\n', 'a: [b\n\t]\n'],
    applies: (text, difference) => /is indented with a tab|is never closed/.test(difference) && /^ *\t/m.test(text),
  },
  {
    what: 'an escaped line break before an empty line with \\r',
    why: 'the empty line is a line break of the content; `yaml` folds it when it ends in \\r\\n',
    examples: ['a: "x\\\n\r\n  y"\n'],
    applies: (text) => /\\(\r\n|\r|\n)[ \t]*[\r\n]/.test(text),
  },
  {
    what: 'document end marks in a row',
    why: 'they end the same document; no second one begins',
    examples: ['a: 1\n...\n...\n'],
    applies: (text, difference) => difference.includes('multiple documents') && /^\.\.\.\s+\.\.\./m.test(text),
  },
  {
    what: 'a byte order mark',
    why: 'it is a mark at the very start, whatever follows, and an invisible character of the content everywhere else',
    examples: ['\ufeff# c\n\ufeff# c\na: b\n', '\ufeff- a: b\n'],
    applies: (text) => text.includes('\ufeff'),
  },
  {
    what: 'a block scalar of spaces alone',
    why: 'spaces behind the given indentation are content, and without a line break there is none in the content',
    examples: ['a: |2\n   \n', 'a: |+\n  '],
    applies: (text, difference) => difference.includes('values differ') && /[|>][-+\d]*\s*\r?\n[ \r\n]*(\n\S|$)/.test(text),
  },
  {
    what: 'a tab between an indicator and an anchor or a tag',
    why: 'it separates, it does not indent',
    examples: ['-\t!!str a\n', '-\t&a x\n'],
    applies: (text, difference) => difference.includes('Tabs are not allowed') && /[-?:][ \t]*\t[ \t]*[&!*]/.test(text),
  },
  {
    what: 'an anchor or a tag right behind a key in quotes',
    why: 'nothing may stand between a key and its colon',
    examples: ['{"a"&a:b}\n'],
    applies: (text, difference) => /we refuse: `[&!].*follows a value inside/.test(difference),
  },
  {
    what: 'a value right behind a tag inside brackets',
    why: 'a space must stand between them, as everywhere else',
    examples: ['a: [!"x"]\n', 'a: [![]]\n'],
    applies: (text, difference) => difference.includes('a space must follow an anchor or a tag'),
  },
  {
    what: 'an empty value with an anchor or a tag before a line break',
    why: 'the comma on the next line ends it as one on the same line does',
    examples: ['[&x \n, *x ]\n'],
    applies: (text, difference) => difference.includes('Unexpected , in flow') && /[&!]\S*[ \t]*\r?\n\s*,/.test(text),
  },
  {
    what: 'several closing brackets at the column of the key',
    why: 'real files have them; `yaml` accepts one there and refuses two',
    examples: ['a: {b: {c: d\n}}\n'],
    applies: (text, difference) => difference.includes('must be sufficiently indented') && /^ *[\]}]/m.test(text),
  },
  {
    what: 'a document mark that is indented',
    why: 'it marks nothing there, so it is a text',
    examples: ['[\n\t---\n]\n'],
    applies: (text) => /^[ \t]+(---|\.\.\.)/m.test(text),
  },
  {
    what: 'what follows an explicit key and is not its value',
    why: '`yaml` drops a text there without a word, and nests an empty key behind a tag',
    examples: ['a: b\n? c\n  # d\n e\n', '? a\n: !b\n: c\n'],
    applies: (text, difference) => /we refuse|values differ/.test(difference) && /^ *(- +)*\?\s/m.test(text),
  },
  {
    what: 'directives, undeclared tag handles and broken verbatim tags',
    why: 'a pipeline file is YAML 1.2, whatever it says; tags are kept as they are written',
    examples: ['%YAML 1.1\n---\na: yes\n', 'a: !e!x 1\n'],
    applies: (text, difference) => /^%/m.test(text) || /Could not resolve tag|we refuse: `!<.*complete tag/.test(difference),
  },
  {
    what: 'tags for types that JSON does not have',
    why: 'nothing in a pipeline file has them; the content stays as it is written',
    examples: ['!!set {a}\n', 'a: !!binary aGk=\n', 'a: !!float 3\n', 'a: !!int 1e3\n'],
    applies: (text) => /!!(set|omap|pairs|binary|timestamp|float|int)\b/.test(text),
  },
]

export function deliberate(text: string, disagreement: string): Deliberate | undefined {
  return DELIBERATE.find((entry) => entry.applies(text, disagreement))
}
