import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ActionHost } from '../facts/action-host.ts'
import { startBrokenServer } from '../broken-server/start-broken-server.ts'
import { startActionHost } from '../facts/action-host.ts'
import { makeFolder, makeRepository } from '../worktree/make-folder.ts'
import { runJson, runMain } from './run-main.ts'
import { CLEAN } from './workflows.ts'

const CANARY = 'ghp_canaryCanaryCanaryCanaryCanaryCana'
const FILES = { '.github/workflows/ci.yml': CLEAN.replace('- run: make', '- uses: acme/checkout@v1') }

let host: ActionHost
beforeAll(async () => {
  host = await startActionHost()
})
afterAll(() => host.github.close())
beforeEach(() => { host.github.requests.clear() })

/** A cache folder of its own, so that tests do not answer for each other. */
const envFor = (apiUrl: string, more: Readonly<Record<string, string>> = {}) => ({ GITHUB_API_URL: apiUrl, XDG_CACHE_HOME: makeFolder(), ...more })

describe('--online', () => {
  it('asks for the commit behind a tag, and fix pins to it with the version as comment', async () => {
    const { code, stdout } = await runMain(makeRepository(FILES), ['fix', '--online'], { env: envFor(host.github.apiUrl) })
    expect(code).toBe(1)
    expect(stdout).toContain(`+      - uses: acme/checkout@${host.first} # v1\n`)
  })

  it('leaves nothing unchecked, and asks only once while the answer is fresh', async () => {
    const folder = makeRepository(FILES)
    const env = envFor(host.github.apiUrl)
    const first = await runJson(folder, ['--online'], { env })
    expect(first.report.summary.notChecked).toEqual([])
    const asked = host.github.requests.all().length
    expect(asked).toBeGreaterThan(0)
    expect((await runJson(folder, ['--online'], { env })).report).toEqual(first.report)
    expect(host.github.requests.all()).toHaveLength(asked)
  })

  it('answers the rules that rest on facts, and names what it could not check', async () => {
    const foreign = await host.github.commitOfFork('acme/checkout', host.second)
    host.github.publishAdvisory({ id: 'GHSA-aaaa-bbbb-cccc', summary: 'Leaks', severity: 'high', ecosystem: 'actions', package: 'acme/checkout', range: '< 2', fixedIn: '2.0.0' })
    await host.github.tag({ repo: 'acme/checkout', name: 'v1.0.0', commit: host.first })
    const steps = [`acme/checkout@${foreign}`, 'acme/checkout@v1.0.0', 'acme/none@v1', 'nobody/tool@v1'].map((uses) => `      - uses: ${uses}\n`)
    const folder = makeRepository({ '.github/workflows/ci.yml': `on: push\npermissions: {}\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    steps:\n${steps.join('')}` })
    const { stdout } = await runMain(folder, ['analyze', '--online'], { env: envFor(host.github.apiUrl) })
    for (const rule of ['impostor-commit', 'known-vulnerable-action', 'repo-jacking']) expect(stdout).toContain(rule)
    expect(stdout).toContain('not checked: what became of a repository (1 place): not found, or private')
  })

  it('asks nobody without it, nor when --offline comes later', async () => {
    const env = envFor(host.github.apiUrl)
    await runJson(makeRepository(FILES), [], { env })
    await runJson(makeRepository(FILES), ['--online', '--offline'], { env })
    expect(host.github.requests.all()).toEqual([])
  })

  it('reports what it has when the code host fails, with the reason and without the token', async () => {
    const broken = await startBrokenServer([{ kind: 'json', status: 401, body: { message: `Bad credentials ${CANARY}` } }])
    try {
      const env = envFor(broken.url, { GITHUB_TOKEN: CANARY })
      for (const format of ['text', 'json', 'sarif', 'github', 'markdown']) {
        const { code, stdout, stderr } = await runMain(makeRepository(FILES), ['analyze', '--online', '--format', format], { env })
        expect(code).toBe(1)
        expect(stdout).toMatch(/not ?checked/i)
        expect(stdout + stderr).not.toContain(CANARY)
      }
      expect(broken.requests[0]?.headers.authorization).toContain(CANARY)
    } finally {
      await broken.close()
    }
  })

  it('calls an address that is none a usage error', async () => {
    const { code, stderr } = await runMain(makeRepository(FILES), ['analyze', '--online'], { env: { GITHUB_API_URL: 'nonsense' } })
    expect([code, stderr.includes("GITHUB_API_URL is no address: 'nonsense'")]).toEqual([2, true])
  })
})
