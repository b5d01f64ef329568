import * as fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFolder, makeRepository } from '../worktree/make-folder.ts'
import { runJson, runMain } from './run-main.ts'
import { CLEAN, RETIRED } from './workflows.ts'

const BAD = '.github/workflows/bad.yml'
const GOOD = '.github/workflows/good.yml'

const BOMB = `a: &a [x, x, x, x, x, x, x, x, x]\n${'abcdefghijk'.split('').slice(1).map((name, index) => {
  const before = String.fromCharCode(97 + index)
  return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]\n`
}).join('')}on: push\njobs: *k\n`

/** What it is, its bytes, and words of the error where it is unreadable (null: it is read, whatever is found in it). */
const TEXTS: readonly (readonly [string, string | Buffer, string | null])[] = [
  ['truncated in a flow list', 'on: push\njobs:\n  build:\n    runs-on: [ubuntu-24.04, ', ''],
  ['truncated in a quoted text', `${CLEAN}      - run: "make`, ''],
  ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0]), 'binary'],
  ['5 MB', `on: push\n# ${'x'.repeat(5_000_000)}\n`, 'limit is 1048576 bytes'],
  ['10,000 levels of lists', `on: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`, ''],
  ['10,000 levels of dashes', `${'- '.repeat(10_000)}x\n`, ''],
  ['1,000 levels of indented maps', `${Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')}`, ''],
  ['300,000 commas', `on: [${','.repeat(300_000)}]\n`, ''],
  ['300,000 quotes', `on: ${'"'.repeat(300_000)}\n`, ''],
  ['300,000 single quotes', `on: ${"'".repeat(300_000)}\n`, null],
  ['an alias bomb', BOMB, null],
  ['an alias inside its own anchor', 'on: &a [push, *a]\njobs: *a\n', null],
  ['CRLF', CLEAN.replaceAll('\n', '\r\n'), null],
  ['lone CR', CLEAN.replaceAll('\n', '\r'), null],
  ['tabs as indent', CLEAN.replaceAll('  ', '\t'), ''],
  ['a byte order mark', `\ufeff${CLEAN}`, null],
  ['UTF-16', Buffer.from(`\ufeff${CLEAN}`, 'utf16le'), 'UTF-16'],
  ['Latin-1', Buffer.from('name: Pr\xfcfung\non: push\n', 'latin1'), 'not valid UTF-8'],
  ['a list', '- on: push\n- jobs: {}\n', null],
  ['a string', 'just a sentence\n', null],
  ['a number', '42\n', null],
  ['empty', '', ''],
  ['only comments', '# nothing\n', ''],
  ['unknown keys', `${CLEAN}surprise: true\n__proto__: { polluted: yes }\nconstructor: 1\n`, null],
]

describe('a bad file among good ones', () => {
  it.each(TEXTS)('is named and costs the others nothing: %s', async (_, bytes, error) => {
    const folder = makeRepository({ [BAD]: bytes, [GOOD]: RETIRED })
    const alone = await runJson(makeRepository({ [GOOD]: RETIRED }), [])
    const { code, report, stderr } = await runJson(folder, [])
    expect([code, stderr]).toEqual([1, ''])
    expect(report.files.map((file) => file.path)).toEqual([BAD, GOOD])
    expect(report.findings.filter((finding) => finding.path === GOOD)).toEqual(alone.report.findings)
    expect(report.files[1]).toMatchObject({ status: 'analysed' })
    expect(report.files[0]?.status).toBe(error === null ? 'analysed' : 'unreadable')
    if (error === null) return
    expect(report.files[0]?.error).toContain(error)
    expect(report.findings).toContainEqual(expect.objectContaining({ path: BAD, ruleId: 'yaml-syntax', severity: 'high' }))
  })

  it.each(TEXTS)('is left as it is by fix, which repairs the others: %s', async (_, bytes, error) => {
    const folder = makeRepository({ [BAD]: bytes, [GOOD]: RETIRED })
    await runMain(folder, ['fix', '--write', '--unsafe'])
    expect(fs.readFileSync(path.join(folder, GOOD), 'utf8')).toBe(CLEAN)
    if (error !== null) expect(fs.readFileSync(path.join(folder, BAD)).equals(Buffer.from(bytes))).toBe(true)
  })

  it('finds in CRLF, with a byte order mark, what it finds without', async () => {
    const plain = await runJson(makeRepository({ [GOOD]: RETIRED }), [])
    const strange = await runJson(makeRepository({ [GOOD]: `\ufeff${RETIRED.replaceAll('\n', '\r\n')}` }), [])
    const places = ({ report }: typeof plain) => report.findings.map((finding) => [finding.ruleId, finding])
    expect(places(strange).map(([id]) => id)).toEqual(places(plain).map(([id]) => id))
    expect(strange.report.findings).toMatchObject(plain.report.findings.map(({ ruleId, path: file, severity }) => ({ ruleId, path: file, severity })))
  })
})

