import { describe, expect, it } from 'vitest'
import { makeFolder } from '../worktree/make-folder.ts'
import { runMain } from './run-main.ts'

const ci = (uses: string) => `name: CI\non: push\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-22.04\n    timeout-minutes: 5\n    steps:\n      - uses: ${uses}\n`
const FLEET = {
  'web/.github/workflows/ci.yml': ci('actions/checkout@v4'), 'api/.github/workflows/ci.yml': ci('actions/checkout@v7'),
  'api/.github/autodevops.yml': 'rules:\n  unpinned-action: off\n', 'docs/README.md': 'no pipelines\n',
}

interface FleetJson {
  readonly repositories: readonly { readonly name: string; readonly score: { readonly total: number }; readonly counts: { readonly high: number } }[]
  readonly rules: readonly { readonly ruleId: string; readonly repositories: number }[]
  readonly divergence: { readonly pipelines: readonly { readonly path: string; readonly variants: readonly unknown[] }[]; readonly actions: readonly { readonly action: string }[] }
  readonly calendar: readonly { readonly subject: string; readonly repositories: readonly string[] }[]
}

describe('fleet', () => {
  it('reports on every repository of a folder, each by its own policy', async () => {
    const { code, stdout } = await runMain(makeFolder(FLEET), ['fleet', '--format', 'json', '--as-of', '2026-11-27'])
    const report = JSON.parse(stdout) as FleetJson
    expect(code).toBe(1)
    expect(report.repositories.map(({ name }) => name).sort()).toEqual(['api', 'web'])
    expect(report.rules.find(({ ruleId }) => ruleId === 'unpinned-action')?.repositories).toBe(1)
    expect(report.divergence.pipelines.map(({ path, variants }) => [path, variants.length])).toEqual([['.github/workflows/ci.yml', 2]])
    expect(report.divergence.actions.map(({ action }) => action)).toEqual(['actions/checkout'])
    expect(report.calendar.find(({ subject }) => subject.includes('ubuntu-22.04'))?.repositories).toEqual(['api', 'web'])
  })

  it.each([
    ['text', /^acme: score \d+, 2 of 2 repositories analysed/],
    ['markdown', /^<!-- autodevops:fleet-report -->\n# acme\n/],
    ['csv', /^repository,score,/],
    ['html', /^<!doctype html>\n/],
  ])('prints it as %s', async (format, start) => {
    const { code, stdout, stderr } = await runMain(makeFolder(FLEET), ['fleet', '.', '--format', format, '--title', 'acme', '--fail-on', 'none'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(start)
    expect(stdout).toContain('web')
  })

  it('says when there is nothing, and refuses a folder that is not there', async () => {
    const empty = await runMain(makeFolder({ 'README.md': '' }), ['fleet'])
    expect([empty.code, empty.stderr]).toEqual([0, expect.stringContaining('no repository with CI files found') as string])
    expect((await runMain(makeFolder({}), ['fleet', 'missing'])).code).toBe(2)
  })
})
