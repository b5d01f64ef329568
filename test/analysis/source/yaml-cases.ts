// YAML texts, valid and broken, that the parser and its oracle must agree on: the constructs of YAML 1.2 that a pipeline file could
// contain, each at its edges.

// What pipeline files are made of.
const WORKFLOWS = [
  'on:\n  push:\n    branches: [main, "release/**"]\n  pull_request:\n    types:\n    - opened\n    - synchronize\n',
  'jobs:\n  build:\n    runs-on: ${{ matrix.os }}\n    steps:\n      - uses: actions/checkout@v4 # v4.2.2\n        with: { fetch-depth: 0 }\n      - name: "Say: hi"\n        run: |\n          echo "a: b" # not a comment\n\n          if [ x ]; then\n            echo {a,b}\n          fi\n',
  'env: &env\n  A: 1\n  B: "2"\njobs:\n  one: { env: *env }\n  two:\n    env: *env\n',
  'steps:\n  # first\n  - run: a # one\n\n  # second\n  - run: b\n# end\n',
  'run: >-\n  npm ci &&\n  npm test --\n    --watch\n\n  echo done\n',
  'cron: "0 0 * * *"\nver: 1.10\noct: 0o17\nexp: 1e3\ndate: 2026-01-01\ntime: 12:30:45\non: off\n',
  "if: github.event_name == 'push' && !cancelled()\nwith:\n  args: --flag=[x] {y}\n",
  'permissions: {}\ndefaults:\n  run:\n    shell: bash -eo pipefail {0}\n',
  'strategy:\n  matrix:\n    include:\n      - {os: ubuntu-latest, node: 20}\n      - {os: windows-latest,\n         node: 22}\n',
  "outputs:\n  x:\n    value: ${{ steps.a.outputs['b'] }}\n    description: >\n      Two\n      lines\n",
]

// Plain scalars, indentation, line breaks, comments.
const PLAIN = [
  'a: b\rc: d', 'a: b\r\r\nc: d\r\r\n', 'a: b: c', 'a: b\n  c: d', 'a: @b', 'a: `b`', 'a: %b', 'a: -', 'a: - b', 'a: b #c', 'a: b#c',
  'a: #c', 'a:#c', 'a\n', '', '# c', '- a\nb', 'a: b\n- c', 'a:\n  b: c\n d: e', 'a:\n - b\n - c\n- d', '  a: b\nc: d', 'a: b\n  \n c',
  'a: b]', 'a: }', 'a: , b', 'a: b\n c\n  # d\n e', 'a: b\r\n  c\r\n', '- - a\n  - b\n- c', '-\n  - a\n-\n  b: c',
  '- a: b\n  c: d\n-   e: f\n    g: h', 'a : b', 'a: 1e3',
  'a: 0x1F\nb: 0o17\nc: .5\nd: -.inf\ne: .NaN\nf: +1\ng: 1_000\nh: 1.\ni: 0b1\nj: -0\nk: 010\nl: 1e\nm: -\\\nn: +.inf', 'null: a\n~: b',
  'true: a\n1: b\n1.0: c', 'on: push\nyes: no', 'a: \u0085b\nc: d\u2028e', 'a: b\n\n\n c\n', 'a: b # x\n c', 'a: b\n # x\n c',
  '# a\n\n# b\na: b # c\n# d', 'a:\n- b\n-\n- c\nd: e', 'a:\n  - b\n - c', 'a:\n    b: c\n  d: e', 'a: b\n c: d', 'a:\n  b\nc',
  'foo bar\nname: x', 'a\nb\n', '- a\n b\n- c\n', '- a\n- b\nc: d', 'a: b\n}\nc: d', 'a: b\n]: c\n', 'a: b%', 'a: :b', 'a: -b', '-b: c',
  'a::b', 'a::', 'a:: b', 'a: b:', 'a: b:\nc', 'a: http://x:80/y', 'a: b:c', 'a: #', 'a: b #', 'a: b#', '  a: b\n  c: d\n',
  ' - a\n - b\n', 'a:\n\n\n  b: c\n\n\nd: e\n', 'a: @', 'a: b\na: c', '- - - a\n    - b\n', '- : b\n', 'a b\n c: d', 'a\n\nb', ' a\nb',
  'a:b', 'a', '- ', '-', '- -', '- - ', '-\n-\n', 'a: -1', 'a: --', 'a: ---', 'a: ...', 'a:\n  ---\n  b', 'key with spaces: v', 'a,b: c',
  'a]b: c', 'a: b, c',
]

