// Where a repository keeps its data: the nearest `.git` above a folder, as a folder or as the file that linked worktrees and
// submodules have. Runs no git and reads no setting but the hash function; GIT_DIR and its like are not honoured.
import * as path from 'node:path'
import type { FileSystem } from './file-system.ts'
import { isFolder } from './file-system.ts'

export interface GitFolder {
  /** The working tree's top folder, absolute. */
  readonly root: string
  /** HEAD and index lie here. */
  readonly gitFolder: string
  /** Branches, packed-refs and config lie here; the same folder except in a linked worktree. */
  readonly commonFolder: string
  readonly hashBytes: 20 | 32
}

/** `folder` is absolute. Null when no folder above it has a `.git` that looks like one. */
export function findGitFolder(fs: FileSystem, folder: string): GitFolder | null {
  for (let root = folder; ; root = path.dirname(root)) {
    const found = gitFolderIn(fs, root)
    if (found !== null) return found
    if (path.dirname(root) === root) return null
  }
}

function gitFolderIn(fs: FileSystem, root: string): GitFolder | null {
  const dotGit = path.join(root, '.git')
  const gitFolder = isFolder(fs, dotGit) ? dotGit : linkedFolder(fs, root, dotGit)
  if (gitFolder === null || readLine(fs, path.join(gitFolder, 'HEAD')) === null) return null
  // Only folders that a `.git` file leads to may share another one's branches.
  const common = gitFolder === dotGit ? null : readLine(fs, path.join(gitFolder, 'commondir'))
  const commonFolder = common === null ? gitFolder : path.resolve(gitFolder, common)
  return { root, gitFolder, commonFolder, hashBytes: hashBytesOf(fs, commonFolder) }
}

function linkedFolder(fs: FileSystem, root: string, dotGit: string): string | null {
  const line = readLine(fs, dotGit)
  return line?.startsWith('gitdir: ') === true ? path.resolve(root, line.slice('gitdir: '.length)) : null
}

function hashBytesOf(fs: FileSystem, commonFolder: string): 20 | 32 {
  return /^\s*objectformat\s*=\s*sha256\s*$/im.test(readText(fs, path.join(commonFolder, 'config')) ?? '') ? 32 : 20
}

/** The file's text, or null when it cannot be read for whatever reason. */
export function readText(fs: FileSystem, file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

export function readLine(fs: FileSystem, file: string): string | null {
  return readText(fs, file)?.split('\n', 1)[0]?.trimEnd() ?? null
}
