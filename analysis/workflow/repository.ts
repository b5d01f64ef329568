// What a rule may see of the whole repository: its CI files, its paths, and the commits that actions.lock holds.
import type { PipelineFile } from './pipeline-file.ts'
import { asMapping, asScalar, lookup } from './nodes.ts'
import { isCommit } from './commit.ts'

export const ACTIONS_LOCK_PATH = '.github/workflows/actions.lock'

export interface Repository {
  readonly files: readonly PipelineFile[]
  /** Every path of the repository; null when it is not known. */
  readonly paths: ReadonlySet<string> | null
  file(path: string): PipelineFile | undefined
  /** The commit that actions.lock holds for `owner/repo@ref` (names compared without case); null when it holds none. */
  lockedCommit(repository: string, ref: string): string | null
}

export function createRepository(files: readonly PipelineFile[], paths: readonly string[] | null): Repository {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const locked = readLock(byPath.get(ACTIONS_LOCK_PATH))
  return {
    files,
    paths: paths === null ? null : new Set(paths),
    file: (path) => byPath.get(path),
    lockedCommit: (repository, ref) => locked.get(lockKey(repository, ref)) ?? null,
  }
}

const lockKey = (repository: string, ref: string): string => `${repository.toLowerCase()}@${ref}`

/** `dependencies: {"owner/repo@ref": {ref, commit: "sha1-<hex>", ...}}`; entries without a full commit are left out. */
function readLock(file: PipelineFile | undefined): ReadonlyMap<string, string> {
  const locked = new Map<string, string>()
  for (const { key, value } of asMapping(lookup(asMapping(file?.tree.root), 'dependencies'))?.pairs ?? []) {
    const commit = asScalar(lookup(asMapping(value), 'commit'))?.text ?? ''
    const hex = commit.slice(commit.indexOf('-') + 1)
    const at = key.text.indexOf('@')
    if (at > 0 && isCommit(hex)) locked.set(lockKey(key.text.slice(0, at), key.text.slice(at + 1)), hex)
  }
  return locked
}
