// The built Action as a runner starts it, without a control plane: on this process's Node and on the runner's, for github.com and
// for an enterprise server, with every connection refused and recorded.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { afterEach, describe, expect, it } from 'vitest'
import { faultsIn } from '../analysis/report/sarif-schema.ts'
import { CLEAN, RETIRED } from '../cli/workflows.ts'
import { checkOut } from '../runner/checkout.ts'
import { findNode24 } from '../runner/node-24.ts'
import { runAction, type ActionRun } from '../runner/run-action.ts'
import { readSampleFiles } from '../sample/sample-files.ts'

const CI = '.github/workflows/ci.yml'
const HEAD = 'a'.repeat(40)
const GITHUB = { webUrl: 'https://github.com', apiUrl: 'https://api.github.com' }
const ENTERPRISE = { webUrl: 'https://ghes.example.com', apiUrl: 'https://ghes.example.com/api/v3' }
const NODE_24 = findNode24()

const checkouts: { remove(): void }[] = []
afterEach(() => { for (const checkout of checkouts.splice(0)) checkout.remove() })

function workspaceWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const checkout = checkOut(files, HEAD)
  checkouts.push(checkout)
  return checkout.folder
}

const runIn = (workspace: string, inputs: Readonly<Record<string, string>> = {}, run: Partial<ActionRun> = {}) =>
  runAction({ workspace, inputs, repository: { fullName: 'acme/shop', id: 7, ownerId: 4242 }, sha: HEAD, ...run })

const linesOf = (output: string, start: string): string[] => output.split('\n').filter((line) => line.startsWith(start))

it.runIf(process.platform === 'linux' && process.arch === 'x64')("has the runner's Node at hand", () => {
  expect(NODE_24).not.toBeNull()
})

describe.each([
  { runtime: `this Node (${process.versions.node})`, node: process.execPath },
  ...(NODE_24 === null ? [] : [{ runtime: 'Node 24', node: NODE_24 }]),
])('the bundle on $runtime', ({ node }) => {
  it.each([
    { host: 'github.com', codeHost: GITHUB, hasHostedImages: true },
    { host: 'an enterprise server', codeHost: ENTERPRISE, hasHostedImages: false },
  ])('reports the sample repository for $host and reaches for nothing', async ({ codeHost, hasHostedImages }) => {
    const workspace = workspaceWith(readSampleFiles())
    const { exitCode, output, outputs, summary, refusals } = await runIn(workspace, { 'sarif-file': 'out/findings.sarif' }, { node, codeHost, githubToken: 'ghs_x' })
    expect(refusals).toEqual([])
    expect(exitCode).toBe(0)
    const [high, medium, low, findings] = ['high', 'medium', 'low', 'findings'].map((name) => Number(outputs[name]))
    expect(high).toBeGreaterThan(0)
    expect((high ?? 0) + (medium ?? 0) + (low ?? 0)).toBeLessThanOrEqual(findings ?? 0)
    expect(Number(outputs.score)).toBeLessThan(100)
    expect(outputs).toMatchObject({
      source: 'local', 'analysis-id': '', 'analysis-url': '', 'pull-request-url': '', 'tokens-used': '0', 'cost-usd': '0.000000',
      'sarif-file': path.join(workspace, 'out/findings.sarif'),
    })
    expect(linesOf(output, '::error file=.github/workflows/ci.yml,line=').length).toBeGreaterThan(0)
    expect(summary).toContain('dead-action-runtime')
    expect(summary.includes('retired-runner-image')).toBe(hasHostedImages)
    const sarif = JSON.parse(readFileSync(path.join(workspace, 'out/findings.sarif'), 'utf8')) as { runs: [{ results: { suppressions?: unknown[] }[] }] }
    expect(faultsIn(sarif)).toEqual([])
    expect(sarif.runs[0].results.filter((result) => (result.suppressions ?? []).length === 0)).toHaveLength(findings ?? 0)
  })

  it('finds nothing in a clean workflow', async () => {
    const { exitCode, outputs, output, refusals } = await runIn(workspaceWith({ [CI]: CLEAN }), { 'fail-on': 'low' }, { node })
    expect([exitCode, outputs.findings, outputs.score, refusals]).toEqual([0, '0', '100', []])
    expect(linesOf(output, '::').filter((line) => !line.startsWith('::add-mask::'))).toEqual([])
  })
})

