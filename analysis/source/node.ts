// The positioned tree that the parser makes and everything else reads. Offsets are UTF-16 offsets into the file's text.
// Aliases are references: a node that points, never an expansion, so an alias bomb costs nothing.

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded'

interface Positioned {
  /** Behind the node's own anchor and tag. A block mapping starts at its first key, with that key's anchor and tag. */
  readonly start: number
  /** Exclusive. For block collections and block scalars use it for containment only, never to splice. */
  readonly end: number
  readonly anchor: string | null
  readonly tag: string | null
}

export interface ScalarNode extends Positioned {
  readonly kind: 'scalar'
  readonly style: ScalarStyle
  /** The value by the YAML 1.2 core schema (`on` is a string; `1.10` is a number). */
  readonly value: string | number | boolean | null
  /** The content as text, before a type is read into it: `1.10` stays `1.10`; an empty value is ''. */
  readonly text: string
}

export interface Pair {
  /** A key that is an alias has the text it points to; a collection as a key is reported and has its source as text. */
  readonly key: ScalarNode
  readonly value: YamlNode
  /** Offset of the colon, or of the end of the key where the colon is missing. */
  readonly colon: number
}

export interface MappingNode extends Positioned {
  readonly kind: 'mapping'
  readonly flow: boolean
  readonly pairs: readonly Pair[]
}

export interface SequenceNode extends Positioned {
  readonly kind: 'sequence'
  readonly flow: boolean
  readonly items: readonly YamlNode[]
}

export interface AliasNode extends Positioned {
  readonly kind: 'alias'
  readonly name: string
  /** The anchored node; null when the anchor is unknown, or when the alias stands inside its own anchor. */
  readonly target: YamlNode | null
}

export type YamlNode = ScalarNode | MappingNode | SequenceNode | AliasNode

export type SyntaxProblemCode =
  | 'syntax' // no YAML document: the text that follows was skipped up to the next line of lower or equal indent
  | 'tab-indent'
  | 'too-deep'
  | 'duplicate-key'
  | 'merge-key' // valid YAML that GitHub refuses
  | 'unknown-anchor'
  | 'unused-anchor'
  | 'recursive-alias'
  | 'several-documents'
  | 'empty'

export interface SyntaxProblem {
  readonly code: SyntaxProblemCode
  /** One sentence: what is wrong and what would be right, quoting the value. */
  readonly message: string
  readonly start: number
  readonly end: number
}

/** What one parse gives: never a throw, whatever the text. */
export interface SourceTree {
  readonly text: string
  readonly root: YamlNode | null
  /** Start and end of each comment in turn, `#` included: [s0, e0, s1, e1, ...], ascending. */
  readonly comments: readonly number[]
  /** In the order of the text; at most 100, the first that were met. */
  readonly problems: readonly SyntaxProblem[]
}
