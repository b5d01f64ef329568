// The built Action before a control plane that goes wrong, and the secrets that it is given. Retries wait in real time here, so
// there are few cases; every kind of answer is tested in test/action/submit.test.ts.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { internalError, startBrokenServer, tooMany, type BrokenStep } from '../broken-server/start-broken-server.ts'
import { RETIRED } from '../cli/workflows.ts'
import { startOidcIssuer } from '../oidc-issuer/start-oidc-issuer.ts'
import { checkOut } from '../runner/checkout.ts'
import { runAction, type ActionResult, type ActionRun } from '../runner/run-action.ts'

const HEAD = 'a'.repeat(40)
const REPOSITORY = { fullName: 'acme/shop', id: 7, ownerId: 4242 }
const API_KEY = 'canary-api-key-7c1f'
const GITHUB_TOKEN = 'canary-github-token-5e0d'

const closers: (() => unknown)[] = []
afterEach(async () => { for (const close of closers.splice(0)) await close() })

async function serve(...script: [BrokenStep, ...BrokenStep[]]) {
  const server = await startBrokenServer(script)
  closers.push(() => server.close())
  return server
}

function workspace(): string {
  const checkout = checkOut({ '.github/workflows/ci.yml': RETIRED }, HEAD)
  closers.push(() => { checkout.remove() })
  return checkout.folder
}

function runBefore(url: string, inputs: Readonly<Record<string, string>> = {}, run: Partial<ActionRun> = {}): Promise<ActionResult> {
  return runAction({
    workspace: workspace(),
    inputs: { 'control-plane-url': url, 'api-key': API_KEY, ...inputs },
    githubToken: GITHUB_TOKEN,
    repository: REPOSITORY,
    sha: HEAD,
    allow: [new URL(url).host],
    ...run,
  })
}

describe('a control plane that goes wrong', () => {
  it.concurrent.each<{ what: string; script: [BrokenStep, ...BrokenStep[]]; requests: number; says: RegExp }>([
    { what: '500', script: [internalError], requests: 4, says: /CONTROL_PLANE_REFUSED: .*answered 500/ },
    { what: '429 for longer than a run should wait', script: [tooMany(3600)], requests: 2, says: /CONTROL_PLANE_REFUSED: .*answered 429/ },
    { what: 'a web page', script: [{ kind: 'html', status: 200 }], requests: 2, says: /CONTROL_PLANE_ANSWER: .*text\/html/ },
    { what: 'nothing at all', script: [{ kind: 'close' }], requests: 4, says: /CONTROL_PLANE_UNREACHABLE/ },
    { what: 'half an answer', script: [{ kind: 'half', status: 202, body: { id: 'a1', text: 'x'.repeat(1000) } }], requests: 4, says: /CONTROL_PLANE_UNREACHABLE/ },
  ])('leaves the runner its own result: $what', async ({ script, requests, says }) => {
    const server = await startBrokenServer(script)
    const checkout = checkOut({ '.github/workflows/ci.yml': RETIRED }, HEAD)
    try {
      const { exitCode, output, outputs, summary, refusals } = await runBefore(server.url, {}, { workspace: checkout.folder })
      expect([exitCode, outputs.source, outputs.findings, refusals]).toEqual([0, 'local', '1', []])
      expect(output).toMatch(new RegExp(`^::warning::${says.source}.*this runner's own result$`, 'm'))
      expect(summary).toContain('retired-runner-image')
      expect(server.requests).toHaveLength(requests)
    } finally {
      checkout.remove()
      await server.close()
    }
  })

  it('fails the step where on-control-plane-error says so', async () => {
    const { url } = await serve({ kind: 'html', status: 200 })
    const { exitCode, output, outputs } = await runBefore(url, { 'on-control-plane-error': 'fail' })
    expect([exitCode, outputs]).toEqual([1, {}])
    expect(output).toMatch(/^::error::CONTROL_PLANE_ANSWER/m)
  })

  it('is unreachable where the network lets nothing through', async () => {
    const { exitCode, output, outputs, refusals } = await runBefore('https://plane.example.com', {}, { allow: [] })
    expect([exitCode, outputs.source]).toEqual([0, 'local'])
    expect(output).toMatch(/^::warning::CONTROL_PLANE_UNREACHABLE: cannot reach the control plane at https:\/\/plane\.example\.com/m)
    expect(new Set(refusals)).toEqual(new Set(['plane.example.com:443']))
  })
})

describe('a secret', () => {
  /** Everything that outlives the step; the runner takes the lines that name a secret for its mask, and prints none of them. */
  function visible({ output, outputs, summary }: ActionResult, sarif: string): string {
    return [output.replaceAll(/^::add-mask::.*$/gm, ''), JSON.stringify(outputs), summary, sarif].join('\n')
  }

  it('of the inputs is masked and appears nowhere, even when the other side repeats it', async () => {
    const echo = { type: 'about:blank', title: `key ${API_KEY}`, status: 401, code: 'API_KEY_INVALID', detail: `no such key: ${API_KEY}`, requestId: 'r1' }
    const server = await serve({ kind: 'json', status: 401, body: echo })
    const folder = workspace()
    const result = await runBefore(server.url, { 'sarif-file': 'findings.sarif' }, { workspace: folder })
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${API_KEY}`)
    expect(result.output).toContain('API_KEY_INVALID')
    expect(result.output).toContain(`::add-mask::${API_KEY}\n`)
    expect(result.output).toContain(`::add-mask::${GITHUB_TOKEN}\n`)
    const text = visible(result, readFileSync(path.join(folder, 'findings.sarif'), 'utf8'))
    for (const canary of [API_KEY, GITHUB_TOKEN]) expect(text).not.toContain(canary)
  })

  it('of the identity token is masked and appears nowhere, nor does the one that asks for it', async () => {
    const oidc = await startOidcIssuer()
    closers.push(() => oidc.close())
    const server = await serve({ kind: 'html', status: 200 })
    const started = oidc.startRun({ repository: REPOSITORY.fullName, repositoryId: REPOSITORY.id, ownerId: REPOSITORY.ownerId, sha: HEAD, ref: 'refs/heads/main' })
    const identity = { url: started.ACTIONS_ID_TOKEN_REQUEST_URL, token: started.ACTIONS_ID_TOKEN_REQUEST_TOKEN }
    const folder = workspace()
    const result = await runBefore(server.url, { 'api-key': '', 'sarif-file': 'findings.sarif' }, {
      workspace: folder, identity, allow: [new URL(server.url).host, new URL(identity.url).host],
    })
    const [, token = ''] = /^Bearer (.+)$/.exec(server.requests[0]?.headers.authorization ?? '') ?? []
    expect(token.split('.')).toHaveLength(3)
    expect(result.output).toContain(`::add-mask::${token}\n`)
    const text = visible(result, readFileSync(path.join(folder, 'findings.sarif'), 'utf8'))
    for (const canary of [token, identity.token, GITHUB_TOKEN]) expect(text).not.toContain(canary)
  })
})