describe('the exit code', () => {
  it('is 1 for a finding at the threshold of fail-on, with everything still written', async () => {
    const { exitCode, output, outputs, summary } = await runIn(workspaceWith({ [CI]: RETIRED }), { 'fail-on': 'high' })
    expect([exitCode, outputs.high, outputs.source]).toEqual([1, '1', 'local'])
    expect(output).toMatch(/^::error file=\.github\/workflows\/ci\.yml,line=6,.*retired-runner-image/m)
    expect(output).toMatch(/^::error::there are findings at or above 'high' \(input fail-on\)$/m)
    expect(summary).toContain('retired-runner-image')
  })

  it('is 1 for an input that is not allowed, and the error names the input, its value and what is', async () => {
    const { exitCode, output, outputs } = await runIn(workspaceWith({ [CI]: CLEAN }), { profile: 'strict' })
    expect([exitCode, outputs]).toEqual([1, {}])
    expect(output).toMatch(/^::error::INPUT_INVALID: input profile is 'strict'; it must be regular, pedantic or auditor$/m)
  })

  it('is 1 for a SARIF file that cannot be written, with everything else written', async () => {
    const { exitCode, output, outputs, summary } = await runIn(workspaceWith({ [CI]: RETIRED }), { 'sarif-file': '.github' })
    expect([exitCode, outputs.findings, outputs['sarif-file']]).toEqual([1, '1', ''])
    expect(output).toMatch(/^::error::INPUT_INVALID: input sarif-file .*EISDIR/m)
    expect(summary).toContain('retired-runner-image')
  })

  it('is 1 without a checkout, and the error says how to get one', async () => {
    const { exitCode, output } = await runIn(workspaceWith({}))
    expect(exitCode).toBe(1)
    expect(output).toMatch(/^::error::NO_CHECKOUT: .*actions\/checkout/m)
  })
})

it('does without a job summary where the runner has none', async () => {
  const { exitCode, outputs, summary } = await runIn(workspaceWith({ [CI]: RETIRED }), {}, { env: { GITHUB_STEP_SUMMARY: '' } })
  expect([exitCode, outputs.findings, summary]).toEqual([0, '1', ''])
})

describe('a hostile file beside a good one', () => {
  it.each<{ what: string; bytes: string | Uint8Array; reason: RegExp }>([
    { what: '5 MB', bytes: `on: push\n# ${'x'.repeat(5_000_000)}\n`, reason: /limit is 1048576 bytes/ },
    { what: 'binary', bytes: Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0), reason: /binary/ },
    { what: '10,000 levels deep', bytes: `on: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`, reason: /nest|deep|level/ },
  ])('is named and costs the other nothing: $what', async ({ bytes, reason }) => {
    const { exitCode, output, outputs } = await runIn(workspaceWith({ '.github/workflows/bad.yml': bytes, [CI]: RETIRED }))
    expect([exitCode, outputs.source]).toEqual([0, 'local'])
    expect(output).toMatch(/^::error file=\.github\/workflows\/ci\.yml,line=6,.*retired-runner-image/m)
    expect(linesOf(output, '::error file=.github/workflows/bad.yml').join('\n')).toMatch(reason)
  })

  it('cannot speak to the runner', async () => {
    const hostile = `"x\\n::set-output name=findings::0\\r::add-path::y": 1\n${RETIRED.replace('name: CI', 'name: "::stop-commands::x"')}`
    const { output } = await runIn(workspaceWith({ [CI]: hostile }))
    expect(output).toContain('::set-output name=findings')
    for (const line of linesOf(output, '::')) expect(line).toMatch(/^::(error|warning|notice|add-mask)[ :]/)
  })
})
