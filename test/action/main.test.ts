import * as fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { run } from '../../action/main.ts'
import { formatBaseline } from '../../analysis/policy/baseline.ts'
import type { AnalysisOutcome, AnalysisWire } from '../../contract/analyses.ts'
import { internalError, startBrokenServer, type BrokenStep } from '../broken-server/start-broken-server.ts'
import { checkOut } from '../runner/checkout.ts'
import { createFakeWorld, type FakeWorldOptions } from './fake-world.ts'

const HEAD = 'a'.repeat(40)
const CI = 'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-20.04\n    steps:\n      - run: echo hello\n'
const GOOD = CI.replace('ubuntu-20.04', 'ubuntu-24.04')

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function workspaceWith(files: Record<string, string>, commit = HEAD): string {
  const checkout = checkOut(files, commit)
  closing.push(() => { checkout.remove() })
  return checkout.folder
}

async function runIn(workspace: string, options: Omit<FakeWorldOptions, 'workspace'> = {}) {
  const { world, recorded } = createFakeWorld({ workspace, ...options })
  await run(world)
  return recorded
}

async function serve(...script: [BrokenStep, ...BrokenStep[]]) {
  const server = await startBrokenServer(script)
  closing.push(() => server.close())
  return server
}

describe('alone on the runner', () => {
  it('annotates the line, counts, and passes by default', async () => {
    const recorded = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI }))
    expect(recorded.failures).toEqual([])
    expect(recorded.text).toMatch(/^::error file=\.github\/workflows\/ci\.yml,line=5,.*retired-runner-image/m)
    expect(recorded.outputs).toMatchObject({ findings: '1', high: '1', medium: '0', low: '0', source: 'local', 'analysis-id': '', 'pull-request-url': '' })
  })

  it('fails the step when a finding reaches fail-on, and only then', async () => {
    const workspace = workspaceWith({ '.github/workflows/ci.yml': CI })
    expect((await runIn(workspace, { inputs: { 'fail-on': 'high' } })).failures).toEqual(["there are findings at or above 'high' (input fail-on)"])
    expect((await runIn(workspaceWith({ '.github/workflows/ci.yml': GOOD }), { inputs: { 'fail-on': 'low' } })).failures).toEqual([])
  })

  it('names a missing checkout and the way out', async () => {
    const recorded = await runIn(workspaceWith({}))
    expect(recorded.failures).toEqual([expect.stringMatching(/^NO_CHECKOUT: there is no checkout in '\.'; add a step with actions\/checkout/)])
  })

  it('refuses a path outside the workspace', async () => {
    const recorded = await runIn(workspaceWith({ 'a.txt': '' }), { inputs: { path: '../..' } })
    expect(recorded.failures).toEqual(["INPUT_INVALID: input path is '../..'; it must lie inside the workspace"])
  })

  it('reads the policy file, and reports a mistake in it at its place', async () => {
    const off = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI, '.github/autodevops.yml': 'rules:\n  retired-runner-image: off\n' }))
    expect(off.outputs.findings).toBe('0')
    const bad = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI, '.github/autodevops.yml': 'profil: regular\n' }))
    expect(bad.text).toMatch(/^::error file=\.github\/autodevops\.yml,line=1,.*::'profil' is no key of the file; did you mean 'profile'\?/m)
  })

  it('takes a policy file of another name as one', async () => {
    const recorded = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI, 'ci/policy.yml': 'rules:\n  retired-runner-image: of\n' }), { inputs: { config: 'ci/policy.yml' } })
    expect(recorded.text).toMatch(/^::error file=ci\/policy\.yml,line=2,.*::rules\.retired-runner-image is text 'of'/m)
  })

  it('refuses a policy file outside the input path', async () => {
    const recorded = await runIn(workspaceWith({ 'a/x.yml': '', 'policy.yml': '' }), { inputs: { path: 'a', config: '../policy.yml' } })
    expect(recorded.failures).toEqual(["INPUT_INVALID: input config is '../policy.yml'; it must lie inside the input path"])
  })

  it("knows the default branch from the run's event, where it has one", async () => {
    const workspace = workspaceWith({ '.github/workflows/ci.yml': GOOD.replace('on: push', 'on: [push, pull_request]') })
    const sarifFor = async (payload: NonNullable<FakeWorldOptions['payload']>): Promise<string> => {
      await runIn(workspace, { inputs: { profile: 'pedantic', 'sarif-file': 'r.sarif' }, payload })
      return fs.readFileSync(path.join(workspace, 'r.sarif'), 'utf8')
    }
    expect(await sarifFor({ repository: { default_branch: 'trunk' } })).toContain('branches: [trunk]')
    expect(await sarifFor({})).toContain('wasted-runs')
    expect(await sarifFor({})).not.toContain('branches: [')
  })

  it('reports only what the baseline does not know, and says how much it knows', async () => {
    const first = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI }), { inputs: { 'sarif-file': 'out/r.sarif' } })
    const sarif = JSON.parse(fs.readFileSync(first.outputs['sarif-file'] ?? '', 'utf8')) as { runs: { results: { partialFingerprints: Record<string, string>; ruleId: string }[] }[] }
    const fingerprints = sarif.runs.flatMap(({ results }) => results.flatMap(({ partialFingerprints }) => Object.values(partialFingerprints)))
    const baseline = formatBaseline(fingerprints.map((fingerprint) => ({ fingerprint, ruleId: 'retired-runner-image', path: 'x', message: '', severity: 'high', confidence: 'high', profile: 'regular', start: { line: 1, column: 1 }, end: { line: 1, column: 1 }, fix: null })))
    const recorded = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI, 'baseline.json': baseline }), { inputs: { baseline: 'baseline.json', 'fail-on': 'low' } })
    expect(recorded.outputs.findings).toBe('0')
    expect(recorded.failures).toEqual([])
    expect(recorded.log).toContain('1 more are in the baseline')
  })

  it('keeps the results of good files beside one that disappears while it is read', async () => {
    const workspace = workspaceWith({ '.github/workflows/ci.yml': CI, '.github/workflows/gone.yml': GOOD })
    const vanishing = { ...fs, openSync: ((file: string, ...rest: [string]) => {
      if (String(file).endsWith('gone.yml')) fs.rmSync(path.join(workspace, '.github/workflows/gone.yml'), { force: true })
      return fs.openSync(file, ...rest)
    }) as typeof fs.openSync }
    const recorded = await runIn(workspace, { fs: vanishing })
    expect(recorded.text).toMatch(/file=\.github\/workflows\/gone\.yml.*yaml-syntax/)
    expect(recorded.text).toMatch(/file=\.github\/workflows\/ci\.yml.*retired-runner-image/)
  })

  it('escapes what comes from a file, so that it cannot become a command', async () => {
    const hostile = CI.replace('ubuntu-20.04', '"ubuntu-20.04\\n::set-output name=x::%0A\\r::error::owned"')
    const recorded = await runIn(workspaceWith({ '.github/workflows/ci.yml': hostile }))
    for (const line of recorded.text.split('\n')) expect(line).toMatch(/^(::(error|warning|notice) |::(error|warning|notice)::|AutoDevOps|$)/)
    expect(recorded.text).not.toMatch(/^::set-output/m)
  })
})

