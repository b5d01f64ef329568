// Anchors of one document and the aliases that point to them. An alias is never expanded.
import type { TreeNode } from './tree.ts'

export interface Anchor {
  readonly name: string
  readonly start: number
  readonly end: number
  /** Null while the anchored node is still being read. */
  node: TreeNode | null
  used: boolean
}

type Resolution = { readonly state: 'known'; readonly node: TreeNode } | { readonly state: 'open' } | { readonly state: 'unknown' }

export class AnchorTable {
  /** In the order of the text; a name that is defined again appears twice. */
  private readonly all: Anchor[] = []
  private readonly byName = new Map<string, Anchor>()

  /** Called at the anchor itself, before its node is read. */
  open(name: string, start: number, end: number): Anchor {
    const anchor = { name, start, end, node: null, used: false }
    this.all.push(anchor)
    this.byName.set(name, anchor)
    return anchor
  }

  /** What an alias at this place of the text means: the last definition before it. */
  resolve(name: string): Resolution {
    const anchor = this.byName.get(name)
    if (anchor === undefined) return { state: 'unknown' }
    anchor.used = true
    return anchor.node === null ? { state: 'open' } : { state: 'known', node: anchor.node }
  }

  unused(): readonly Anchor[] {
    return this.all.filter((anchor) => !anchor.used)
  }

  /** The names of the first anchors, at most `count`. */
  names(count: number): string[] {
    return this.all.slice(0, count).map((anchor) => anchor.name)
  }
}
