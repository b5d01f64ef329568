import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseGitIndex } from '../../worktree/git-index.ts'
import { addFiles, git, makeRepository } from './make-folder.ts'

const FILES = {
  '.github/workflows/ci.yml': 'on: push\n',
  '.github/workflows/ci-nightly.yml': 'on: push\n',
  'docs/größe/日本語.md': 'x',
  'a': 'x',
  'a b/c "d".txt': 'x',
  [`long/${'n'.repeat(200)}`]: 'x',
  // Behind the long one: version 4 drops more bytes here than one byte can say.
  'm/after': 'x',
}
const SORTED = Object.keys(FILES).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

function indexOf(folder: string, hashBytes: 20 | 32 = 20) {
  return parseGitIndex(readFileSync(path.join(folder, '.git', 'index')), hashBytes)
}

function pathsIn(folder: string, hashBytes: 20 | 32 = 20): string[] {
  const index = indexOf(folder, hashBytes)
  if ('refused' in index) throw new Error(index.refused)
  return index.entries.map((entry) => entry.path)
}

describe('parseGitIndex', () => {
  it.each([2, 4])('lists what git lists from an index of version %i', (version) => {
    const folder = makeRepository(FILES)
    git(folder, 'update-index', `--index-version=${version}`)
    expect(readFileSync(path.join(folder, '.git', 'index')).readUInt32BE(4)).toBe(version)
    expect(pathsIn(folder)).toEqual(SORTED)
    for (const prefix of ['.github/workflows/', 'docs/größe/', 'a', 'm/after', 'nothing/']) {
      const below = parseGitIndex(readFileSync(path.join(folder, '.git', 'index')), 20, prefix)
      expect('entries' in below && below.entries.map((entry) => entry.path)).toEqual(SORTED.filter((each) => each.startsWith(prefix)))
    }
  })

  it('reads extended flags, which make the index version 3', () => {
    const folder = makeRepository(FILES)
    git(folder, 'update-index', '--skip-worktree', 'a')
    expect(readFileSync(path.join(folder, '.git', 'index')).readUInt32BE(4)).toBe(3)
    const index = indexOf(folder)
    expect('entries' in index && index.entries.filter(({ skipWorktree }) => skipWorktree).map((entry) => entry.path)).toEqual(['a'])
    expect(pathsIn(folder)).toEqual(SORTED)
  })

  it('is not led astray by the assume-unchanged bit, which shares a field with the length', () => {
    const folder = makeRepository(FILES)
    git(folder, 'update-index', '--assume-unchanged', 'a', '.github/workflows/ci.yml')
    expect(pathsIn(folder)).toEqual(SORTED)
  })

  it('reads a path longer than the length field can say', () => {
    // git refuses such a path on this file system, but not in the index.
    const folder = makeRepository({ a: 'x' })
    const id = git(folder, 'hash-object', '-w', 'a')
    const long = Array.from({ length: 50 }, () => 'd'.repeat(100)).join('/')
    git(folder, 'update-index', '--add', '--cacheinfo', `100644,${id},${long}`)
    expect(pathsIn(folder)).toEqual(['a', long])
  })

  it.each([2, 4])('reads object ids of SHA-256 in version %i', (version) => {
    const folder = makeRepository(FILES, '--object-format=sha256')
    git(folder, 'update-index', `--index-version=${version}`)
    expect(pathsIn(folder, 32)).toEqual(SORTED)
  })

  it('lists a path in conflict once', () => {
    const folder = makeRepository({ a: 'one\n', b: 'x' })
    git(folder, 'commit', '-q', '-m', 'first')
    git(folder, 'checkout', '-q', '-b', 'other')
    addFiles(folder, { a: 'two\n' })
    git(folder, 'commit', '-q', '-a', '-m', 'theirs')
    git(folder, 'checkout', '-q', 'main')
    addFiles(folder, { a: 'three\n' })
    git(folder, 'commit', '-q', '-a', '-m', 'ours')
    expect(() => git(folder, 'merge', 'other')).toThrow()
    expect(git(folder, 'ls-files', '-u').split('\n')).toHaveLength(3)
    expect(pathsIn(folder)).toEqual(['a', 'b'])
  })

  it('refuses a split index and says so', () => {
    const folder = makeRepository(FILES)
    git(folder, 'update-index', '--split-index')
    expect(indexOf(folder)).toEqual({ refused: 'it is split over two files' })
  })

  it('refuses what is no index', () => {
    expect(parseGitIndex(Buffer.from('PK\x03\x04 no index at all'), 20)).toEqual({ refused: 'it does not start with DIRC' })
    expect(parseGitIndex(Buffer.alloc(0), 20)).toEqual({ refused: 'it does not start with DIRC' })
    const future = Buffer.concat([Buffer.from('DIRC'), Buffer.from([0, 0, 0, 5, 0, 0, 0, 0])])
    expect(parseGitIndex(future, 20)).toEqual({ refused: 'its version is 5, known are 2, 3 and 4' })
  })

  it.each([2, 4])('refuses a cut index of version %i wherever it is cut, without throwing', (version) => {
    const folder = makeRepository(FILES)
    git(folder, 'update-index', `--index-version=${version}`)
    const bytes = readFileSync(path.join(folder, '.git', 'index'))
    for (let length = 0; length < 300; length++) expect(parseGitIndex(bytes.subarray(0, length), 20)).toHaveProperty('refused')
  })
})
