// The facts beside refs and releases, as GitHub answers them: repositories, commits, metadata, images, advisories, the host itself.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { FactRequest } from '../../analysis/fact.ts'
import { createGithubCodeHost } from '../../facts/github-code-host.ts'
import { startGateway, type Gateway } from '../github-gateway/start-gateway.ts'
import { collectGarbage } from '../runner/collect-garbage.ts'
import { startActionHost, type ActionHost } from './action-host.ts'

let host: ActionHost
let enterprise: Gateway
beforeAll(async () => {
  host = await startActionHost()
  enterprise = await startGateway({ host: 'ghes' })
})
afterAll(() => Promise.all([host.github.close(), enterprise.close()]))
afterEach(() => { host.github.calm() })

const repository = 'acme/checkout'
const codeHost = (github: Gateway = host.github) => createGithubCodeHost({ apiUrl: github.apiUrl, registries: github.registries, sleep: () => Promise.resolve() })
const answerTo = async (request: FactRequest) => (await codeHost().ask(request, null)).answer
const known = (value: object) => ({ status: 'known', value })
const unknown = (reason: string) => ({ status: 'unknown', reason })

describe('a repository', () => {
  const here = { state: 'present', name: repository, isArchived: false, visibility: 'public', isOwnerVerified: null }

  test('is there, and its owner is looked at only on demand', async () => {
    expect(await answerTo({ kind: 'repository', repository })).toEqual(known(here))
    expect(host.github.requests.count()).toBe(1)
    host.github.setVerified('acme', true)
    expect(await answerTo({ kind: 'repository', repository, withOwner: true })).toEqual(known({ ...here, isOwnerVerified: true }))
  })

  test('answers by its new name after it was renamed', async () => {
    host.github.redirectFrom('acme/old-checkout', repository)
    expect(await answerTo({ kind: 'repository', repository: 'acme/old-checkout' })).toEqual(known(here))
  })

  test('says that it is archived', async () => {
    await host.github.createRepository({ owner: 'acme', name: 'asleep', files: { 'action.yml': 'name: x\n' } })
    host.github.archive('acme/asleep')
    expect(await answerTo({ kind: 'repository', repository: 'acme/asleep' })).toMatchObject(known({ isArchived: true }))
  })

  test('is gone with its owner, and perhaps private below one that exists', async () => {
    expect(await answerTo({ kind: 'repository', repository: 'nobody/tool' })).toEqual(known({ state: 'gone' }))
    expect(await answerTo({ kind: 'repository', repository: 'acme/none' })).toEqual(unknown('not found, or private'))
  })
})

describe('a commit', () => {
  const commit = (sha: string): FactRequest => ({ kind: 'commit', repository, commit: sha })

  test('has the tags that point to it, annotated ones too', async () => {
    expect(await answerTo(commit(host.second))).toEqual(known({ isInRepository: true, tags: ['v2'] }))
  })

  test('belongs to the repository when a branch contains it', async () => {
    const third = await host.github.commit({ repo: repository, branch: 'main', files: { 'c.txt': 'c' }, message: 'Third' })
    await host.github.commit({ repo: repository, branch: 'main', files: { 'd.txt': 'd' }, message: 'Fourth' })
    expect(await answerTo(commit(third))).toEqual(known({ isInRepository: true, tags: [] }))
  })

  test('is a fork\'s when no branch and no tag contains it', async () => {
    const foreign = await host.github.commitOfFork(repository, host.second)
    expect(await answerTo(commit(foreign))).toEqual(known({ isInRepository: false, tags: [] }))
  })

  test('is unknown where the repository has none of that id', async () => {
    expect(await answerTo(commit('f'.repeat(40)))).toEqual(unknown(`${repository} has no commit ${'f'.repeat(40)}`))
  })

  test('is unknown beyond the comparisons that one question may cost', async () => {
    await host.github.createRepository({ owner: 'acme', name: 'busy', files: { 'a.txt': 'a' } })
    for (let index = 0; index < 13; index += 1) await host.github.commit({ repo: 'acme/busy', branch: `b${index}`, files: { 'a.txt': String(index) }, message: 'Branch' })
    const foreign = await host.github.commitOfFork('acme/busy', (await host.github.branchHead('acme/busy', 'b0')) ?? '')
    expect(await answerTo({ kind: 'commit', repository: 'acme/busy', commit: foreign })).toEqual(unknown('acme/busy has too many branches and tags to look through'))
  })
})

