// The fix pull request without a control plane, before the gateway as code host.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../action/main.ts'
import { analyse } from '../../analysis/analyse.ts'
import { NO_FACTS } from '../../analysis/fact.ts'
import { formatBaseline } from '../../analysis/policy/baseline.ts'
import { DEFAULT_POLICY } from '../../analysis/policy/policy.ts'
import { startGateway, type Gateway } from '../github-gateway/start-gateway.ts'
import { CI_PATH, DRIFTED, REPAIRED } from '../pull-request/drifted-workflow.ts'
import { checkOut } from '../runner/checkout.ts'
import { createFakeWorld, type FakeWorldOptions, type Recorded } from './fake-world.ts'

const BRANCH = 'autodevops/fix-main'
const WRITES = { contents: 'write', pull_requests: 'write', workflows: 'write', metadata: 'read' } as const
const LENA = { name: 'Lena', email: 'lena@users.noreply.github.com' }

let github: Gateway
let count = 0
const closers: (() => void)[] = []

beforeAll(async () => {
  github = await startGateway()
  await github.createOwner({ login: 'acme', id: 4242, people: ['lena'] })
  await github.createOwner({ login: 'tools', id: 99 })
})
afterEach(() => {
  github.calm()
  for (const close of closers.splice(0)) close()
})
afterAll(() => github.close())

interface Repository { readonly fullName: string; readonly commit: string }

async function makeRepository(files: Readonly<Record<string, string>> = { [CI_PATH]: DRIFTED }): Promise<Repository> {
  const { fullName, commit } = await github.createRepository({ owner: 'acme', name: `action-${++count}`, files })
  return { fullName, commit: commit ?? '' }
}

const tokenWith = (permissions: Parameters<Gateway['issueToken']>[0]['permissions'] = WRITES) => github.issueToken({ owner: 'acme', permissions })

interface Run extends Omit<FakeWorldOptions, 'workspace'> {
  readonly token?: string
  /** The checkout, where it is not as the commit. */
  readonly files?: Readonly<Record<string, string>>
  readonly commit?: string
}

async function runIn({ fullName, commit }: Repository, { token = tokenWith(), files = { [CI_PATH]: DRIFTED }, inputs, env, ...options }: Run = {}): Promise<Recorded> {
  const sha = options.commit ?? commit
  const checkout = checkOut(files, sha)
  closers.push(() => { checkout.remove() })
  const { world, recorded } = createFakeWorld({
    workspace: checkout.folder,
    inputs: { 'fix-pr': 'safe', 'github-token': token, ...inputs },
    env: { GITHUB_EVENT_NAME: 'push', GITHUB_API_URL: github.apiUrl, GITHUB_REPOSITORY: fullName, GITHUB_SHA: sha, GITHUB_RUN_ID: '77', ...env },
    payload: { repository: { default_branch: 'main' } },
    ...options,
  })
  await run(world)
  return recorded
}

function baselineOf(ruleId: string): string {
  const input = { files: [{ path: CI_PATH, text: DRIFTED }], paths: null, policy: DEFAULT_POLICY, facts: NO_FACTS, today: '2026-11-24', host: { kind: 'github.com' } } as const
  return formatBaseline(analyse(input).findings.filter((finding) => finding.ruleId === ruleId))
}

const pulls = (fullName: string) => github.listPullRequests(fullName)
const head = (fullName: string) => github.branchHead(fullName, BRANCH)

