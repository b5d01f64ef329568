// What a rule may see of the whole repository: its CI files, its paths, and the commits that actions.lock holds.
import type { SourceFile } from '../analyse.ts'
import type { PipelineFile } from './pipeline-file.ts'
import { lockedActions } from './actions-lock.ts'
import type { RefInUse } from './refs-in-use.ts'
import { readRefsInUse } from './refs-in-use.ts'
import { createPipelineFile } from './pipeline-file.ts'
import { ACTIONS_LOCK, CODE_OWNERS_FILES, isCiPath } from '../pipeline-path.ts'

export interface Repository {
  /** `owner/repo`; null when it is not known. */
  readonly name: string | null
  /** Which no file says; null when it is not known. */
  readonly defaultBranch: string | null
  /** Every path of the repository; null when it is not known. */
  readonly paths: ReadonlySet<string> | null
  /** The text of the CODEOWNERS file that counts; null when it is not known. */
  readonly codeOwners: { readonly path: string; readonly text: string } | null
  /** The text of a manifest; null when there is none, and when nobody has read it yet: then it is asked for. */
  manifest(path: string): string | null
  /** Those that were asked for in vain, ascending. */
  unreadManifests(): readonly string[]
  /** A CI file of the repository; parsed on the first question, so a file that nobody asks for never stays in memory. */
  file(path: string): PipelineFile | undefined
  /** Paths of the CI files whose text contains a text; none of them is parsed for that. */
  pathsMentioning(text: string): readonly string[]
  /** The commit that actions.lock holds for `owner/repo@ref` (names compared without case); null when it holds none. */
  lockedCommit(repository: string, ref: string): string | null
  /** The refs of `owner/repo` that the CI files use, compared without case. */
  refsInUse(repository: string): readonly RefInUse[]
}

/** What was said about a repository besides its files. */
interface Known {
  readonly name?: string | undefined
  readonly defaultBranch?: string | undefined
  readonly codeOwners?: SourceFile | undefined
  readonly manifests?: readonly SourceFile[] | undefined
}

/** `texts`: path to text of the CI files that could be read. */
export function createRepository(texts: ReadonlyMap<string, string>, paths: readonly string[] | null, known: Known = {}): Repository {
  const read = new Map<string, PipelineFile>()
  const file = (path: string): PipelineFile | undefined => {
    const text = texts.get(path)
    let parsed = read.get(path)
    if (parsed === undefined && text !== undefined) {
      parsed = createPipelineFile(path, text)
      read.set(path, parsed)
    }
    return parsed
  }
  const unread = new Set<string>()
  let locked: ReadonlyMap<string, string> | null = null
  let refs: ReadonlyMap<string, readonly RefInUse[]> | null = null
  return {
    name: known.name ?? null,
    defaultBranch: known.defaultBranch ?? null,
    codeOwners: known.codeOwners !== undefined && 'text' in known.codeOwners ? known.codeOwners : null,
    paths: paths === null ? null : new Set(paths),
    manifest(path) {
      const source = known.manifests?.find((each) => each.path === path)
      if (source === undefined) unread.add(path)
      return source !== undefined && 'text' in source ? source.text : null
    },
    unreadManifests: () => [...unread].sort(),
    file,
    pathsMentioning: (text) => [...texts].flatMap(([path, content]) => (content.includes(text) ? [path] : [])),
    lockedCommit(repository, ref) {
      if (!texts.has(ACTIONS_LOCK)) return null
      locked ??= readLock(file(ACTIONS_LOCK))
      return locked.get(lockKey(repository, ref)) ?? null
    },
    refsInUse(repository) {
      refs ??= readRefsInUse(texts.values())
      return refs.get(repository.toLowerCase()) ?? []
    },
  }
}

/** The same repository with a text more, or another one in place of one that names no action. */
export function withText(repository: Repository, { path, text }: { readonly path: string; readonly text: string }): Repository {
  const isListed = isCiPath(path)
  let parsed: PipelineFile | undefined
  let refs: ReadonlyMap<string, readonly RefInUse[]> | null = null
  return {
    ...repository,
    paths: repository.paths === null ? null : new Set([...repository.paths, path]),
    codeOwners: CODE_OWNERS_FILES.includes(path) ? { path, text } : repository.codeOwners,
    file: (other) => (other === path ? (parsed ??= createPipelineFile(path, text)) : repository.file(other)),
    pathsMentioning: (mention) => [...repository.pathsMentioning(mention).filter((other) => other !== path), ...(isListed && text.includes(mention) ? [path] : [])],
    refsInUse: (name) => [...repository.refsInUse(name), ...((refs ??= readRefsInUse(isListed ? [text] : [])).get(name.toLowerCase()) ?? [])],
  }
}

const lockKey = (repository: string, ref: string): string => `${repository.toLowerCase()}@${ref}`

function readLock(file: PipelineFile | undefined): ReadonlyMap<string, string> {
  return new Map(lockedActions(file).map(({ repository, ref, commit }) => [lockKey(repository, ref), commit]))
}
