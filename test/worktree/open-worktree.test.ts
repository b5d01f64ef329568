import * as fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openWorktree } from '../../worktree/open-worktree.ts'
import { addFiles, git, makeFolder, makeRepository } from './make-folder.ts'

const WORKFLOW = 'on: push\njobs: {}\n'
const PIPELINE = {
  '.github/workflows/ci.yml': WORKFLOW,
  '.github/workflows/release.yaml': WORKFLOW,
  '.github/dependabot.yml': 'version: 2\n',
  'action.yml': 'runs: {}\n',
  'tools/setup/action.yaml': 'runs: {}\n',
}
const OTHERS = {
  '.github/workflows/deeper/not.yml': WORKFLOW,
  '.github/workflows/README.md': '#',
  'nested/.github/workflows/sample.yml': WORKFLOW,
  'action.yml.bak': '',
  'my-action.yml': '',
  'src/index.js': '',
}

describe('openWorktree', () => {
  it('finds the CI files of a repository by its index', () => {
    const folder = makeRepository({ ...PIPELINE, ...OTHERS })
    const worktree = openWorktree(folder)
    expect(worktree.source).toBe('index')
    expect(worktree.pipelinePaths).toEqual(Object.keys(PIPELINE).sort())
    expect(worktree.paths).toEqual(Object.keys({ ...PIPELINE, ...OTHERS }).sort())
    expect(worktree.incomplete).toBeNull()
  })

  it('leaves out what is not tracked, unless it is asked for CI files of a person\'s checkout', () => {
    const folder = makeRepository({ '.github/workflows/ci.yml': WORKFLOW })
    addFiles(folder, { '.github/workflows/new.yml': WORKFLOW, 'node_modules/x/action.yml': '', 'new.txt': '' })
    expect(openWorktree(folder).pipelinePaths).toEqual(['.github/workflows/ci.yml'])
    const worktree = openWorktree(folder, { includeUntracked: true })
    expect(worktree.pipelinePaths).toEqual(['.github/workflows/ci.yml', '.github/workflows/new.yml'])
    expect(worktree.paths).not.toContain('new.txt')
  })

  it('leaves out a tracked file that was deleted', () => {
    const folder = makeRepository({ '.github/workflows/ci.yml': WORKFLOW, '.github/workflows/old.yml': WORKFLOW })
    fs.rmSync(path.join(folder, '.github/workflows/old.yml'))
    expect(openWorktree(folder).pipelinePaths).toEqual(['.github/workflows/ci.yml'])
  })

  it('names CI files that a sparse checkout leaves out', () => {
    const folder = makeRepository({ '.github/workflows/ci.yml': WORKFLOW, 'a/action.yml': '', 'b/action.yml': '' })
    git(folder, 'commit', '-q', '-m', 'x')
    git(folder, 'sparse-checkout', 'set', '--cone', '.github', 'a')
    const worktree = openWorktree(folder)
    expect(worktree.pipelinePaths).toEqual(['.github/workflows/ci.yml', 'a/action.yml'])
    expect(worktree.sparsePaths).toEqual(['b/action.yml'])
  })

  it('says that a sparse index does not list every path', () => {
    const folder = makeRepository({ 'a/x': '', 'b/c/x': '', 'b/d/x': '', 'action.yml': '' })
    git(folder, 'commit', '-q', '-m', 'x')
    git(folder, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'a')
    const worktree = openWorktree(folder)
    expect(worktree.incomplete).toBe('a sparse checkout leaves out whole folders')
    expect(worktree.paths).toEqual(['a/x', 'action.yml'])
  })

  it('works in a linked worktree, where .git is a file', () => {
    const folder = makeRepository({ '.github/workflows/ci.yml': WORKFLOW })
    git(folder, 'commit', '-q', '-m', 'x')
    const linked = path.join(makeFolder(), 'linked')
    git(folder, 'worktree', 'add', '-q', '-b', 'side', linked)
    addFiles(linked, { 'action.yml': 'runs: {}\n' })
    git(linked, 'add', '-A')
    const worktree = openWorktree(linked)
    expect(worktree.source).toBe('index')
    expect(worktree.pipelinePaths).toEqual(['.github/workflows/ci.yml', 'action.yml'])
    expect(worktree.head()).toEqual({ commit: git(linked, 'rev-parse', 'HEAD'), ref: 'refs/heads/side' })
  })

  it('looks at a folder inside a repository by itself, with paths relative to it', () => {
    const folder = makeRepository({ 'action.yml': '', 'sub/action.yml': '', 'sub/.github/workflows/ci.yml': WORKFLOW, 'subway/x': '' })
    const worktree = openWorktree(path.join(folder, 'sub'))
    expect(worktree.paths).toEqual(['.github/workflows/ci.yml', 'action.yml'])
    expect(worktree.pipelinePaths).toEqual(['.github/workflows/ci.yml', 'action.yml'])
  })

  it('leaves out submodules, which are repositories of their own', () => {
    const folder = makeRepository({ 'action.yml': '' })
    git(folder, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},vendor/module`)
    expect(openWorktree(folder).paths).toEqual(['action.yml'])
  })

  it.each([
    ['a split index', (folder: string) => { git(folder, 'update-index', '--split-index') }],
    ['a damaged index', (folder: string) => { fs.truncateSync(path.join(folder, '.git/index'), 40) }],
    ['no index', (folder: string) => { fs.rmSync(path.join(folder, '.git/index')) }],
  ])('walks where there is %s', (_, harm) => {
    const folder = makeRepository({ ...PIPELINE, ...OTHERS })
    harm(folder)
    addFiles(folder, { 'node_modules/x/action.yml': '', 'tools/node_modules/y/action.yml': '' })
    const worktree = openWorktree(folder)
    expect(worktree.source).toBe('walk')
    expect(worktree.pipelinePaths).toEqual(Object.keys(PIPELINE).sort())
  })

  it('walks a folder that is no repository, without following links or entering repositories', () => {
    const folder = makeFolder(PIPELINE)
    const other = makeFolder({ 'action.yml': '' })
    fs.symlinkSync(other, path.join(folder, 'link'))
    addFiles(folder, { 'clones/one/action.yml': '' })
    git(path.join(folder, 'clones/one'), 'init', '-q')
    const worktree = openWorktree(folder)
    expect(worktree.pipelinePaths).toEqual(Object.keys(PIPELINE).sort())
    expect(worktree.paths).toContain('link')
    expect(worktree.repositories).toEqual(['clones/one'])
    expect(worktree.head()).toBeNull()
  })

  it('stops walking at the limit, has what lies near the top, and says so', () => {
    const deep = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`deep/er/and/deeper/${index}.txt`, '']))
    const worktree = openWorktree(makeFolder({ ...PIPELINE, ...deep }), { maxEntries: 30 })
    expect(worktree.incomplete).toBe('more than 30 entries')
    expect(worktree.pipelinePaths).toEqual(Object.keys(PIPELINE).sort())
  })

  it('says which folder could not be listed', () => {
    const folder = makeFolder({ 'action.yml': '', 'locked/action.yml': '' })
    const readdirSync = ((at: string, options: { withFileTypes: true }) => {
      if (at.endsWith('locked')) throw Object.assign(new Error('no'), { code: 'EACCES' })
      return fs.readdirSync(at, options)
    }) as typeof fs.readdirSync
    const worktree = openWorktree(folder, { fs: { ...fs, readdirSync } })
    expect(worktree.pipelinePaths).toEqual(['action.yml'])
    expect(worktree.incomplete).toBe('folder locked cannot be listed')
  })
})
