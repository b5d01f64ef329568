// The one folder that `init` and `generate` work on.
import * as path from 'node:path'
import type { Worktree } from '../worktree/open-worktree.ts'
import type { World } from './world.ts'
import { isFolder } from '../worktree/file-system.ts'
import { openWorktree } from '../worktree/open-worktree.ts'
import { UsageError } from './usage-error.ts'

export interface OneFolder {
  /** As it was given. */
  readonly folder: string
  /** Absolute. */
  readonly root: string
  readonly worktree: Worktree
}

/** Throws UsageError for more than one, and for a folder that does not exist. */
export function openOneFolder({ cwd, fs }: Pick<World, 'cwd' | 'fs'>, command: string, [folder = '.', second]: readonly string[]): OneFolder {
  if (second !== undefined) throw new UsageError(`${command} takes one FOLDER, but got also '${second}'`)
  const root = path.resolve(cwd, folder)
  if (!isFolder(fs, root)) throw new UsageError(`no such folder: '${folder}'`)
  return { folder, root, worktree: openWorktree(root, { fs, includeUntracked: true }) }
}

/** The branch that is checked out, else `main`. */
export const branchOf = (worktree: Worktree): string => worktree.head()?.ref?.replace(/^refs\/heads\//, '') ?? 'main'
