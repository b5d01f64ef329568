import path from 'node:path'
import type * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { git, makeFolder, makeRepository, addFiles } from '../worktree/make-folder.ts'
import { runJson, runMain } from './run-main.ts'
import { CLEAN, RETIRED } from './workflows.ts'

const CI = '.github/workflows/ci.yml'

describe('analyze', () => {
  it('answers 0 for a repository without findings and says how many files it read', async () => {
    const { code, stdout, stderr } = await runMain(makeRepository({ [CI]: CLEAN }), ['analyze'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('1 file: no findings')
  })

  it('answers 1 for findings and prints place, message, rule, line and mark', async () => {
    const { code, stdout } = await runMain(makeRepository({ [CI]: RETIRED }), ['analyze'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^\.github\/workflows\/ci\.yml\n {2}6:14 {2}high {2}.*ubuntu-20\.04.* {2}retired-runner-image\n/)
    expect(stdout).toContain('    6 |     runs-on: ubuntu-20.04\n      |              ^^^^^^^^^^^^\n')
    expect(stdout).toContain('1 file: 1 high')
  })

  it.each([
    ['none', 0], ['high', 1], ['medium', 1], ['low', 1],
  ])('with --fail-on %s answers %i for a high finding', async (threshold, code) => {
    expect((await runMain(makeRepository({ [CI]: RETIRED }), ['analyze', '--fail-on', threshold])).code).toBe(code)
  })

  it('shows only what --min-severity and --min-confidence let through, and judges by that', async () => {
    const folder = makeRepository({ [CI]: CLEAN.replace('    timeout-minutes: 10\n', '') })
    const all = await runJson(folder, ['--profile', 'pedantic'])
    expect(all.report.findings.map(({ ruleId }) => ruleId)).toContain('missing-timeout')
    const some = await runJson(folder, ['--profile', 'pedantic', '--min-severity', 'high'])
    expect([some.code, some.report.findings]).toEqual([0, []])
    const sure = await runJson(folder, ['--profile', 'pedantic', '--min-confidence', 'high'])
    expect(sure.report.findings.every(({ confidence }) => confidence === 'high')).toBe(true)
  })

  it('judges by the date of --as-of', async () => {
    const folder = makeRepository({ [CI]: CLEAN.replace('ubuntu-24.04', 'ubuntu-22.04') })
    const removed = await runJson(folder, ['--as-of', '2027-05-01'])
    expect(removed.report.findings).toMatchObject([{ ruleId: 'retired-runner-image', severity: 'high' }])
    const later = await runJson(folder, [], { now: () => new Date('2027-05-01T00:00:00Z') })
    expect(later.report).toEqual(removed.report)
    const before = await runJson(folder, ['--as-of', '2026-06-01'])
    expect(before.report).not.toEqual(removed.report)
  })

  it('counts suppressed findings apart, and reports them with --no-ignores', async () => {
    const folder = makeRepository({ [CI]: RETIRED.replace('ubuntu-20.04', 'ubuntu-20.04 # autodevops: ignore[retired-runner-image] by=@ci until=2027-01-31 waits for the new image') })
    const quiet = await runJson(folder, [])
    expect([quiet.code, quiet.report.summary.suppressed]).toEqual([0, 1])
    expect((await runMain(folder, ['analyze'])).stdout).toContain('1 suppressed')
    expect((await runJson(folder, ['--no-ignores'])).code).toBe(1)
  })

  it('says what it did not check, and how it would be', async () => {
    const folder = makeRepository({ [CI]: CLEAN.replace('- run: make', '- uses: some-owner/some-action@v1') })
    const { stdout, stderr } = await runMain(folder, ['analyze', '--offline'])
    expect(stdout).toContain('not checked: the commit behind a tag or branch (1 place): the code host was not asked')
    expect(stderr).toContain('--online')
  })

  it('takes files in any folder, each once, under the names that were given', async () => {
    const folder = makeFolder({ 'sub/one.yml': RETIRED, 'sub/deeper/two.yml': CLEAN })
    const ran = await runJson(path.join(folder, 'sub/deeper'), ['two.yml', './two.yml', '../one.yml'])
    expect(ran.report.files.map((file) => [file.path, file.kind])).toEqual([['../one.yml', 'workflow'], ['two.yml', 'workflow']])
    expect(ran.report.findings).toMatchObject([{ path: '../one.yml' }])
  })

  it('names a file absolutely when it was given so and lies elsewhere', async () => {
    const file = path.join(makeFolder({ 'x.yml': CLEAN }), 'x.yml')
    expect((await runJson(makeFolder(), [file])).report.files[0]?.path).toBe(file)
    expect((await runJson(path.dirname(file), [file])).report.files[0]?.path).toBe('x.yml')
  })

  it('says that there is nothing to analyse, which is no failure', async () => {
    const { code, stderr } = await runMain(makeRepository({ 'README.md': '' }), ['analyze'])
    expect(code).toBe(0)
    expect(stderr).toContain('no CI files found')
  })

  it('finds every repository of a folder that holds several', async () => {
    const folder = makeFolder({ 'plain/.github/workflows/a.yml': CLEAN, 'plain/tools/action.yml': 'name: x\n' })
    addFiles(folder, { 'clone/.github/workflows/b.yml': RETIRED, 'clone/untracked/.github/workflows/c.yml': RETIRED })
    git(path.join(folder, 'clone'), 'init', '-q')
    git(path.join(folder, 'clone'), 'add', '.github')
    const { report } = await runJson(folder, [])
    expect(report.files.map((file) => file.path)).toEqual(['clone/.github/workflows/b.yml', 'plain/.github/workflows/a.yml', 'plain/tools/action.yml'])
    expect(report.summary.score).toBeNull()
  })

  it('takes a part of a repository, and the folder of the workflows itself', async () => {
    const folder = makeRepository({ [CI]: RETIRED, 'tools/action.yml': 'name: x\n', 'other/action.yml': 'name: x\n' })
    expect((await runJson(folder, ['tools'])).report.files.map((file) => file.path)).toEqual(['tools/action.yml'])
    expect((await runJson(path.join(folder, '.github/workflows'), [])).report.files.map((file) => file.path)).toEqual(['ci.yml'])
    expect((await runJson(folder, ['.github', 'tools'])).report.files.map((file) => file.path)).toEqual([CI, 'tools/action.yml'])
  })

  it('reads actions.lock along without reporting on it', async () => {
    const uses = 'some-owner/some-action@v1'
    const files = { [CI]: CLEAN.replace('- run: make', `- uses: ${uses}`) }
    expect((await runJson(makeRepository(files), [])).report.findings).toMatchObject([{ ruleId: 'unpinned-action' }])
    const lock = `version: 1\nworkflows:\n  ${CI}: ['${uses}']\ndependencies:\n  '${uses}': { ref: v1, commit: sha1-${'a'.repeat(40)}, owner_id: 1, repo_id: 2 }\n`
    const locked = await runJson(makeRepository({ ...files, '.github/workflows/actions.lock': lock }), [])
    expect(locked.report.findings).toEqual([])
    expect(locked.report.files.map((file) => file.path)).toEqual([CI])
  })

  it('reads local actions and called workflows along with a single file, without reporting on them', async () => {
    const action = 'name: Greet\ndescription: Greets\ninputs:\n  who:\n    required: true\nruns:\n  using: composite\n  steps:\n    - uses: ./inner\n'
    const files = {
      'ci.yml': CLEAN.replace('- run: make', '- uses: ./greet'),
      'greet/action.yaml': action,
      'inner/action.yml': 'name: Inner\ndescription: Does nothing\nruns:\n  using: none\n',
    }
    const { report } = await runJson(makeFolder(files), ['ci.yml'])
    expect(report.files.map((file) => file.path)).toEqual(['ci.yml'])
    expect(report.findings.map(({ ruleId, path: where }) => `${where} ${ruleId}`).sort()).toEqual(['ci.yml action-inputs', 'ci.yml self-repository-ref'])
  })

  it.each(['text', 'json', 'sarif', 'github', 'markdown'])('prints the same %s twice', async (format) => {
    const folder = makeRepository({ [CI]: RETIRED, 'action.yml': 'name: x\n' })
    const first = await runMain(folder, ['analyze', '--format', format])
    expect(first.stdout).not.toBe('')
    expect(await runMain(folder, ['analyze', '--format', format])).toEqual(first)
  })

  it('shows progress only on a terminal, after a while, and wipes it away', async () => {
    let atMs = Date.parse('2026-11-24T12:00:00Z')
    const now = () => new Date(atMs += 1_000)
    const folder = makeRepository({ [CI]: CLEAN })
    const { stderr } = await runMain(folder, ['analyze'], { now, isTerminal: true })
    expect(stderr).toBe('\r\x1b[Kreading 1 of 1 ...\r\x1b[K')
    expect((await runMain(folder, ['analyze'], { now })).stderr).toBe('')
  })

  it('ends with 3, in one sentence and without findings, when the tool itself fails', async () => {
    const folder = makeRepository({ [CI]: RETIRED })
    const readSync = (() => { throw new Error('a fault made by a test') }) as typeof fs.readSync
    const { code, stdout, stderr } = await runMain(folder, ['analyze'], { fs: { readSync } })
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/^autodevops: failed: a fault made by a test\n.*defect/)
  })
})
