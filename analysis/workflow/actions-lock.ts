// The entries of .github/workflows/actions.lock: `dependencies: {"owner/repo@ref": {ref, commit: "sha1-<hex>", ...}}`.
// Entries without a full commit are left out.
import type { ScalarNode } from '../source/node.ts'
import type { PipelineFile } from './pipeline-file.ts'
import { isCommit } from './commit.ts'
import { asMapping, asScalar, lookup } from './nodes.ts'

export interface LockedAction {
  /** As written: `owner/repo@ref`. */
  readonly key: string
  readonly repository: string
  readonly ref: string
  readonly commit: string
  /** The value that holds the commit. */
  readonly node: ScalarNode
}

export function lockedActions(file: PipelineFile | undefined): readonly LockedAction[] {
  return (asMapping(lookup(asMapping(file?.tree.root), 'dependencies'))?.pairs ?? []).flatMap(({ key: { text: key }, value }): LockedAction[] => {
    const node = asScalar(lookup(asMapping(value), 'commit'))
    const commit = node?.text.slice(node.text.indexOf('-') + 1) ?? ''
    const at = key.indexOf('@')
    return node !== null && at > 0 && isCommit(commit) ? [{ key, repository: key.slice(0, at), ref: key.slice(at + 1), commit, node }] : []
  })
}
