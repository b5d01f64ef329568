import * as fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openWorktree } from '../../worktree/open-worktree.ts'
import { git, makeRepository } from './make-folder.ts'

function makeCommitted(...initArgs: readonly string[]): string {
  const folder = makeRepository({ a: 'x' }, ...initArgs)
  git(folder, 'commit', '-q', '-m', 'x')
  return folder
}

describe('head', () => {
  it.each([['SHA-1', 'sha1'], ['SHA-256', 'sha256']])('gives the commit of the branch in a %s repository', (_, format) => {
    const folder = makeCommitted(`--object-format=${format}`)
    expect(openWorktree(folder).head()).toEqual({ commit: git(folder, 'rev-parse', 'HEAD'), ref: 'refs/heads/main' })
  })

  it('reads packed refs, and is not misled by a ref whose name ends alike', () => {
    const folder = makeCommitted()
    git(folder, 'branch', 'x/main', git(folder, 'commit-tree', '-m', 'other', 'HEAD^{tree}'))
    git(folder, 'pack-refs', '--all')
    expect(fs.existsSync(path.join(folder, '.git/refs/heads/main'))).toBe(false)
    expect(openWorktree(folder).head()?.commit).toBe(git(folder, 'rev-parse', 'HEAD'))
  })

  it('gives the commit of a detached HEAD', () => {
    const folder = makeCommitted()
    git(folder, 'checkout', '-q', '--detach')
    expect(openWorktree(folder).head()).toEqual({ commit: git(folder, 'rev-parse', 'HEAD'), ref: null })
  })

  it('has no commit before the first one', () => {
    expect(openWorktree(makeRepository({ a: 'x' })).head()).toEqual({ commit: null, ref: 'refs/heads/main' })
  })

  it('knows the default branch only after git was told, from the top of the repository, and no ref of another kind', () => {
    const folder = makeCommitted()
    expect(openWorktree(folder).defaultBranch()).toBeNull()
    git(folder, 'update-ref', 'refs/remotes/origin/team/trunk', 'HEAD')
    git(folder, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/team/trunk')
    git(folder, 'pack-refs', '--all')
    expect(openWorktree(folder).defaultBranch()).toBe('team/trunk')
    fs.mkdirSync(path.join(folder, 'below'))
    expect(openWorktree(path.join(folder, 'below')).defaultBranch()).toBeNull()
    fs.writeFileSync(path.join(folder, '.git/refs/remotes/origin/HEAD'), 'ref: refs/heads/main\n')
    expect(openWorktree(folder).defaultBranch()).toBeNull()
  })

  it('ends where refs point at each other, and where a ref climbs out of the folder', () => {
    const folder = makeCommitted()
    fs.writeFileSync(path.join(folder, '.git/refs/heads/main'), 'ref: refs/heads/main\n')
    expect(openWorktree(folder).head()?.commit).toBeNull()
    fs.writeFileSync(path.join(folder, '.git/HEAD'), 'ref: refs/../../a\n')
    expect(openWorktree(folder).head()).toEqual({ commit: null, ref: null })
  })
})
