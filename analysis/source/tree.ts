// The nodes that the parser builds: classes, because objects of one shape each keep the parser fast. Read them through the
// interfaces of node.ts. A scalar keeps the source and decodes its content when first asked.
import type { AliasNode, MappingNode, Pair, ScalarNode, ScalarStyle, SequenceNode, YamlNode } from './node.ts'
import type { ScalarValue } from './resolve-scalar.ts'
import type { BlockLayout } from './decode-scalar.ts'
import { decodeBlock, decodeDouble, decodeSingle, foldPlain } from './decode-scalar.ts'
import { resolvePlain, resolveTagged } from './resolve-scalar.ts'

export class Scalar implements ScalarNode {
  readonly kind = 'scalar'
  anchor: string | null = null
  tag: string | null = null
  readonly start: number
  readonly end: number
  readonly style: ScalarStyle
  private readonly source: string
  private readonly layout: BlockLayout | null
  private decoded: string | null = null
  private resolved: ScalarValue | undefined = undefined

  constructor(source: string, style: ScalarStyle, start: number, end: number, layout: BlockLayout | null) {
    this.source = source
    this.style = style
    this.start = start
    this.end = end
    this.layout = layout
  }

  /** A key that is not a scalar in the source (an alias, a collection), read as this text. */
  static named(source: string, start: number, end: number, text: string): Scalar {
    const scalar = new Scalar(source, 'plain', start, end, null)
    scalar.decoded = text
    return scalar
  }

  /** The value that stands nowhere: null, with the empty text. */
  static empty(source: string, at: number): Scalar {
    return new Scalar(source, 'plain', at, at, null)
  }

  get text(): string {
    return (this.decoded ??= this.decode())
  }

  get value(): ScalarValue {
    if (this.resolved !== undefined) return this.resolved
    if (this.tag !== null) return (this.resolved = resolveTagged(this.tag, this.text))
    return (this.resolved = this.style === 'plain' ? resolvePlain(this.text) : this.text)
  }

  private decode(): string {
    const { source, start, end } = this
    switch (this.style) {
      case 'plain': {
        const raw = source.slice(start, end)
        return raw.includes('\n') ? foldPlain(raw) : raw
      }
      case 'single':
        return decodeSingle(source.slice(start + 1, end - 1))
      case 'double': {
        const raw = source.slice(start + 1, end - 1)
        return raw.includes('\\') || raw.includes('\n') ? decodeDouble(raw) : raw
      }
      case 'literal':
      case 'folded':
        return this.layout === null ? '' : decodeBlock(source, this.layout)
    }
  }
}

export class Mapping implements MappingNode {
  readonly kind = 'mapping'
  anchor: string | null = null
  tag: string | null = null
  readonly start: number
  end: number
  readonly flow: boolean
  readonly pairs: Pair[] = []

  constructor(start: number, flow: boolean) {
    this.start = start
    this.end = start
    this.flow = flow
  }
}

export class Sequence implements SequenceNode {
  readonly kind = 'sequence'
  anchor: string | null = null
  tag: string | null = null
  readonly start: number
  end: number
  readonly flow: boolean
  readonly items: YamlNode[] = []

  constructor(start: number, flow: boolean) {
    this.start = start
    this.end = start
    this.flow = flow
  }
}

export class Alias implements AliasNode {
  readonly kind = 'alias'
  readonly anchor = null
  readonly tag = null
  readonly start: number
  readonly end: number
  readonly name: string
  readonly target: YamlNode | null

  constructor(start: number, end: number, name: string, target: YamlNode | null) {
    this.start = start
    this.end = end
    this.name = name
    this.target = target
  }
}

export type TreeNode = Scalar | Mapping | Sequence | Alias

/** A pair; one class for all, so that reading pairs stays monomorphic. */
export class KeyValue implements Pair {
  readonly key: Scalar
  readonly value: TreeNode
  readonly colon: number

  constructor(key: Scalar, value: TreeNode, colon: number) {
    this.key = key
    this.value = value
    this.colon = colon
  }
}