// Explicit and empty keys.
const KEYS = [
  '? |\n  a\n: - b\n  - c\n', '? a # c\n? b\n: c\n', '- ? a\n- b\n',
  '? a\n: b', '? a', '?\n- a\n: b', ': a', 'a: ?', 'a: ? b', '? a\n? b\n? c: d\n', '? a\n\n: b\nc: d', 'a:\n  b\n: c', 'a: ?b', '?b: c',
  ':b: c', '- ? a\n  : b\n', '? - a\n: b', '? ? a\n', '? a\n: b\n: c', '? a\n b\n: c', '?', ':', '? ',
]

// Quoted scalars.
const QUOTED = [
  'a: "x\ny"', 'a: "x\n y"', '1: a\n"1": b', 'a: "b" c', '"a"#c', 'a: "\\q"', 'a: "\\x4"', "a: 'b''c'", 'a: "b\\\n   c"', "a: '",
  "a: ''b", 'a: "x\\\r\n  y\r\n\r\n  z"\r\n', "a: 'x\r\n  y'\r\n", '"a" : b', 'a: "b" # c', '? "a"\n: - b\n  - c',
  'a: "\\N\\_\\L\\P\\x41\\u263a\\U0001F600\\/"', 'a: "\\ud83d\\ude00"', 'a: "\\', "a: 'b\n\n c'", 'a: "b \\\n  \\ c"', 'a: "b": c',
  "a: 'b': c", '"": a', "'': a", 'a: ""', "a: ''", 'a: "\n"', 'a: " \n \n "', "a: ' b '", 'a: "\\  b"', 'a: "b\\t\n  c"', 'a: "b \n  c"',
  'a: \n  "b"\n', 'a: \n "b\n c"\n', "a: 'b\n- c'", '- "a\n- b"', '- "a\nb"', '- "a\n b"', '"a\n b": c', '"a\nb"', "'a\n\nb'",
]

// Block scalars.
const BLOCK_SCALARS = [
  'a: | x\n y', 'a: |\n   \n  b', 'a: |3\n  b\n', 'a: >2-\n  b\n', 'a: !<tag:yaml.org,2002:str> 1', 'a: >\n b\n\n  c\n d\n',
  'a: |+\n  b\n   ', 'a: |\n  b\n   ', 'a: |+\n\n\nb: c', 'a: |+\n  x\n\n\nb: c', 'a: |\n\n  x\n\n\nb: c', 'a: >+\n\n  x\n\n',
  'a: >-\n  x\n    y\n  z\n\n  w', 'a: |\r\n  b\r\n  c\r\n', '? |\n  a\n: b', 'a: !!str |\n  x', 'a: &x >\n  x', 'a: |: b', 'a: !<x,y> b',
  'a: >1\n b', 'a: >0\n b', 'a: >10\n b', 'a: |-2\n   b\n', 'a: |- # c\n  b', 'a: |-# c\n  b', 'a: >-x\n  b', '- |\n a\n- >\n b\n',
  '- |\na', '|\na\nb', '>\na\n b\n', 'a:\n  |\n  b\n', 'a: |\n  b\n # c\nd: e', 'a: |\n  b\n # c\n  d', 'a: |\n # b\n c',
  'a: |\n# b\nc: d', 'a: |\nb: c', 'a: |\n\n\nb: c', 'a: >\n\n', 'a: |', 'a: |\n', '- a: |\n    b\n  c: d', '- a: |\n   b\n  c: d',
]

