// What changed in the workflows between two commits of an emulated GitHub, and which commit brought it.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { changesSince } from '../../analysis/drift/baseline-drift.ts'
import { readChangedWorkflows } from '../../pull-request/changed-workflows.ts'
import type { GithubClient } from '../../pull-request/client.ts'
import { readCommitTree } from '../../pull-request/commit-tree.ts'
import { traceChanges } from '../../pull-request/trace-changes.ts'
import type { Gateway } from '../github-gateway/start-gateway.ts'
import { startAcme } from './acme-fixture.ts'

const CI = '.github/workflows/ci.yml'
const OTHER = '.github/workflows/other.yml'
const JANE = { name: 'Jane', email: 'jane@example.com' }
const workflow = ({ permissions = 'read-all', timeout = 10, uses = 'actions/checkout@v4', more = '' } = {}) =>
  `on: push\npermissions: ${permissions}\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    timeout-minutes: ${timeout}\n    steps:\n      - uses: ${uses}\n${more}`

let github: Gateway
let client: GithubClient
let count = 0

beforeAll(async () => {
  ({ github, client } = await startAcme())
})
afterEach(() => github.calm())
afterAll(() => github.close())

async function make(files: Readonly<Record<string, string | Uint8Array>>) {
  const { fullName, commit: first } = await github.createRepository({ owner: 'acme', name: `changed-${++count}`, files: { 'README.md': 'x', ...files } })
  const repository = { owner: 'acme', name: fullName.split('/')[1] ?? '' }
  return {
    repository, first: first ?? '',
    commit: (changed: Readonly<Record<string, string | Uint8Array | null>>, author = JANE) => github.commit({ repo: fullName, branch: 'main', files: changed, message: 'change', author }),
  }
}

type Shop = Awaited<ReturnType<typeof make>>

async function read({ repository }: Shop, from: string, to: string) {
  const [before, after] = [await readCommitTree(client, { repository, commit: from, folders: [] }), await readCommitTree(client, { repository, commit: to, folders: [] })]
  github.requests.clear()
  return readChangedWorkflows(client, repository, { before, after })
}

/** Each change with the commit that brought it. */
async function trace(shop: Shop, [from, to]: readonly [string, string], most = 100) {
  const [changed] = (await read(shop, from, to)).workflows
  if (changed === undefined) throw new Error('a workflow has changed')
  const changes = changesSince(changed.before, changed.after)
  github.requests.clear()
  let asked = 0
  const origins = await traceChanges(client, { repository: shop.repository, head: to, ...changed, changes, mayAsk: () => ++asked <= most })
  return changes.map(({ place }, index) => [place, origins[index]?.commit ?? null, origins[index]?.author ?? null])
}

test('reads the workflows that differ, and nothing that is the same or no workflow', async () => {
  const shop = await make({ [CI]: workflow(), [OTHER]: workflow(), 'lib/action.yml': 'name: a\n' })
  const head = await shop.commit({ [CI]: workflow({ timeout: 60 }), 'lib/action.yml': 'name: b\n', '.github/workflows/new.yml': 'on: push\n' })
  const { workflows, notChecked } = await read(shop, shop.first, head)
  expect(workflows.map(({ path, before, after }) => [path, before?.text ?? null, after?.text ?? null])).toEqual([[CI, workflow(), workflow({ timeout: 60 })], ['.github/workflows/new.yml', null, 'on: push\n']])
  expect([github.requests.count({}), notChecked]).toEqual([3, []])
})

test('names what cannot be read, and what is too much', async () => {
  const shop = await make({ [CI]: workflow(), [OTHER]: workflow() })
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`.github/workflows/z${at}.yml`, 'on: push\n']))
  const head = await shop.commit({ [CI]: new Uint8Array([97, 0, 98]), [OTHER]: workflow({ timeout: 60 }), ...many })
  const { workflows, notChecked } = await read(shop, shop.first, head)
  expect(workflows).toHaveLength(99)
  expect(notChecked).toEqual([{ what: `the workflow ${CI}`, reason: expect.stringContaining('binary') as string, count: 1 }, { what: 'changed workflows', reason: 'up to 100 are compared', count: 2 }])
})

test('gives each change to the commit that brought it, not to the one that touched the file last', async () => {
  const shop = await make({ [CI]: workflow() })
  const wider = await shop.commit({ [CI]: workflow({ permissions: 'write-all' }) })
  const looser = await shop.commit({ [CI]: workflow({ permissions: 'write-all', uses: 'actions/checkout@main' }) }, { name: 'Mona', email: 'mona@example.com' })
  await shop.commit({ 'README.md': 'y' })
  const head = await shop.commit({ [CI]: `# a comment\n${workflow({ permissions: 'write-all', uses: 'actions/checkout@main' })}` })
  expect(await trace(shop, [shop.first, head])).toEqual([['permissions', wider, 'Jane'], ['jobs.test.steps.actions/checkout.uses', looser, 'Mona']])
  expect(github.requests.count({})).toBe(4)
})

test('gives a change that went and came back to the commit that brought it back', async () => {
  const shop = await make({ [CI]: workflow() })
  await shop.commit({ [CI]: workflow({ permissions: 'write-all' }) })
  await shop.commit({ [CI]: workflow() })
  const again = await shop.commit({ [CI]: workflow({ permissions: 'write-all' }) })
  expect(await trace(shop, [shop.first, again])).toEqual([['permissions', again, 'Jane']])
})

test('knows who removed and who added a workflow', async () => {
  const shop = await make({ [CI]: workflow() })
  const removed = await shop.commit({ [CI]: null })
  const between = await shop.commit({ 'README.md': 'y' })
  expect(await trace(shop, [shop.first, between])).toEqual([['', removed, 'Jane']])
  const added = await shop.commit({ [OTHER]: workflow() })
  const changed = await shop.commit({ [OTHER]: workflow({ timeout: 60 }) })
  expect(await trace(shop, [between, changed])).toEqual([['', added, 'Jane']])
})

test('leaves open what it may not ask for', async () => {
  const shop = await make({ [CI]: workflow() })
  await shop.commit({ [CI]: workflow({ permissions: 'write-all' }) })
  const head = await shop.commit({ [CI]: workflow({ permissions: 'write-all', timeout: 60 }) })
  expect(await trace(shop, [shop.first, head], 2)).toEqual([['permissions', null, null], ['jobs.test.timeout-minutes', head, 'Jane']])
  expect(github.requests.count({})).toBe(2)
  expect(await trace(shop, [shop.first, head], 0)).toEqual([['permissions', null, null], ['jobs.test.timeout-minutes', null, null]])
  expect(github.requests.count({})).toBe(0)
})