describe('a run of the default branch with a token that may write workflows', () => {
  it('opens the pull request, names it in the outputs, and leaves it unchanged the next time', async () => {
    const shop = await makeRepository()
    const url = `${github.webUrl}/${shop.fullName}/pull/1`
    const first = await runIn(shop)
    const [pull] = await pulls(shop.fullName)
    expect([first.failures, first.outputs['pull-request-url'], first.outputs.source, first.outputs.findings]).toEqual([[], url, 'local', '2'])
    expect(first.log).toContain(`pull request opened: ${url}`)
    expect(await github.readFile(shop.fullName, BRANCH, CI_PATH)).toBe(REPAIRED)
    expect(pull?.body).toContain(`Analysis https://github.com/${shop.fullName}/actions/runs/77`)
    const before = await head(shop.fullName)
    const second = await runIn(shop)
    expect([second.failures, second.outputs['pull-request-url']]).toEqual([[], url])
    expect(second.log).toContain(`pull request unchanged: ${url}`)
    expect(await head(shop.fullName)).toBe(before)
    expect(await pulls(shop.fullName)).toHaveLength(1)
  })

  it('updates it when the branch has moved on, and closes it when nothing is left', async () => {
    const shop = await makeRepository()
    await runIn(shop)
    const before = await head(shop.fullName)
    const files = { [CI_PATH]: DRIFTED.replace('name: CI', 'name: Checks').replace('      - run', '      - run: echo "::set-output name=b::2"\n      - run') }
    const commit = await github.commit({ repo: shop.fullName, branch: 'main', files, message: 'more' })
    expect((await runIn(shop, { commit, files })).log).toContainEqual(expect.stringMatching(/^pull request updated: /))
    const { parents } = await github.readCommit(shop.fullName, (await head(shop.fullName)) ?? '')
    expect(parents.map(({ sha }) => sha)).toEqual([before, commit])
    const repaired = { [CI_PATH]: REPAIRED }
    const clean = await github.commit({ repo: shop.fullName, branch: 'main', files: repaired, message: 'by hand' })
    expect((await runIn(shop, { commit: clean, files: repaired })).log).toContainEqual(expect.stringMatching(/^pull request closed: /))
    expect(await pulls(shop.fullName)).toMatchObject([{ number: 1, state: 'closed' }])
  })

  it('pins to what the code host answers', async () => {
    const tool = await github.createRepository({ owner: 'tools', name: 'lint', files: { 'action.yml': 'name: lint\n' } })
    await github.tag({ repo: tool.fullName, name: 'v1', commit: tool.commit ?? '' })
    const files = { [CI_PATH]: REPAIRED.replace('steps:\n', 'steps:\n      - uses: tools/lint@v1\n') }
    const shop = await makeRepository(files)
    await runIn(shop, { files })
    expect(await github.readFile(shop.fullName, BRANCH, CI_PATH)).toContain(`uses: tools/lint@${tool.commit ?? ''} # v1`)
  })

  it('filters pushes by the default branch that the repository has', async () => {
    const files = { [CI_PATH]: REPAIRED.replace('on: [push]', 'on: [push, pull_request]') }
    const shop = await makeRepository(files)
    await runIn(shop, { files, inputs: { profile: 'pedantic', 'fix-pr': 'all' } })
    expect(await github.readFile(shop.fullName, BRANCH, CI_PATH)).toContain('on:\n  push:\n    branches: [main]\n')
  })

  it("creates files, and adds to the CODEOWNERS of the commit, whatever the checkout has", async () => {
    const files = { [CI_PATH]: REPAIRED, 'main.c': '', CODEOWNERS: '*.c @sam', '.github/autodevops.yml': "pipeline-owners: ['@acme/platform']\n" }
    const shop = await makeRepository(files)
    const { failures } = await runIn(shop, { files: { ...files, CODEOWNERS: '* @eve\n' }, inputs: { profile: 'pedantic', 'fix-pr': 'all' } })
    expect(failures).toEqual([])
    expect(await github.readFile(shop.fullName, BRANCH, 'CODEOWNERS')).toBe('*.c @sam\n/.github/workflows/ @acme/platform\n')
    expect(await github.readFile(shop.fullName, BRANCH, '.github/dependabot.yml')).toContain('package-ecosystem: github-actions')
    expect((await pulls(shop.fullName))[0]?.body).toContain('create .github/dependabot.yml')
  })

  it('creates workflows, by the manifests of the commit and not of the checkout', async () => {
    const files = { '.github/workflows/release.yml': REPAIRED.replace('on: [push]', 'on: release'), 'a.js': '', 'a.test.js': '', 'package-lock.json': '', 'package.json': '{"scripts": {"test": "node --test"}}' }
    const shop = await makeRepository(files)
    const { failures } = await runIn(shop, { files: { ...files, 'package.json': '{"scripts": {"build": "evil"}}' }, inputs: { profile: 'pedantic', 'fix-pr': 'all' } })
    expect(failures).toEqual([])
    expect(await github.readFile(shop.fullName, BRANCH, '.github/workflows/tests.yml')).toContain('run: npm run test\n')
    expect(await github.readFile(shop.fullName, BRANCH, '.github/workflows/codeql.yml')).toContain('- language: javascript-typescript\n')
  })

  it("repairs the commit's own text, whatever an earlier step has made of the checkout", async () => {
    const shop = await makeRepository()
    const { log } = await runIn(shop, { files: { [CI_PATH]: DRIFTED.replace('echo "::', 'curl evil.test; echo "::'), '.github/workflows/extra.yml': DRIFTED } })
    expect(log).toContain(`the checkout differs from the commit in .github/workflows/ci.yml, .github/workflows/extra.yml; the commit's text was analysed`)
    expect(await github.readFile(shop.fullName, BRANCH, CI_PATH)).toBe(REPAIRED)
    expect(await github.readFile(shop.fullName, BRANCH, '.github/workflows/extra.yml')).toBeNull()
  })

  it.each([
    ['policy', { '.github/autodevops.yml': 'rules:\n  deprecated-command: off\n' }, {}],
    ['baseline', { 'known.json': baselineOf('deprecated-command') }, { baseline: 'known.json' }],
  ])('repairs nothing that the %s keeps from being reported', async (_what, more, inputs) => {
    const files = { [CI_PATH]: DRIFTED, ...more }
    const shop = await makeRepository(files)
    const { outputs } = await runIn(shop, { files, inputs })
    expect(outputs.findings).toBe('1')
    expect(await github.readFile(shop.fullName, BRANCH, CI_PATH)).toBe(DRIFTED.replace('ubuntu-20.04', 'ubuntu-24.04'))
  })

  it("leaves a person's commit on the branch alone", async () => {
    const shop = await makeRepository()
    await runIn(shop)
    const theirs = await github.commit({ repo: shop.fullName, branch: BRANCH, files: { 'mine.txt': 'mine\n' }, message: 'mine', author: LENA })
    const recorded = await runIn(shop)
    expect(recorded.failures).toEqual([])
    expect(recorded.log).toContainEqual(expect.stringMatching(/^pull request foreign: .*a person has changed/))
    expect(await head(shop.fullName)).toBe(theirs)
  })
})