// Flow collections.
const FLOW = [
  'key: [\na,\nb\n]', 'key: [\n a,\n b\n]', '[a: b, c]', '{a, b: c}', '{a\n: b}', '[a\n: b]', '[a,,b]', '[,]', '{,}', '[-]', '[- a]',
  '[a,#b\n]', '? [a]\n: b', '[a]: b', '{: a}', '[: a]', '<<: {a: 1}', 'a: [b] c', '{"a":b}', '{"a": "b"}', '{a: {b: c}:d}', '["a":b]',
  'a: [b', 'a: {b: [c}', 'a: [b\n]', 'a:\n  b: [c\n  ]\n', 'a: {\n  b: c\n}\nd: e', 'a: [b] # c', '{? a : b}', '{? a, b}',
  '[? a : b, ? c]', '{a: b, "c":d, e: , f}', '{"a" :b}', '{a :b}', '[a, [b, {c: [d]}]]', '{a: b\n,c: d}', '{\n a: b, # x\n c: d\n}',
  '[a b\n c, d]', '[a # x\n, b]', '[a # x\n b]', '{a b\n c: d}', '[ "a\n b" ]', '["a\n b": c]', '{"a\n b": c}', '["a" "b"]', '[a]]',
  '[a}', '{a]', '{a: b}: c', '- [a]: b', 'a: [b]: c', 'a: [-b, ?c, :d]', 'a: [:b]', 'a:\n  [b]\n', 'a: {\n}', 'a: {\n  }\nb: c',
  'a: [\n  b,\n]\n', 'a:\n- [b,\nc]\n', 'a:\n- [b\n]\n', 'a:\n  - [b\n  ]\n', 'x: { a: b,\n }', 'x: {a: [b,\n c]}', '{a: b, a: c}',
  '{a, a}', '[a: b, a: c]', 'a: {b}\nc', 'a: {b: {c: {d: e}}}', 'a: [\n[b],\n[c]\n]', ' [\na\n]', '[\na,\nb\n]', '{\na: b\n}\n',
  'a: {b,c}', 'a: {b, c,}', '[a,]', '{a:b}', '{a:}', '{a: }', '{a:,b:}', '[a:,b]', '{"a":}', '{"a"}', '["a":]', '{:a}', '{: }', '[:]',
  '{a: :b}', '{a: b: c}', '[a: b: c]', '[a: [b: c]]', '{- a}', '{-a: b}', '[?]', '[?a]', '{?a: b}', '[#]', '[a#b]', '[a #b\n]',
  '{a: "b"c}', '{a: b}c', '[a]b',
]