describe('with a control plane', () => {
  const outcome: AnalysisOutcome = {
    files: [{ path: '.github/workflows/ci.yml', kind: 'workflow', status: 'analysed' }], findings: [],
    score: { total: 97, security: 100, reliability: 100, performance: 100, dependencies: 100, maintainability: 100 }, notChecked: [],
    summary: { high: 0, medium: 0, low: 0, info: 0, suppressed: 0 },
    pullRequest: { state: 'opened', number: 3, url: 'https://github.com/acme/shop/pull/3', reason: null },
    replacedTexts: [], tokensUsed: 1200, costMicroUsd: 4500,
  }
  const analysis = (over: Partial<AnalysisWire>): BrokenStep => ({
    kind: 'json', status: 200,
    body: { id: 'a1', url: 'https://plane.example/v1/analyses/a1', state: 'done', repository: 'acme/shop', ref: 'refs/heads/main', commit: HEAD, createdAt: '2026-11-24T12:00:00Z', endedAt: null, outcome: null, error: null, ...over },
  })
  const identity = (): string => 'oidc-canary'

  it('takes its result, its pull request and its bill', async () => {
    const server = await serve(analysis({ outcome }))
    const recorded = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI }), { inputs: { 'control-plane-url': server.url }, identity })
    expect(recorded.outputs).toMatchObject({ source: 'control-plane', findings: '0', score: '97', 'analysis-id': 'a1', 'pull-request-url': 'https://github.com/acme/shop/pull/3', 'tokens-used': '1200', 'cost-usd': '0.004500' })
  })

  it('asks for an identity token whose audience is the control plane, and masks it', async () => {
    const server = await serve(analysis({ outcome }))
    const audiences: (string | undefined)[] = []
    const recorded = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI }), { inputs: { 'control-plane-url': `${server.url}/` }, identity: (audience) => (audiences.push(audience), 'oidc-canary') })
    expect(audiences).toEqual([server.url, server.url])
    expect(recorded.secrets).toContain('oidc-canary')
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer oidc-canary', 'Bearer oidc-canary'])
  })

  it('reports its own result when the control plane fails, and says so', async () => {
    const server = await serve(internalError)
    const recorded = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI }), { inputs: { 'control-plane-url': server.url }, identity })
    expect(recorded.failures).toEqual([])
    expect(recorded.outputs).toMatchObject({ source: 'local', findings: '1' })
    expect(recorded.warnings).toEqual([expect.stringMatching(/^CONTROL_PLANE_REFUSED: .*answered 500.*this runner's own result$/)])
  })

  it('fails instead where on-control-plane-error says so', async () => {
    const server = await serve(internalError)
    const recorded = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI }), { inputs: { 'control-plane-url': server.url, 'on-control-plane-error': 'fail' }, identity })
    expect(recorded.failures).toEqual([expect.stringMatching(/^CONTROL_PLANE_REFUSED/)])
  })

  it('explains a run that can get no identity token', async () => {
    const server = await serve(analysis({ outcome }))
    const recorded = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI }), { inputs: { 'control-plane-url': server.url } })
    expect(recorded.warnings).toEqual([expect.stringMatching(/^NO_IDENTITY: .*id-token: write/)])
    expect([recorded.outputs.source, server.requests.length]).toEqual(['local', 0])
  })

  it('goes on with its own result when the wait is over', async () => {
    const server = await serve(analysis({ state: 'running' }))
    const recorded = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI }), { inputs: { 'control-plane-url': server.url, 'wait-seconds': '0' }, identity })
    expect(recorded.outputs).toMatchObject({ source: 'local', 'analysis-id': 'a1', findings: '1' })
    expect(recorded.log.join('\n')).toContain('still at work after 0 s (state running)')
  })

  it('says why an analysis failed', async () => {
    const server = await serve(analysis({ state: 'failed', error: { code: 'GITHUB_TOKEN_REJECTED', message: 'The stored token was refused' } }))
    const recorded = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI }), { inputs: { 'control-plane-url': server.url }, identity })
    expect(recorded.warnings).toEqual([expect.stringMatching(/^ANALYSIS_FAILED: .*GITHUB_TOKEN_REJECTED: The stored token was refused/)])
  })

  it("judges by the organisation's policy, which needs no file, also when the control plane fails after that", async () => {
    const policy: BrokenStep = { kind: 'json', status: 200, headers: { etag: '"2"' }, body: { version: 2, text: 'rules: { retired-runner-image: off }\n', by: 'mona', reason: 'r', at: '2026-11-24T12:00:00Z' } }
    const server = await serve(policy, internalError)
    const recorded = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI }), { inputs: { 'control-plane-url': server.url, 'api-key': 'adk_x_y' } })
    expect(recorded.outputs).toMatchObject({ source: 'local', findings: '0' })
  })

  it.each([{ topics: ['service'], count: 1 }, { topics: ['library'], count: 0 }])('selects golden workflows by the topics that the control plane knows: $topics', async ({ topics, count }) => {
    const text = 'golden:\n  workflows:\n    - { file: golden.yml, topic: service, target: .github/workflows/ci.yml }\n'
    const policy: BrokenStep = { kind: 'json', status: 200, headers: { etag: '"2-x"' }, body: { version: 2, text, by: 'mona', reason: 'r', at: '2026-11-24T12:00:00Z', topics } }
    const server = await serve(policy, internalError)
    const golden = GOOD.replace('run: echo hello', 'run: make gate')
    const recorded = await runIn(workspaceWith({ '.github/workflows/ci.yml': GOOD, 'golden.yml': golden }), { inputs: { 'control-plane-url': server.url, 'api-key': 'adk_x_y' } })
    expect(recorded.text.split('golden-').length - 1).toBe(count)
    expect(recorded.text).not.toContain('topics are not known')
  })

  it.each([{ name: '"*/service-*"', count: 1 }, { name: 'acme/library', count: 0 }])('selects golden workflows by the name of its repository: $name', async ({ name, count }) => {
    const policy = `golden:\n  workflows:\n    - { file: golden.yml, repository: ${name}, target: .github/workflows/ci.yml }\n`
    const golden = GOOD.replace('run: echo hello', 'run: make gate')
    const recorded = await runIn(workspaceWith({ '.github/workflows/ci.yml': GOOD, 'golden.yml': golden, '.github/autodevops.yml': policy }), { env: { GITHUB_REPOSITORY: 'acme/service-7' } })
    expect(recorded.text.split('golden-').length - 1).toBe(count)
    expect(recorded.text).not.toContain('name is not known')
  })

  it('says under which policy its own result stands when the organisation\'s could not be read', async () => {
    const server = await serve(internalError)
    const { log } = await runIn(workspaceWith({ '.github/workflows/ci.yml': CI }), { inputs: { 'control-plane-url': server.url, 'api-key': 'adk_x_y' } })
    expect(log).toContainEqual(expect.stringMatching(/^the organisation's policy could not be read \(.*answered 500\), so the repository's own decides$/))
  })

  it('reports on the head commit of a pull request, and sends no texts of the merge commit', async () => {
    const server = await serve(analysis({ outcome }))
    const head = 'b'.repeat(40)
    await runIn(workspaceWith({ '.github/workflows/ci.yml': CI }), { inputs: { 'control-plane-url': server.url, 'api-key': 'adk_x_y' }, env: { GITHUB_REF: 'refs/pull/7/merge' }, payload: { pull_request: { head: { sha: head } } } })
    const { gunzipSync } = await import('node:zlib')
    const body = JSON.parse(gunzipSync(server.requests.find(({ method }) => method === 'POST')?.body ?? Buffer.alloc(0)).toString('utf8')) as Record<string, unknown>
    expect(body).toMatchObject({ ref: 'refs/pull/7/merge', commit: head, files: [], paths: ['.github/workflows/ci.yml'] })
  })

  it('sends the texts of CI files and no other, though it reads CODEOWNERS and manifests', async () => {
    const server = await serve(analysis({ outcome }))
    const manifest = '{"scripts": {"test": "canary"}}'
    const files = { '.github/workflows/ci.yml': CI, '.github/CODEOWNERS': '/src/ @acme/canary\n', 'main.c': 'canary', 'package-lock.json': '', 'package.json': manifest, 'a.test.js': '' }
    const { text } = await runIn(workspaceWith(files), { inputs: { 'control-plane-url': server.url, 'api-key': 'adk_x_y', profile: 'pedantic' } })
    const { gunzipSync } = await import('node:zlib')
    const body = gunzipSync(server.requests.find(({ method }) => method === 'POST')?.body ?? Buffer.alloc(0)).toString('utf8')
    expect(body).toContain('.github/CODEOWNERS')
    expect(body).not.toContain('canary')
    expect(text).not.toContain('canary')
    const local = await runIn(workspaceWith(files), { inputs: { profile: 'pedantic' } })
    expect(local.text).toContain('names no owner for')
    expect(local.text).not.toContain('canary')
  })
})
