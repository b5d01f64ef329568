// The script of workflows/reusable/fleet-report.yml as a runner starts it, between a real service and the code host: one issue,
// written again and again, whatever else is in the repository.
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { startFleet, workflow, type Fleet } from '../control-plane/fleet/fleet-fixture.ts'
import { apiCaller, listIn, type ApiCall } from '../github-gateway/api-caller.ts'
import { startGateway, type Gateway } from '../github-gateway/start-gateway.ts'
import { readRepositoryFile } from '../repo/repository-files.ts'

interface Called {
  readonly jobs: { readonly report: { readonly permissions: object; readonly steps: readonly [{ readonly env: Readonly<Record<string, string>>; readonly run: string }] } }
}
interface Issue { readonly number: number; readonly title: string; readonly body: string; readonly state: string; readonly labels: readonly { readonly name: string }[] }

const { permissions, steps: [step] } = (parse(readRepositoryFile('workflows/reusable/fleet-report.yml')) as Called).jobs.report
const LABEL = 'autodevops-fleet-report'
/** What the runner's image has and a laptop may not. */
const hasTools = ['bash', 'curl', 'jq'].every((tool) => spawnSync(tool, ['--version']).status === 0)

describe.runIf(hasTools)('the script of the fleet report', () => {
  let fleet: Fleet
  let github: Gateway
  let folder: string
  let key: string
  let token: string
  let call: ApiCall
  let repository: string
  let count = 0

  beforeAll(async () => {
    fleet = await startFleet()
    github = await startGateway()
    await github.createOwner({ login: 'acme', id: 4_242 })
    folder = mkdtempSync(path.join(tmpdir(), 'autodevops-fleet-report-'))
    key = (await fleet.platform.apiKeys.create(fleet.acme.id, { name: 'report', scopes: ['analyses:read'], expiresAt: null }, { actor: 'operator', correlationId: null })).key.reveal()
    token = github.issueToken({ owner: 'acme', permissions })
    call = apiCaller(github, github.issueToken({ owner: 'acme', permissions: { issues: 'write', contents: 'write', pull_requests: 'write' } }))
    await fleet.record('shop', { ci: workflow('acme/build@v1') })
  })
  beforeEach(async () => {
    count += 1
    repository = (await github.createRepository({ owner: 'acme', name: `platform-${count}`, files: { 'README.md': 'one\n' } })).fullName
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await github.close()
    await fleet.close()
  })

  async function run(changes: Readonly<Record<string, string>> = {}) {
    const script = path.join(folder, 'script.sh')
    writeFileSync(script, step.run)
    for (const file of ['output', 'summary']) writeFileSync(path.join(folder, file), '')
    const inputs = { API_KEY: key, CONTROL_PLANE_URL: `${fleet.address}/`, GITHUB_TOKEN: token, LABEL, TITLE: 'Our "pipelines"' }
    expect(Object.keys(inputs).sort()).toEqual(Object.keys(step.env).sort())
    const env = {
      PATH: process.env.PATH, ...inputs, GITHUB_API_URL: github.apiUrl, GITHUB_REPOSITORY: repository, RUNNER_TEMP: folder,
      GITHUB_OUTPUT: path.join(folder, 'output'), GITHUB_STEP_SUMMARY: path.join(folder, 'summary'), ...changes,
    }
    // As the runner starts a step with `shell: bash`.
    const { code, text } = await new Promise<{ code: number; text: string }>((resolve) => {
      execFile('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], { env }, (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr }))
    })
    for (const secret of [key, token]) expect(text).not.toContain(secret)
    return { code, text, output: readFileSync(path.join(folder, 'output'), 'utf8') }
  }
  const issues = async () => listIn<Issue>(await call('GET', `/repos/${repository}/issues?state=all&per_page=100`))
  const open = (body: object) => call('POST', `/repos/${repository}/issues`, body)

  test('opens the issue, then keeps writing the same one, also when it has another title or is closed', async () => {
    const first = await run()
    expect([first.text, first.code]).toEqual(['', 0])
    const [made, ...others] = await issues()
    expect(others).toEqual([])
    expect(made).toMatchObject({ title: 'Our "pipelines"', state: 'open', labels: [{ name: LABEL }] })
    expect(made?.body).toMatch(/^<!-- autodevops:fleet-report -->\n# Pipelines of acme\n/)
    expect(first.output).toBe(`issue-url=${github.webUrl}/${repository}/issues/${made?.number ?? ''}\n`)
    await fleet.record(`new-${count}`, { ci: workflow('acme/build@v1') })
    await call('PATCH', `/repos/${repository}/issues/${made?.number ?? ''}`, { title: 'Renamed', state: 'closed' })
    expect((await run()).code).toBe(0)
    const after = await issues()
    expect(after).toMatchObject([{ number: made?.number, title: 'Renamed', state: 'closed' }])
    expect(after[0]?.body).toContain(`acme/new-${count}`)
    expect(made?.body).not.toContain(`acme/new-${count}`)
  })

  test('leaves alone what has only the label or only the marker', async () => {
    await open({ title: 'a question about the report', body: 'see <!-- autodevops:fleet-report -->', labels: [LABEL] })
    await open({ title: 'a copy', body: '<!-- autodevops:fleet-report -->\ncopied' })
    expect((await run()).code).toBe(0)
    const all = await issues()
    expect(all.map(({ title }) => title).sort()).toEqual(['Our "pipelines"', 'a copy', 'a question about the report'])
    expect(all.find(({ title }) => title === 'a copy')?.body).toBe('<!-- autodevops:fleet-report -->\ncopied')
  })

  test.each([
    ['no key', { API_KEY: '' }, 'there is no secret AUTODEVOPS_API_KEY'],
    ['a wrong key', { API_KEY: `adk_${'0'.repeat(16)}_${'0'.repeat(64)}` }, 'the control plane did not give the report: API_KEY_INVALID'],
    ['an address in clear', { CONTROL_PLANE_URL: 'http://autodevops.example.com' }, 'control-plane-url must begin with https://'],
    ['an address of something else', { CONTROL_PLANE_URL: 'http://127.0.0.1.example.com' }, 'control-plane-url must begin with https://'],
    ['nobody at the address', { CONTROL_PLANE_URL: 'http://127.0.0.1:1' }, 'the control plane did not give the report: no answer'],
    ['a token that the code host does not know', { GITHUB_TOKEN: 'ghs_unknown' }, 'the issues of this repository cannot be read'],
  ])('with %s says so, fails, and writes nothing', async (_name, changes, reason) => {
    const { code, text, output } = await run(changes)
    expect([code, output]).toEqual([1, ''])
    expect(text).toContain(`::error title=AutoDevOps fleet report::${reason}`)
    expect(await issues()).toEqual([])
  })

  test('asks the code host once to find the issue and once to write it; a failed write is tried again', async () => {
    await run()
    github.requests.clear()
    github.fault({ when: ({ method }) => method === 'PATCH', respond: { kind: 'status', status: 502 }, times: 1 })
    expect((await run()).code).toBe(0)
    expect(github.requests.all().map(({ method, status }) => [method, status])).toEqual([['GET', 200], ['PATCH', 502], ['PATCH', 200]])
  })

  test('an issue whose opening fails is not opened a second time', async () => {
    github.requests.clear()
    github.fault({ when: ({ method }) => method === 'POST', respond: { kind: 'status', status: 502 }, times: 1 })
    const { code, text } = await run()
    expect([code, github.requests.count({ method: 'POST' })]).toEqual([1, 1])
    expect(text).toContain('the issue cannot be opened')
  })
})