describe('a file that cannot be read', () => {
  const files = { [BAD]: CLEAN, [GOOD]: CLEAN }

  it('disappears while it is read', async () => {
    const folder = makeRepository(files)
    const openSync: typeof fs.openSync = (file, ...rest) => {
      if (String(file).endsWith('bad.yml')) fs.rmSync(file)
      return fs.openSync(file, ...rest)
    }
    const { code, report } = await runJson(folder, [], { fs: { openSync } })
    expect(code).toBe(1)
    expect(report.files).toMatchObject([{ path: BAD, status: 'unreadable', error: expect.stringContaining('disappeared') as string }, { path: GOOD, status: 'analysed' }])
  })

  it('is a symbolic link out of the repository, and nothing of its target is shown', async () => {
    const outside = makeFolder({ 'secret.yml': 'password: canary-value\n' })
    const folder = makeFolder({ [GOOD]: CLEAN })
    fs.symlinkSync(path.join(outside, 'secret.yml'), path.join(folder, BAD))
    for (const format of ['text', 'json', 'sarif', 'github', 'markdown']) {
      const { code, stdout } = await runMain(folder, ['analyze', '--format', format])
      expect(code).toBe(1)
      expect(stdout).toContain('leads out of the repository')
      expect(stdout).not.toContain('canary-value')
    }
  })

  it('may not be read', async () => {
    const folder = makeRepository(files)
    const openSync: typeof fs.openSync = (file, ...rest) => {
      if (String(file).endsWith('bad.yml')) throw Object.assign(new Error('no'), { code: 'EACCES' })
      return fs.openSync(file, ...rest)
    }
    const { code, report } = await runJson(folder, [BAD, GOOD], { fs: { openSync } })
    expect(code).toBe(1)
    expect(report.files).toMatchObject([{ error: expect.stringContaining('permission denied') as string }, { status: 'analysed' }])
  })

  it('is a link to nowhere that was asked for by name', async () => {
    const folder = makeFolder()
    fs.symlinkSync('nowhere', path.join(folder, 'x.yml'))
    const { code, report } = await runJson(folder, ['x.yml'])
    expect([code, report.files[0]?.status]).toEqual([1, 'unreadable'])
  })
})

describe('hostile names', () => {
  it('cannot move the cursor, start a line, or become a command', async () => {
    const name = '.github/workflows/\x1b[2J\n::error::x\u202e%0A.yml'
    const folder = makeRepository({ [name]: RETIRED })
    const text = await runMain(folder, ['analyze'])
    expect(text.stdout).not.toContain('\x1b')
    expect(text.stdout).not.toContain('\u202e')
    expect(text.stdout.split('\n').some((line) => line.trimStart().startsWith('::'))).toBe(false)
    const github = await runMain(folder, ['analyze', '--format', 'github'])
    expect(github.stdout.split('\n').filter((line) => line.startsWith('::'))).toHaveLength(1)
    const patch = await runMain(folder, ['fix'])
    expect(patch.stdout.split('\n').some((line) => line.startsWith('::'))).toBe(false)
  })
})
