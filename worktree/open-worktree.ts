// One folder as a repository's working tree: its paths, its CI files, safe reading, and the commit that is checked out.
// Paths come from the git index where there is a usable one, else from a bounded walk. Never runs git, never writes.
import * as path from 'node:path'
import type { SourceFile } from '../analysis/analyse.ts'
import type { FileSystem } from './file-system.ts'
import type { GitFolder } from './git-folder.ts'
import type { GitHead } from './git-head.ts'
import { REAL_FILE_SYSTEM, exists } from './file-system.ts'
import { findGitFolder } from './git-folder.ts'
import { readDefaultBranch, readGitHead } from './git-head.ts'
import { MODE_FOLDER, MODE_SUBMODULE, MODE_TYPE, parseGitIndex } from './git-index.ts'
import { ACTIONS_LOCK, CODE_OWNERS_FILES, isPipelinePath } from '../analysis/pipeline-path.ts'
import { createSourceReader } from './read-source.ts'
import { walkFolder } from './walk-folder.ts'

export interface Worktree {
  /** Absolute. */
  readonly root: string
  /** 'index': tracked files (and CI files not yet added); 'walk': what lies in the folder. */
  readonly source: 'index' | 'walk'
  /** Every path, relative to the root, with `/`, ascending. Ask `incomplete` before concluding that a path is missing. */
  readonly paths: readonly string[]
  /** Why `paths` has holes ("more than 100000 entries"), or null. */
  readonly incomplete: string | null
  /** Those of `paths` that are CI files and exist now; deleted ones are left out. */
  readonly pipelinePaths: readonly string[]
  /** CI files that are tracked but kept out of the working tree by a sparse checkout. */
  readonly sparsePaths: readonly string[]
  /** Other repositories found inside by the walk: not entered. */
  readonly repositories: readonly string[]
  /** The text of the lock file that pins actions, when there is one: read along, never reported on. */
  readonly lockPath: string | null
  /** Never throws for a file's sake; `error` in the answer says what is wrong with it. */
  read(relative: string): SourceFile
  /** Null outside a git repository. */
  head(): GitHead | null
  /** The file that says who owns which path; null when there is none. Never reported on, and never sent anywhere. */
  codeOwners(): SourceFile | null
  /** The default branch of the repository whose top this folder is, as far as git was told; null when it is not known. */
  defaultBranch(): string | null
}

export interface WorktreeOptions {
  readonly fs?: FileSystem
  /** Adds CI files of the working tree that git does not track yet, and CODEOWNERS; for a person's own checkout, not for a runner's. */
  readonly includeUntracked?: boolean
  /** How many entries the walk may look at. */
  readonly maxEntries?: number
}

/** `root` is absolute and a folder; it may lie below the repository's top, then only what is under it counts. */
export function openWorktree(root: string, options: WorktreeOptions = {}): Worktree {
  const fs = options.fs ?? REAL_FILE_SYSTEM
  const git = findGitFolder(fs, root)
  const listing = (git === null ? null : listIndex(fs, git, root)) ?? listWalk(fs, root, options.maxEntries)
  const tracked = listing.paths.filter(isPipelinePath)
  const isThere = (relative: string): boolean => exists(fs, path.join(root, relative))
  const addsUntracked = listing.source === 'index' && options.includeUntracked === true
  const untracked = addsUntracked ? untrackedPipelinePaths(fs, root, tracked) : []
  const added = addsUntracked ? [...untracked, ...CODE_OWNERS_FILES.filter((each) => !listing.paths.includes(each) && isThere(each))] : []
  const paths = added.length === 0 ? listing.paths : [...listing.paths, ...added].sort()
  const candidates = untracked.length === 0 ? tracked : [...tracked, ...untracked].sort()
  const present = candidates.filter(isThere)
  const read = createSourceReader(fs, root)
  const owners = CODE_OWNERS_FILES.find((each) => paths.includes(each))
  return {
    root,
    source: listing.source,
    paths,
    incomplete: listing.incomplete,
    pipelinePaths: present,
    sparsePaths: candidates.filter((each) => listing.skipped.has(each) && !present.includes(each)),
    repositories: listing.repositories,
    lockPath: isThere(ACTIONS_LOCK) ? ACTIONS_LOCK : null,
    read,
    head: () => (git === null ? null : readGitHead(fs, git)),
    codeOwners: () => (owners === undefined ? null : read(owners)),
    defaultBranch: () => (git?.root === root ? readDefaultBranch(fs, git) : null),
  }
}

interface Listing {
  readonly source: 'index' | 'walk'
  readonly paths: readonly string[]
  readonly incomplete: string | null
  readonly repositories: readonly string[]
  readonly skipped: ReadonlySet<string>
}

/** Null when the index cannot be used, or when nothing below the folder is tracked (an ignored or a new folder). */
function listIndex(fs: FileSystem, git: GitFolder, root: string): Listing | null {
  const below = path.relative(git.root, root)
  const prefix = below === '' ? '' : `${below.split(path.sep).join('/')}/`
  const bytes = readBytes(fs, path.join(git.gitFolder, 'index'))
  const index = bytes === null ? null : parseGitIndex(bytes, git.hashBytes, prefix)
  if (index === null || !('entries' in index)) return null
  const paths: string[] = []
  const skipped = new Set<string>()
  let incomplete: string | null = null
  for (const entry of index.entries) {
    const type = entry.mode & MODE_TYPE
    if (type === MODE_FOLDER) incomplete = 'a sparse checkout leaves out whole folders'
    if (type === MODE_FOLDER || type === MODE_SUBMODULE) continue
    const relative = prefix === '' ? entry.path : entry.path.slice(prefix.length)
    paths.push(relative)
    if (entry.skipWorktree) skipped.add(relative)
  }
  return paths.length === 0 ? null : { source: 'index', paths, incomplete, repositories: [], skipped }
}

function listWalk(fs: FileSystem, root: string, maxEntries?: number): Listing {
  return { source: 'walk', skipped: new Set(), ...walkFolder(fs, root, maxEntries) }
}

function untrackedPipelinePaths(fs: FileSystem, root: string, tracked: readonly string[]): string[] {
  const known = new Set(tracked)
  const found = ['.github/workflows', '.github', ''].flatMap((folder) =>
    namesIn(fs, path.join(root, folder)).map((name) => (folder === '' ? name : `${folder}/${name}`)))
  return found.filter((each) => isPipelinePath(each) && !known.has(each))
}

function namesIn(fs: FileSystem, folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

function readBytes(fs: FileSystem, file: string): Buffer | null {
  try {
    return fs.readFileSync(file)
  } catch {
    return null
  }
}
