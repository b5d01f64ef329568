// From the paths of a command line to files, grouped by the repository that they belong to: rules look at a repository as a whole,
// and `./x` in a workflow means that repository's x.
import * as path from 'node:path'
import type { World } from './world.ts'
import type { Worktree } from '../worktree/open-worktree.ts'
import { exists, isFolder } from '../worktree/file-system.ts'
import { findGitFolder } from '../worktree/git-folder.ts'
import { openWorktree } from '../worktree/open-worktree.ts'
import { isPipelinePath } from '../analysis/pipeline-path.ts'
import { isInside } from '../worktree/read-source.ts'
import { UsageError } from './usage-error.ts'

export interface Target {
  readonly worktree: Worktree
  /** Path in the repository -> path as the person sees it. */
  readonly files: ReadonlyMap<string, string>
  /** True when the whole folder was asked for, so that what could not be listed is missing from the result. */
  readonly isListed: boolean
}

interface Group {
  worktree: Worktree
  files: Map<string, string>
  isListed: boolean
}

/** For single files outside a repository: enough to see the neighbours, too little to search a disk. */
const MAX_NEIGHBOURS = 5_000

/** Throws UsageError for a path that does not exist. A file given twice is there once. */
export function findTargets({ cwd, fs }: Pick<World, 'cwd' | 'fs'>, given: readonly string[]): readonly Target[] {
  const groups = new Map<string, Group>()

  const group = (root: string, maxEntries?: number): Group => {
    const known = groups.get(root)
    if (known !== undefined) return known
    const worktree = openWorktree(root, { fs, includeUntracked: true, ...(maxEntries === undefined ? {} : { maxEntries }) })
    const made: Group = { worktree, files: new Map(), isListed: false }
    groups.set(root, made)
    return made
  }

  const addFolder = (folder: string, show: Show): void => {
    const above = rootAboveGithub(`${folder}${path.sep}`)
    const isRepository = exists(fs, path.join(folder, '.git')) || exists(fs, path.join(folder, '.github'))
    if (above === null && !isRepository) return addUnrooted(folder, show)
    const found = group(above ?? folder)
    found.isListed = true
    for (const each of found.worktree.pipelinePaths) {
      const file = path.join(found.worktree.root, each)
      if (isInside(folder, file)) found.files.set(each, show(file))
    }
  }

  /** A folder that is no repository: part of one, or one that holds several. */
  const addUnrooted = (folder: string, show: Show): void => {
    const top = findGitFolder(fs, folder)?.root
    const isBelow = (worktree: Worktree) => (each: string) => isInside(folder, path.join(worktree.root, each))
    const outer = top === undefined ? null : openWorktree(top, { fs })
    const worktree = outer?.paths.some(isBelow(outer)) === true ? outer : openWorktree(folder, { fs })
    for (const { root, file } of nestedFiles(worktree, worktree.paths.filter(isBelow(worktree)))) {
      if (!exists(fs, file)) continue
      const found = group(root)
      found.isListed = true
      found.files.set(relativePath(root, file), show(file))
    }
    for (const each of worktree.repositories.filter(isBelow(worktree))) addFolder(path.join(worktree.root, each), show)
  }

  const addFile = (file: string, show: Show): void => {
    const root = rootAboveGithub(file) ?? findGitFolder(fs, path.dirname(file))?.root ?? (isInside(cwd, file) ? cwd : path.dirname(file))
    group(root, MAX_NEIGHBOURS).files.set(relativePath(root, file), show(file))
  }

  const files = new Map<string, Show>()
  for (const each of given) {
    const absolute = path.resolve(cwd, each)
    const show = shownAs(cwd, path.isAbsolute(each))
    if (each === '' || !exists(fs, absolute)) throw new UsageError(`no such file or folder: '${each}'`)
    if (isFolder(fs, absolute)) addFolder(absolute, show)
    else if (!files.has(absolute)) files.set(absolute, show)
  }
  for (const [file, show] of files) addFile(file, show)
  return [...groups.values()].filter(({ files: some, isListed }) => some.size > 0 || isListed)
}

type Show = (file: string) => string

/** Relative to the current folder, except for what was given absolutely and lies elsewhere. */
const shownAs = (cwd: string, isAbsolute: boolean): Show => (file) =>
  isAbsolute && !isInside(cwd, file) ? file.split(path.sep).join('/') : relativePath(cwd, file)

const relativePath = (from: string, file: string): string => path.relative(from, file).split(path.sep).join('/')

/** `/a/b` for `/a/b/.github/workflows/x.yml`, the last `.github` counting; null when there is none. */
function rootAboveGithub(file: string): string | null {
  const at = file.lastIndexOf(`${path.sep}.github${path.sep}`)
  return at < 0 ? null : file.slice(0, at) || path.sep
}

const NESTED = /^(.*\/)?\.github\/(?:workflows\/[^/]+\.ya?ml|dependabot\.ya?ml)$/

/** CI files of every repository-shaped folder among the paths; action metadata belongs to the nearest of them. */
function nestedFiles(worktree: Worktree, paths: readonly string[]): { root: string; file: string }[] {
  const prefixes = new Set<string>()
  for (const each of paths) {
    const match = NESTED.exec(each)
    if (match !== null) prefixes.add(match[1] ?? '')
  }
  const nearest = (each: string): string => {
    for (let at = each.lastIndexOf('/'); at >= 0; at = each.lastIndexOf('/', at - 1)) if (prefixes.has(each.slice(0, at + 1))) return each.slice(0, at + 1)
    return ''
  }
  return paths.flatMap((each) => {
    const prefix = NESTED.exec(each)?.[1] ?? nearest(each)
    return isPipelinePath(each.slice(prefix.length)) ? [{ root: path.join(worktree.root, prefix), file: path.join(worktree.root, each) }] : []
  })
}