describe('a token that cannot serve', () => {
  const reported = ({ text, outputs }: Recorded): void => {
    expect(text).toMatch(/^::error file=\.github\/workflows\/ci\.yml,line=7,.*retired-runner-image/m)
    expect(outputs).toMatchObject({ findings: '2', 'pull-request-url': '', source: 'local' })
  }

  it.each([
    ['may not write workflows', { contents: 'write', pull_requests: 'write', metadata: 'read' }, /may not write workflows/],
    ['may only read', { contents: 'read', pull_requests: 'read', metadata: 'read' }, /may not write workflows/],
  ] as const)('is an input error with its reason and the way out, after the findings: it %s', async (_what, permissions, says) => {
    const shop = await makeRepository()
    const recorded = await runIn(shop, { token: tokenWith(permissions) })
    reported(recorded)
    expect(recorded.failures).toEqual([expect.stringMatching(/^INPUT_INVALID: input github-token cannot serve fix-pr 'safe': .*App or of a person with write access to contents, pull requests and workflows/)])
    expect(recorded.failures[0]).toMatch(says)
    expect([await head(shop.fullName), await pulls(shop.fullName)]).toEqual([null, []])
  })

  it.each(['', 'ghs_revoked'])('is an input error when it is %j', async (token) => {
    const shop = await makeRepository()
    const recorded = await runIn(shop, { token })
    reported(recorded)
    expect(recorded.failures).toEqual([expect.stringMatching(/^INPUT_INVALID: .*missing, expired, revoked or wrong/)])
  })

  it('fails nothing where nothing is to be repaired', async () => {
    const files = { [CI_PATH]: REPAIRED }
    const recorded = await runIn(await makeRepository(files), { files, token: tokenWith({ contents: 'read', metadata: 'read', pull_requests: 'read' }) })
    expect(recorded.failures).toEqual([])
  })

  it('still lets fail-on speak', async () => {
    const { failures } = await runIn(await makeRepository(), { token: '', inputs: { 'fail-on': 'high' } })
    expect(failures).toEqual(["there are findings at or above 'high' (input fail-on)", expect.stringMatching(/^INPUT_INVALID: input github-token/)])
  })
})