describe('the metadata of an action', () => {
  const metadata = [
    'name: Tool', 'inputs:', '  token:', '    required: true', '  own:', '    default: ${{ github.token }}', '  old:', '    deprecationMessage: use token',
    'runs:', '  using: composite', '  steps:', '    - uses: actions/cache@v5', '    - uses: actions/cache@v5', '    - run: make', '      shell: bash', '',
  ].join('\n')
  const called = 'on: workflow_call\njobs:\n  one:\n    uses: acme/flows/.github/workflows/y.yml@v1\n  two:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v7\n'

  beforeAll(async () => {
    const files = { 'inner/action.yaml': metadata, '.github/workflows/x.yml': called, 'broken/action.yml': '- no\n- action\n' }
    await host.github.createRepository({ owner: 'acme', name: 'tools', files })
  })

  test('has its runtime, its inputs and what it uses', async () => {
    expect(await answerTo({ kind: 'action', name: 'acme/tools/inner', ref: 'main' })).toEqual(known({
      runtime: 'composite',
      inputs: [
        { name: 'token', isRequired: true, takesToken: false, deprecation: null },
        { name: 'own', isRequired: false, takesToken: true, deprecation: null },
        { name: 'old', isRequired: false, takesToken: false, deprecation: 'use token' },
      ],
      nested: ['actions/cache@v5'],
    }))
  })

  test('is for a called workflow what its jobs and steps use', async () => {
    expect(await answerTo({ kind: 'action', name: 'acme/tools/.github/workflows/x.yml', ref: 'main' })).toEqual(known({
      runtime: null, inputs: [], nested: ['acme/flows/.github/workflows/y.yml@v1', 'actions/checkout@v7'],
    }))
  })

  test('is unknown where there is none, or none that can be read', async () => {
    expect(await answerTo({ kind: 'action', name: 'acme/tools/none', ref: 'main' })).toEqual(unknown('acme/tools has no none/action.yml or none/action.yaml at main'))
    expect(await answerTo({ kind: 'action', name: 'acme/tools/broken', ref: 'main' })).toEqual(unknown('broken/action.yml of acme/tools cannot be read'))
  })
})

describe('the digest of an image', () => {
  const digest = `sha256:${'c'.repeat(64)}`

  test('comes from Docker Hub and ghcr.io, with an anonymous token and never with GitHub\'s', async () => {
    host.github.pushImage('library/node:24', digest)
    host.github.pushImage('acme/tool:latest', digest)
    expect(await answerTo({ kind: 'image', image: 'node:24' })).toEqual(known({ digest }))
    const withToken = createGithubCodeHost({ apiUrl: host.github.apiUrl, registries: host.github.registries, token: 'ghs_canary' })
    expect((await withToken.ask({ kind: 'image', image: 'ghcr.io/acme/tool' }, null)).answer).toEqual(known({ digest }))
  })

  test('is unknown for what is missing, and for registries that nobody asks', async () => {
    expect(await answerTo({ kind: 'image', image: 'acme/none:1' })).toEqual(unknown('not found, or private'))
    expect(await answerTo({ kind: 'image', image: 'quay.io/acme/tool:1' })).toEqual(unknown('quay.io is a registry that is not asked'))
    expect(await answerTo({ kind: 'image', image: 'Not An Image' })).toMatchObject({ status: 'unknown' })
  })

  test('is not waited for longer than the time limit, whatever is collected meanwhile', async () => {
    const isRegistry = ({ path }: { readonly path: string }) => path.startsWith('/registry')
    host.github.interrupt({ when: isRegistry, run: collectGarbage })
    host.github.fault({ when: isRegistry, respond: { kind: 'hang' } })
    const impatient = createGithubCodeHost({ apiUrl: host.github.apiUrl, registries: host.github.registries, timeoutMs: 1_000 })
    expect((await impatient.ask({ kind: 'image', image: 'alpine:3' }, null, new AbortController().signal)).answer).toMatchObject({ status: 'unknown', reason: expect.stringContaining('docker.io') as string })
  })

  test('is not remembered as missing when the registry is out of reach', async () => {
    const unreachable = { url: 'http://127.0.0.1:9', tokenUrl: 'http://127.0.0.1:9/token?' }
    const lonely = createGithubCodeHost({ apiUrl: host.github.apiUrl, registries: { 'docker.io': unreachable, 'ghcr.io': unreachable } })
    expect(await lonely.ask({ kind: 'image', image: 'node:24' }, null)).toMatchObject({ answer: unknown('docker.io cannot be reached'), lasting: false })
  })
})

describe('advisories', () => {
  const advisory = { id: 'GHSA-aaaa-bbbb-cccc', summary: 'Leaks secrets', severity: 'critical', range: '< 2.3.1', fixedIn: '2.3.1' } as const
  const of = (name: string): FactRequest => ({ kind: 'advisories', ecosystem: 'actions', package: name })

  test('of several packages are one question, and each gets its own', async () => {
    host.github.publishAdvisory({ ...advisory, ecosystem: 'actions', package: 'acme/checkout' })
    const one = codeHost()
    const heard = await Promise.all(['Acme/Checkout', 'acme/other'].map((name) => one.ask(of(name), null)))
    expect(heard.map(({ answer }) => answer)).toEqual([known({ advisories: [advisory] }), known({ advisories: [] })])
    expect(host.github.requests.count({ path: '/advisories' })).toBe(1)
  })
})

test('the host is github.com, or an enterprise server that says its version', async () => {
  expect(await answerTo({ kind: 'host' })).toEqual(known({ name: 'github.com' }))
  expect((await codeHost(enterprise).ask({ kind: 'host' }, null)).answer).toEqual(known({ name: 'ghes', version: '3.19.1' }))
})

test('a rate limit is named, and ends the questions', async () => {
  host.github.fault({ when: (request) => request.path === '/repos/acme/checkout', respond: { kind: 'status', status: 429 } })
  expect(await codeHost().ask({ kind: 'repository', repository }, null)).toMatchObject({ answer: { status: 'unknown', reason: expect.stringContaining('rate limited') as string }, stop: true, lasting: false })
})
