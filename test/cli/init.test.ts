import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFolder, makeRepository } from '../worktree/make-folder.ts'
import { runJson, runMain } from './run-main.ts'
import { CLEAN, RETIRED } from './workflows.ts'

const CI = '.github/workflows/ci.yml'
const FILES = ['.github/autodevops-baseline.json', '.github/autodevops.yml', '.github/workflows/autodevops.yml']
const read = (folder: string, file: string): string => readFileSync(path.join(folder, file), 'utf8')

describe('init', () => {
  it('shows the first report and writes what it names, after which there is nothing to report', async () => {
    const folder = makeRepository({ [CI]: RETIRED })
    const { code, stdout, stderr } = await runMain(folder, ['init', '--yes'])
    expect([code, stdout.includes('retired-runner-image'), stdout.includes('1 finding would be accepted')]).toEqual([0, true, true])
    for (const file of FILES) expect([stderr.includes(`wrote ${file}`), existsSync(path.join(folder, file))]).toEqual([true, true])
    const after = await runJson(folder, ['--baseline', FILES[0] ?? ''])
    expect([after.code, after.report.findings, after.report.files.map(({ kind }) => kind)]).toEqual([0, [], ['policy', 'workflow', 'workflow']])
  })

  it('writes a workflow that our own rules find nothing in, whatever the profile', async () => {
    const folder = makeRepository({ [CI]: CLEAN })
    await runMain(folder, ['init', '--yes'])
    const { report } = await runJson(folder, ['--profile', 'auditor', FILES[2] ?? ''])
    expect(report.findings).toEqual([])
  })

  it.each([[['y'], true], [['yes'], true], [['n'], false], [[''], false], [[], false]])('asks on a terminal, and takes %j as %s', async (answers, isWritten) => {
    const folder = makeRepository({ [CI]: RETIRED })
    const { code, stderr } = await runMain(folder, ['init'], { answers })
    expect([code, existsSync(path.join(folder, FILES[1] ?? '')), stderr.includes('nothing was written')]).toEqual([0, isWritten, !isWritten])
  })

  it('writes nothing without a terminal or --yes', async () => {
    const folder = makeRepository({ [CI]: RETIRED })
    const { code, stderr } = await runMain(folder, ['init'])
    expect([code, readdirSync(path.join(folder, '.github')), stderr]).toEqual([2, ['workflows'], expect.stringContaining('say --yes')])
  })

  it('leaves files that exist as they are', async () => {
    const folder = makeRepository({ [CI]: RETIRED, '.github/autodevops.yml': 'profile: auditor\n', 'zizmor.yml': 'rules: {artipacked: {disable: true}}\n' })
    const { stdout } = await runMain(folder, ['init', '--yes'])
    expect(read(folder, '.github/autodevops.yml')).toBe('profile: auditor\n')
    expect(stdout).toContain('.github/autodevops.yml is there: settings of other tools are not merged into it')
    expect((await runMain(folder, ['init', '--yes'])).stdout).toContain(`is there      ${FILES[0] ?? ''}: left as it is`)
  })

  it('carries over settings of zizmor and actionlint, and names what it could not', async () => {
    const folder = makeRepository({
      [CI]: CLEAN.replace('- run: make', '- uses: acme/a@v1'),
      '.github/zizmor.yml': 'rules:\n  unpinned-uses:\n    ignore: [ci.yml]\n  strange:\n    disable: true\n',
      '.github/actionlint.yaml': 'self-hosted-runner:\n  labels: [gpu]\n',
    })
    const { stdout } = await runMain(folder, ['init', '--yes', '--owner', '@acme/ci'])
    expect(read(folder, '.github/autodevops.yml')).toContain('  - rule: [unpinned-action, unpinned-official-action]\n    path: ci.yml\n    by: "@acme/ci"\n    reason: carried over from zizmor and actionlint\n')
    expect(read(folder, '.github/autodevops.yml')).toContain('runner-labels:\n  - gpu\n')
    expect(stdout).toContain(".github/zizmor.yml:4: no rule here reports what 'strange' does")
    expect((await runJson(folder, [CI])).report.findings).toMatchObject([{ ruleId: 'unpinned-action', suppressed: { kind: 'policy', by: '@acme/ci' } }])
  })

  it('converts comments on request, and asks who answers for them', async () => {
    const workflow = CLEAN.replace('- run: make', '- uses: acme/a@v1 # zizmor: ignore[unpinned-uses]')
    const folder = makeRepository({ [CI]: workflow })
    await runMain(folder, ['init'], { answers: ['y'] })
    expect(read(folder, CI)).toBe(workflow)
    const { code, stderr } = await runMain(folder, ['init', '--convert-suppressions'], { answers: ['@acme/ci', 'y'] })
    expect([code, stderr.includes('Who answers')]).toEqual([0, true])
    expect(read(folder, CI)).toContain('# autodevops: ignore[unpinned-action] by=@acme/ci carried over from zizmor\n')
  })

  it.each([
    [['init', '--yes', '--convert-suppressions'], 'say --owner NAME'],
    [['init', '--yes', '--convert-suppressions', '--owner', 'the team'], "--owner is one word, but got 'the team'"],
    [['init', 'missing'], "no such folder: 'missing'"],
    [['init', '.', '.'], "init takes one FOLDER, but got also '.'"],
  ])('answers 2 to %j', async (argv, message) => {
    const folder = makeFolder({ [CI]: CLEAN.replace('- run: make', '- uses: acme/a@v1 # zizmor: ignore[unpinned-uses]') })
    const { code, stderr } = await runMain(folder, argv)
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})