// Anchors, aliases and tags.
const NODES = [
  'a: &x b\n&y *x : c\n', '- &y *x\n- &x a\n', '%TAG !e! tag:x,2000:\n---\na: !e!b%21 c\n', 'a: !b%2 c\n',
  '&a k: v', '&m\n&k key: v\n', 'a: &x v\n', '- &a k: v\n- *a\n', 'a: !!str 12\n', 'a: !foo 12', 'a: ! 12', 'a: !!int "3"',
  'a: !!float 3', 'a: !!bool "true"', 'a: !!null ""', 'a: !!str\nb: c', 'a: !!map {x: 1}', 'a: !\nb: 1', 'a: !!str &x 1', '- &a\n- b',
  'a: &b\n- c', '&a [*a]', '&a {b: *a}', '*x : b', '- &x a\n- *x : b', '- &x a\n- *x: b', '!!str a: b', '!!seq\n- a', '!!map\na: b',
  '!!set {a}', '!!omap [a: b]', 'a: !!binary aGk=', 'a: !e!x 1', 'a: &x *y', '&x *x', '&a &b c', 'a: !!str [b]', 'a: &a', 'a: &a # c\n',
  'a: &a\nb: *a', '&a a: *a', 'a: &x{b', '&x, a', 'a: *x, b', '[*x , b]', 'a: *x\n', '&a: b', 'a: &a: b', '!!str: b', 'a: [&x b, *x ]',
  'a: [&x b, *x]', '{&x a: *x }', '{&x a: *x}', '[!!str , a]', '[&x , *x ]', '{a: &x}', '{!!str a: !!int 1}', '&r\n- a', '&r [a]', '&r a',
  '!!map &r\na: b', '&r !!map\na: b', '&r\n# c\na: b', 'a: &x\n  b: c', 'a: &x\n  # c\n\n  b: c', 'a:\n  &x b: c', 'a: &x\n&y b: c',
  '- &x\n  a: b', '- &x a\n- &x b\n- *x', 'a: & b', 'a: * b', 'a: &x', 'a: *x : c', 'a: !', 'KEY: !\n', 'a: [!]', 'a: [! b]', 'a: ! b',
  'a: !x,y b', '- !\n- !a', 'a:\n  *x\n', '&a : v', '!!str : v', '? &a b\n: *a\n', '? &a\n: b', '*a : *a', '- &a x\n- *a : y\n  z: *a\n',
  '&x\n&y\na', '&x &y\na: b', '&x\n!!map\na: b',
]

// Tabs.
const TABS = [
  'a:\tb', 'a: b\n\tc', '-\t- a', '- \ta: b', 'a: [\n\tb\n]', 'a: |\n\tb', 'a: |\n  b\n \tc\n', 'a: "\t b\n\t c"',
  'a: |\n  b\n  \t\n  c\n', 'a: |\n  b\n \t\n  c\n', 'a: |\n\t\n  c\n', 'a: b\n \tc', '[\n\ta\n]', '-\ta', '- \t', "'a'\t: b", ' \ta: b',
  'a:\n \tb: c', 'a: \t b', 'a:\t- b', 'a: b\t\nc: d', 'a: "b"\t\nc: d', '\t\na: b\n\t', '\t# c\na: b\n', 'a: b\n\t# c\nc: d', 'a:\n\tb',
  'a:\n  b: c\n\td: e', 'a: [\n  b,\n\tc\n]', 'a: [\n  b,\n \tc\n]', '{\n\ta: b\n}', 'a:\n  {\n\tb: c\n  }', 'a: b\n  \t\n  c',
  'a: "b\n  \t\n  c"', 'a: "b\n\t\n  c"', '"a\n\tb"',
]

// Directives, document marks, byte order marks.
const DOCUMENTS = [
  '%YAML 1.2\n---\na: b', '%YAML 1.1\n---\na: yes', '--- a: b', '--- a', 'a: 1\n---\n', 'a: 1\n...\n', '---', '---\n---\n', 'a: b\n---x',
  'a: "b\n---\nc"', '--- |\n a\n', '--- >\n a\n...\n', '--- [a]', '--- # c\na: b', '--- &x\na: b', '--- !!map\na: b', '--- &x a: b',
  '---\n---\na', '---\na: b\n---\n', 'a: b\n...\nc: d', 'a: b\n...\n---\nc: d', '...\na: b', '...', '---\n...\n',
  '%TAG ! tag:x,2000:\n---\n!a b', '%FOO\n---\na: b', '%FOO\na: b', '%a: b', '\ufeffa: b', '\ufeff\na: b', '\ufeff---\na: b',
  '\ufeff# c\na: b', '---a', '--- ---', '--- - a', '....', 'a: "\n---\n"', 'a: |\n---\n', '|\n---\nx', '[\n---\n]', 'a: b\n--- c',
  "a: '\n...\n'",
]

export const YAML_CASES: readonly string[] = [...WORKFLOWS, ...PLAIN, ...KEYS, ...QUOTED, ...BLOCK_SCALARS, ...FLOW, ...NODES, ...TABS, ...DOCUMENTS]
