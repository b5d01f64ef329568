import { describe, expect, it } from 'vitest'
import { makeFolder } from '../worktree/make-folder.ts'
import { runMain } from './run-main.ts'

const ci = (uses: string) => `name: CI\non: push\npermissions: {}\njobs:\n  test:\n    runs-on: ubuntu-22.04\n    timeout-minutes: 5\n    steps:\n      - uses: ${uses}\n`
const FLEET = {
  'web/.github/workflows/ci.yml': ci('actions/checkout@v4'), 'api/.github/workflows/ci.yml': ci('actions/checkout@v7'),
  'api/.github/autodevops.yml': 'rules:\n  unpinned-official-action: off\n', 'docs/README.md': 'no pipelines\n',
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
    expect(report.rules.find(({ ruleId }) => ruleId === 'unpinned-official-action')?.repositories).toBe(1)
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

  it('with an earlier run tells what changed since, and how old findings are, from run to run', async () => {
    const first = await runMain(makeFolder(FLEET), ['fleet', '--format', 'json', '--as-of', '2026-11-13'])
    const changed = { ...FLEET, 'web/.github/workflows/ci.yml': `${ci('actions/checkout@v4')}      - uses: acme/deploy@v1\n`, 'fresh/.github/workflows/ci.yml': ci('actions/checkout@v7'), 'first.json': first.stdout }
    const second = await runMain(makeFolder(changed), ['fleet', '--history', 'first.json', '--format', 'json', '--as-of', '2026-11-20'])
    const third = await runMain(makeFolder({ ...FLEET, 'second.json': second.stdout }), ['fleet', '--history', 'second.json', '--format', 'json', '--as-of', '2026-11-27'])
    interface Compared { readonly since: string | null; readonly repositories: readonly { name: string; driftAgeDays: number | null; week: { appeared: number; fixed: number; scoreBefore: number } | null; score: { total: number } }[] }
    const [before, after, last] = [first, second, third].map(({ stdout }) => JSON.parse(stdout) as Compared)
    const rowOf = (report: Compared | undefined, name: string) => report?.repositories.find((row) => row.name === name)
    expect(before).toMatchObject({ since: null, repositories: [{ week: null, driftAgeDays: null }, { week: null, driftAgeDays: null }] })
    expect(after?.since).toBe('2026-11-13')
    expect(rowOf(after, 'web')).toMatchObject({ driftAgeDays: 7, week: { appeared: 1, fixed: 0, scoreBefore: rowOf(before, 'web')?.score.total } })
    expect(rowOf(after, 'api')).toMatchObject({ driftAgeDays: 7, week: { appeared: 0, fixed: 0 } })
    expect(rowOf(after, 'fresh')).toMatchObject({ driftAgeDays: null, week: null })
    expect(rowOf(last, 'web')).toMatchObject({ driftAgeDays: 14, week: { appeared: 0, fixed: 1 } })
  })

  it.each([
    ['text', /\n {2}.*; drift age 7 days; since 2026-11-13 \+0 -0\n[^]*\nSince 2026-11-13\n {2}0 new findings, 0 fixed\.\n/],
    ['markdown', /\n## Since 2026-11-13\n\n0 new findings, 0 fixed\.\n/],
    ['html', /<h2>Since 2026-11-13<\/h2><p>0 new findings, 0 fixed\.<\/p>.*<th scope="col">since 2026-11-13<\/th>/s],
  ])('says since when as %s', async (format, expected) => {
    const { stdout: earlier } = await runMain(makeFolder(FLEET), ['fleet', '--format', 'json', '--as-of', '2026-11-13'])
    const { stdout } = await runMain(makeFolder({ ...FLEET, 'earlier.json': earlier }), ['fleet', '--history', 'earlier.json', '--format', format, '--as-of', '2026-11-20'])
    expect(stdout).toMatch(expected)
  })

  it.each([
    ['{', 'it is not JSON'],
    ['[]', 'its schemaVersion is not 1'],
    ['{"schemaVersion":1,"repositories":[]}', "it has no date 'today'"],
    ['{"schemaVersion":1,"today":"2026-11-13"}', "it has no list 'repositories'"],
    ['{"schemaVersion":1,"today":"2026-11-13","repositories":[{"name":"web","score":null}]}', 'repositories[0] does not say which findings were open'],
    ['{"schemaVersion":1,"today":"2026-11-13","repositories":[{"name":"web","open":{"a":5}}]}', 'repositories[0] does not say which findings were open'],
    ['{"schemaVersion":1,"today":"2026-12-24","repositories":[]}', "'h.json' is of 2026-12-24, which is after 2026-11-20"],
    [null, "--history: no such file: 'h.json'; 'fleet --format json' writes one"],
  ])('refuses the history %s', async (text, reason) => {
    const { code, stdout, stderr } = await runMain(makeFolder({ ...FLEET, ...(text === null ? {} : { 'h.json': text }) }), ['fleet', '--history', 'h.json', '--as-of', '2026-11-20'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(reason)
  })

  it('says when there is nothing, and refuses a folder that is not there', async () => {
    const empty = await runMain(makeFolder({ 'README.md': '' }), ['fleet'])
    expect([empty.code, empty.stderr]).toEqual([0, expect.stringContaining('no repository with CI files found') as string])
    expect((await runMain(makeFolder({}), ['fleet', 'missing'])).code).toBe(2)
  })
})
