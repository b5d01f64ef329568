import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { git, makeFolder, makeRepository } from '../worktree/make-folder.ts'
import { runJson, runMain } from './run-main.ts'
import { CLEAN, RETIRED } from './workflows.ts'

const CI = '.github/workflows/ci.yml'
const OTHER = '.github/workflows/other.yml'
const commit = (folder: string): string => git(folder, 'commit', '-q', '-m', 'x')
const rulesIn = async (folder: string, ...args: string[]) => (await runJson(folder, args)).report.findings.map(({ ruleId, path: file }) => `${file} ${ruleId}`)

describe('a baseline', () => {
  it('accepts what there is, and lets later runs report only what is new', async () => {
    const folder = makeFolder({ [CI]: RETIRED })
    const first = await runMain(folder, ['analyze', '--write-baseline', 'ci/baseline.json'])
    expect([first.code, first.stdout.includes('not shown: 1 finding in the baseline')]).toEqual([0, true])
    expect((await runMain(folder, ['analyze', '--baseline', 'ci/baseline.json'])).code).toBe(0)
    writeFileSync(path.join(folder, OTHER), RETIRED)
    const { code, report } = await runJson(folder, ['--baseline', 'ci/baseline.json'])
    expect([code, report.findings.map(({ path: file }) => file), report.summary.notShown]).toEqual([1, [OTHER], [{ reason: 'in the baseline', count: 1 }]])
  })

  it('is written whole even when an older one is read', async () => {
    const folder = makeFolder({ [CI]: RETIRED })
    await runMain(folder, ['analyze', '--write-baseline', 'b.json'])
    const text = readFileSync(path.join(folder, 'b.json'), 'utf8')
    await runMain(folder, ['analyze', '--baseline', 'b.json', '--write-baseline', 'b.json'])
    expect(readFileSync(path.join(folder, 'b.json'), 'utf8')).toBe(text)
  })

  it('keeps fix away from what it lists', async () => {
    const folder = makeFolder({ [CI]: RETIRED })
    await runMain(folder, ['analyze', '--write-baseline', 'b.json'])
    const { code, stdout } = await runMain(folder, ['fix', '--baseline', 'b.json'])
    expect([code, stdout]).toEqual([0, ''])
  })

  it('answers 3 when it cannot be written', async () => {
    const folder = makeFolder({ [CI]: RETIRED, file: '' })
    const { code, stderr } = await runMain(folder, ['analyze', '--write-baseline', 'file/b.json'])
    expect([code, stderr]).toEqual([3, expect.stringContaining('autodevops: not written: file/b.json: ')])
  })

  it.each([
    [['--baseline', 'none.json'], "--baseline: no such file: 'none.json'; --write-baseline writes one"],
    [['--baseline', 'bad.json'], "--baseline: 'bad.json' cannot be used: it is not JSON"],
    [['--write-baseline', 'b.json', '--changed-since', 'main'], '--write-baseline and --changed-since exclude each other'],
    [['--baseline', ''], '--baseline needs a value: FILE'],
  ])('answers 2 to %j', async (args, message) => {
    const { code, stderr } = await runMain(makeFolder({ [CI]: RETIRED, 'bad.json': '{' }), ['analyze', ...args])
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})

describe('--changed-since', () => {
  it('shows findings on changed lines and in new files, and counts the others', async () => {
    const folder = makeRepository({ [CI]: RETIRED, [OTHER]: CLEAN })
    commit(folder)
    expect(await rulesIn(folder, '--changed-since', 'HEAD')).toEqual([])
    writeFileSync(path.join(folder, OTHER), RETIRED)
    writeFileSync(path.join(folder, '.github/workflows/üñ.yml'), RETIRED)
    const { report } = await runJson(folder, ['--changed-since', 'HEAD'])
    expect(report.findings.map(({ path: file }) => file)).toEqual([OTHER, '.github/workflows/üñ.yml'])
    expect(report.summary.notShown).toEqual([{ reason: 'on lines that did not change', count: 1 }])
  })

  it('compares with the point where the ref and the branch parted', async () => {
    const folder = makeRepository({ [CI]: RETIRED, [OTHER]: CLEAN })
    commit(folder)
    git(folder, 'checkout', '-q', '-b', 'feature')
    writeFileSync(path.join(folder, OTHER), RETIRED)
    git(folder, 'commit', '-q', '-a', '-m', 'x')
    git(folder, 'checkout', '-q', 'main')
    writeFileSync(path.join(folder, CI), CLEAN)
    git(folder, 'commit', '-q', '-a', '-m', 'x')
    git(folder, 'checkout', '-q', 'feature')
    expect(await rulesIn(folder, '--changed-since', 'main')).toEqual([`${OTHER} retired-runner-image`])
  })

  it('is not misled by text that looks like a diff', async () => {
    const folder = makeRepository({ [CI]: RETIRED, [OTHER]: CLEAN })
    commit(folder)
    writeFileSync(path.join(folder, OTHER), CLEAN.replace('run: make', `run: |\n          make\n++ b/${CI}\n@@ -1 +1,99 @@`))
    expect(await rulesIn(folder, '--changed-since', 'HEAD')).not.toContain(`${CI} retired-runner-image`)
  })

  it('counts a removed line as a change of those that now meet', async () => {
    const folder = makeRepository({ [CI]: RETIRED.replace('    timeout-minutes: 10\n', '    timeout-minutes: 10\n    env: {A: b}\n').replace('    timeout-minutes: 10\n', '') })
    commit(folder)
    writeFileSync(path.join(folder, CI), RETIRED.replace('    timeout-minutes: 10\n', ''))
    expect(await rulesIn(folder, '--changed-since', 'HEAD')).toContain(`${CI} retired-runner-image`)
  })

  it('takes files of a folder below the top of the repository', async () => {
    const folder = makeRepository({ [`sub/${CI}`]: CLEAN })
    commit(folder)
    writeFileSync(path.join(folder, 'sub', CI), RETIRED)
    expect(await rulesIn(path.join(folder, 'sub'), '--changed-since', 'HEAD')).toEqual([`${CI} retired-runner-image`])
  })

  it.each([
    ['nowhere', "--changed-since: git knows no 'nowhere' in "],
    ['HEAD:x', "--changed-since: git knows no 'HEAD:x' in "],
  ])('answers 2 to the unknown ref %s', async (ref, message) => {
    const folder = makeRepository({ [CI]: RETIRED })
    commit(folder)
    const { code, stderr } = await runMain(folder, ['analyze', '--changed-since', ref])
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })

  it('says that it needs a repository, and git', async () => {
    const folder = makeFolder({ [CI]: RETIRED })
    expect((await runMain(folder, ['analyze', '--changed-since', 'main'])).stderr).toContain('--changed-since needs a git repository')
    const { code, stderr } = await runMain(folder, ['analyze', '--changed-since', 'main'], { git: () => ({ status: 'missing' }) })
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no git on this machine')])
  })
})

describe('the policy file', () => {
  it('is found by itself, decides, and is reported on', async () => {
    const folder = makeFolder({ [CI]: RETIRED, '.github/autodevops.yml': 'rules:\n  retired-runner-image: off\nprofil: x\n' })
    expect(await rulesIn(folder)).toEqual(['.github/autodevops.yml unknown-key'])
    expect(await rulesIn(folder, CI)).toEqual(['.github/autodevops.yml unknown-key'])
  })

  it('is the file of --config instead, wherever it lies', async () => {
    const folder = makeFolder({ [CI]: RETIRED, '.github/autodevops.yml': 'rules: {retired-runner-image: off}\n', 'p.yml': 'rules: {retired-runner-image: low, missing-tim: off}\n' })
    const elsewhere = path.join(makeFolder({ 'q.yml': 'profil: x\n' }), 'q.yml')
    expect(await rulesIn(folder, '--config', 'p.yml')).toEqual([`${CI} retired-runner-image`, 'p.yml unknown-key'])
    expect(await rulesIn(folder, '--config', elsewhere)).toEqual([`${CI} retired-runner-image`, `${elsewhere} unknown-key`])
    rmSync(elsewhere)
    expect((await runMain(folder, ['analyze', '--config', elsewhere])).code).toBe(2)
  })

  it('gives way to a profile on the command line', async () => {
    const folder = makeFolder({ [CI]: CLEAN.replace('    timeout-minutes: 10\n', ''), '.github/autodevops.yml': 'profile: pedantic\n' })
    expect(await rulesIn(folder)).toContain(`${CI} missing-timeout`)
    expect(await rulesIn(folder, '--profile', 'regular')).not.toContain(`${CI} missing-timeout`)
  })

  it('hides nothing from --no-ignores', async () => {
    const folder = makeFolder({ [CI]: RETIRED, '.github/autodevops.yml': 'ignore-paths: [.github/workflows/]\n' })
    expect(await rulesIn(folder)).toEqual([])
    expect(await rulesIn(folder, '--no-ignores')).toEqual([`${CI} retired-runner-image`])
  })
})
