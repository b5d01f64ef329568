import path from 'node:path'
import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openWorktree } from '../../worktree/open-worktree.ts'
import { readNeighbours } from '../../worktree/read-neighbours.ts'
import { makeFolder } from './make-folder.ts'

const STEP = (uses: string): string => `jobs:\n  a:\n    steps:\n      - uses: ${uses}\n`

function neighboursOf(files: Readonly<Record<string, string>>, given = 'ci.yml'): string[] {
  const worktree = openWorktree(makeFolder(files))
  return readNeighbours(worktree, [worktree.read(given)]).map((file) => file.path).sort()
}

describe('readNeighbours', () => {
  it('reads the action and the workflow that a file names, in every way of writing them', () => {
    const names = ['./a', '"./b/"', "'$/c'", './d/e.yml', './.']
    const text = names.map((name) => `- uses: ${name}\n`).join('') + '- { name: x, uses: ./f, with: {} }\n'
    const files = { 'a/action.yml': 'x', 'b/action.yaml': 'x', 'c/action.yml': 'x', 'd/e.yml': 'x', 'f/action.yml': 'x', 'action.yml': 'x', 'other/action.yml': 'x' }
    expect(neighboursOf({ 'ci.yml': text, ...files })).toEqual(['a/action.yml', 'action.yml', 'b/action.yaml', 'c/action.yml', 'd/e.yml', 'f/action.yml'])
  })

  it('follows what they name in turn, and ends where they name each other', () => {
    expect(neighboursOf({ 'ci.yml': STEP('./a'), 'a/action.yml': STEP('./b'), 'b/action.yml': STEP('./a') })).toEqual(['a/action.yml', 'b/action.yml'])
  })

  it('leaves out what is given already, what does not exist and what lies outside', () => {
    expect(neighboursOf({ 'ci.yml': STEP('./ci.yml') + STEP('./gone') + STEP('./../outside') })).toEqual([])
  })

  it('does not follow a symbolic link that leads out', () => {
    const outside = makeFolder({ 'action.yml': 'x' })
    const folder = makeFolder({ 'ci.yml': STEP('./linked') })
    fs.symlinkSync(outside, path.join(folder, 'linked'))
    const worktree = openWorktree(folder)
    expect(readNeighbours(worktree, [worktree.read('ci.yml')])).toEqual([])
  })
})