describe('a code host in trouble', () => {
  it.each([
    ['unavailable', { kind: 'status', status: 502 }, /^CODE_HOST_UNAVAILABLE: .*did not answer usefully/],
    ['a web page', { kind: 'html', status: 200 }, /^CODE_HOST_UNAVAILABLE: /],
    ['silent', { kind: 'close' }, /^CODE_HOST_UNAVAILABLE: /],
    ['refusing without a reason', { kind: 'status', status: 418 }, /^PULL_REQUEST_REFUSED: .*the code host answered 418$/],
  ] as const)('costs the pull request, not the findings: %s', async (_what, respond, failure) => {
    const shop = await makeRepository()
    github.fault({ when: ({ path }) => path.includes('/git/trees'), respond })
    const recorded = await runIn(shop)
    expect(recorded.outputs).toMatchObject({ findings: '2', 'pull-request-url': '' })
    expect(recorded.failures).toEqual([expect.stringMatching(failure)])
  })

  it('says that the branch is protected', async () => {
    const shop = await makeRepository()
    github.protectBranch({ repo: shop.fullName, branch: 'autodevops/*' })
    expect((await runIn(shop)).failures).toEqual([expect.stringMatching(/^PULL_REQUEST_REFUSED: .*protected.*autodevops\/fix-main/)])
  })
})

describe('any other run', () => {
  it.each([
    ['a pull request', { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/7/merge' }, 'this is a run of pull_request; only runs of push, schedule and dispatch on the default branch open one'],
    ['a privileged event on the default branch', { GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_REF: 'refs/heads/main' }, 'this is a run of pull_request_target; only runs of push, schedule and dispatch on the default branch open one'],
    ['another branch', { GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/next' }, 'this is a run on refs/heads/next; only runs on the default branch main open one'],
    ['a tag', { GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/tags/main' }, 'this is a run on refs/tags/main; only runs on the default branch main open one'],
  ])('opens no pull request, asks nothing, and says why: %s', async (_what, env, reason) => {
    const shop = await makeRepository()
    github.requests.clear()
    const recorded = await runIn(shop, { env })
    expect([recorded.failures, recorded.outputs.findings, github.requests.count({})]).toEqual([[], '2', 0])
    expect(recorded.log).toContain(`no pull request: ${reason}`)
  })

  it('asks for the default branch where the event does not tell it', async () => {
    const shop = await makeRepository()
    const next = await runIn(shop, { payload: {}, env: { GITHUB_EVENT_NAME: 'schedule', GITHUB_REF: 'refs/heads/next' } })
    expect(next.log).toContain('no pull request: this is a run on refs/heads/next; only runs on the default branch main open one')
    const main = await runIn(shop, { payload: {}, env: { GITHUB_EVENT_NAME: 'schedule' } })
    expect(main.log).toContainEqual(expect.stringMatching(/^pull request opened: /))
  })

  it('leaves the pull request to the run of the commit that the branch has moved on to', async () => {
    const shop = await makeRepository()
    const newer = await github.commit({ repo: shop.fullName, branch: 'main', files: { [CI_PATH]: `${DRIFTED}# more\n` }, message: 'newer' })
    const recorded = await runIn(shop)
    expect([recorded.failures, await head(shop.fullName)]).toEqual([[], null])
    expect(recorded.log).toContainEqual(expect.stringMatching(new RegExp(`^no pull request: main has moved on to ${newer}`)))
  })
})

it('never shows the token', async () => {
  const shop = await makeRepository()
  const token = tokenWith()
  const opened = await runIn(shop, { token })
  github.fault({ when: ({ path }) => path.includes('/git/trees'), respond: { kind: 'status', status: 422, body: { message: `bad ${token}` } } })
  const failed = await runIn(shop, { token })
  expect(failed.failures).toHaveLength(1)
  expect(opened.secrets).toContain(token)
  for (const { secrets: _masked, ...seen } of [opened, failed]) expect(JSON.stringify(seen)).not.toContain(token)
  expect(JSON.stringify(await pulls(shop.fullName))).not.toContain(token)
})
