import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { gitBlobId } from '../../pull-request/blob-id.ts'
import type { GithubClient } from '../../pull-request/client.ts'
import { readRepository } from '../../pull-request/read-repository.ts'
import type { Gateway } from '../github-gateway/start-gateway.ts'
import { startAcme } from './acme-fixture.ts'

const CI = '.github/workflows/ci.yml'
let github: Gateway
let client: GithubClient
let count = 0

beforeAll(async () => {
  ({ github, client } = await startAcme())
})
afterEach(() => github.calm())
afterAll(() => github.close())

async function make(files: Record<string, string | Uint8Array>) {
  const { fullName, commit } = await github.createRepository({ owner: 'acme', name: `read-${++count}`, files: { 'README.md': 'x' } })
  const sha = Object.keys(files).length === 0 ? (commit ?? '') : await github.commit({ repo: fullName, branch: 'main', files, message: 'files' })
  return { repository: { owner: 'acme', name: fullName.split('/')[1] ?? '' }, commit: sha, fullName }
}

test("gives git's ids", () => {
  expect(gitBlobId('')).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391')
  expect(gitBlobId('hello\n')).toBe('ce013625030ba8dba906f756967f9e9ca394464a')
  expect(gitBlobId('ä')).toBe(createHash('sha1').update('blob 2\0ä').digest('hex'))
})

test('reads one tree and nothing else when every posted text is the one of the commit', async () => {
  const text = '\ufeffname: CI\r\non: push\r\njobs: {ä: {}}\r\n'
  const { repository, commit } = await make({ [CI]: text, 'src/action.yml': 'name: a\n' })
  github.requests.clear()
  const read = await readRepository(client, { repository, commit, posted: [{ path: CI, text }, { path: 'src/action.yml', text: 'name: a\n' }] })
  expect(github.requests.count({})).toBe(1)
  expect(read).toMatchObject({ replacedTexts: [], files: [{ path: CI, text }, { path: 'src/action.yml', text: 'name: a\n' }], paths: [CI, 'README.md', 'src/action.yml'] })
})

test('replaces a text that differs in one byte, and names a path that the commit does not have', async () => {
  const { repository, commit } = await make({ [CI]: 'name: CI\n' })
  const read = await readRepository(client, { repository, commit, posted: [{ path: CI, text: 'name: CI' }, { path: 'ghost.yml', text: 'a' }, { path: 'notes.txt', text: 'b' }] })
  expect(read.replacedTexts).toEqual([CI, 'ghost.yml'])
  expect(read.files).toEqual([{ path: CI, text: 'name: CI\n' }])
})

test('reads CI files only, and a posted workflow that lies elsewhere', async () => {
  const { repository, commit } = await make({ [CI]: 'a', '.github/workflows/deep/x.yml': 'b', '.github/dependabot.yml': 'c', 'lib/action.yaml': 'd', 'other.yml': 'e', 'src/main.ts': 'f' })
  const read = await readRepository(client, { repository, commit, posted: [{ path: 'other.yml', text: 'e' }] })
  expect(read.files.map(({ path }) => path).sort()).toEqual(['.github/dependabot.yml', CI, 'lib/action.yaml', 'other.yml'])
})

test('reads actions.lock along, posted or not', async () => {
  const lock = '.github/workflows/actions.lock'
  const { repository, commit } = await make({ [CI]: 'a', [lock]: 'version: 1\n' })
  for (const posted of [[], [{ path: lock, text: 'version: 1\n' }]]) {
    expect((await readRepository(client, { repository, commit, posted })).files).toContainEqual({ path: lock, text: 'version: 1\n' })
  }
})

test('names links, binary, wrongly encoded and too large files without losing the others', async () => {
  const { repository, commit, fullName } = await make({ [CI]: 'ok', '.github/workflows/binary.yml': new Uint8Array([97, 0, 98]), '.github/workflows/large.yml': '#'.repeat(1_100_000) })
  const { data: head } = await client.rest.git.getCommit({ owner: 'acme', repo: repository.name, commit_sha: commit })
  const link = { path: '.github/workflows/link.yml', mode: '120000' as const, type: 'blob' as const, content: '/etc/passwd' }
  const { data: tree } = await client.rest.git.createTree({ owner: 'acme', repo: repository.name, base_tree: head.tree.sha, tree: [link] })
  const { data: linked } = await client.rest.git.createCommit({ owner: 'acme', repo: repository.name, message: 'link', tree: tree.sha, parents: [commit] })
  github.requests.clear()
  const read = await readRepository(client, { repository, commit: linked.sha, posted: [{ path: link.path, text: '/etc/passwd' }] })
  expect(Object.fromEntries(read.files.map((file) => [file.path, 'error' in file ? file.error : 'read']))).toEqual({
    [CI]: 'read', '.github/workflows/binary.yml': expect.stringContaining('binary') as string,
    '.github/workflows/large.yml': expect.stringContaining('limit') as string, [link.path]: expect.stringContaining('symbolic link') as string,
  })
  expect(read.replacedTexts).toEqual([link.path])
  expect(github.requests.count({ path: /git\/blobs/ }), fullName).toBe(2)
})

test('walks the folders of CI files when the code host cuts the list, and says so', async () => {
  const { repository, commit } = await make({ [CI]: 'a', 'tools/lint/action.yml': 'b', 'far/away/action.yml': 'c', 'src/x.ts': 'd' })
  github.fault({
    when: ({ path, query }) => path.endsWith(`/git/trees/${commit}`) && query.has('recursive'),
    respond: { kind: 'status', status: 200, body: { sha: commit, url: '', tree: [], truncated: true } },
  })
  const read = await readRepository(client, { repository, commit, posted: [{ path: 'tools/lint/action.yml', text: 'b' }] })
  expect(read.files.map(({ path }) => path).sort()).toEqual([CI, 'tools/lint/action.yml'])
  expect(read).toMatchObject({ paths: null, replacedTexts: [], notChecked: [{ what: 'folders outside .github' }] })
})
