// The scripts that refresh bundled data, against a GitHub with one popular action that has moved on.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import archived from '../../../analysis/data/archived-actions.json' with { type: 'json' }
import { createAskedCodeHost, type AskedCodeHost } from '../../../scripts/ask-code-host.ts'
import { refreshActions } from '../../../scripts/refresh-actions.ts'
import { formatArchivedActions, refreshArchivedActions } from '../../../scripts/refresh-archived-actions.ts'
import { refreshTokenless, withTokenless } from '../../../scripts/refresh-permissions.ts'
import { startGateway, type Gateway } from '../../github-gateway/start-gateway.ts'

const today = '2026-12-24'
const OLD = 'a'.repeat(40)
const metadata = 'name: Tool\ninputs:\n  token:\n    required: true\n  cache:\n    deprecationMessage: gone soon\n  age: {}\nruns:\n  using: node24\n  main: x.js\n'

let github: Gateway
let commit: string
let newer: string
beforeAll(async () => {
  github = await startGateway()
  await github.createOwner({ login: 'acme' })
  commit = (await github.createRepository({ owner: 'acme', name: 'tool', files: { 'action.yml': metadata } })).commit ?? ''
  newer = await github.commit({ repo: 'acme/tool', branch: 'main', files: { 'action.yml': `${metadata}  post: y.js\n` }, message: 'Third major' })
  for (const name of ['v2.1.0', 'v2']) await github.tag({ repo: 'acme/tool', name, commit })
  for (const name of ['v3.0.0', 'v4.0.0-rc.1']) await github.tag({ repo: 'acme/tool', name, commit: newer })
  await github.release({ repo: 'acme/tool', tag: 'v2.1.0', publishedAt: '2026-12-01T08:00:00Z' })
  await github.release({ repo: 'acme/tool', tag: 'v3.0.0', publishedAt: '2026-12-02T08:00:00Z' })
  await github.release({ repo: 'acme/tool', tag: 'v4.0.0-rc.1', publishedAt: '2026-12-03T08:00:00Z', prerelease: true })
})
afterAll(() => github.close())

const host = (): AskedCodeHost => createAskedCodeHost({ apiUrl: github.apiUrl, sleep: () => Promise.resolve() })

describe('refresh-actions', () => {
  const line = `v1 node20 v1.0.0 ${OLD} 2025-01-01 m =v2 | v2 node20 v2.0.0 ${OLD} 2026-01-01 m token!`
  const data = { source: 'x', date: '2026-11-24', format: 'f', actions: { 'acme/tool': line, 'acme/none': line } }

  it('takes the newest release of each major and new majors, and leaves what nobody answers', async () => {
    const asked = host()
    const refreshed = await refreshActions(data, { host: asked, today, names: [] })
    expect(refreshed.actions['acme/tool']?.split(' | ')).toEqual([
      `v1 node20 v1.0.0 ${OLD} 2025-01-01 m token!`,
      `v2 node24 v2.1.0 ${commit} 2026-12-01 m age,cache~,token!`,
      `v3 node24 v3.0.0 ${newer} 2026-12-02 - age,cache~,token!`,
    ])
    expect(refreshed.actions['acme/none']).toBe(line)
    expect(refreshed).toMatchObject({ date: today, source: expect.stringContaining(today) as string })
    expect(asked.unanswered()).toContain('releases:acme/none: not found, or private')
  })

  it('changes nothing the second time, and no date for some names only', async () => {
    const once = await refreshActions(data, { host: host(), today, names: [] })
    expect((await refreshActions(once, { host: host(), today, names: ['acme/tool'] })).actions).toEqual(once.actions)
    expect((await refreshActions(data, { host: host(), today, names: ['acme/tool'] })).date).toBe('2026-11-24')
  })
})

describe('refresh-archived-actions', () => {
  it('adds what is archived now, drops what lives again, and keeps what nobody answers', async () => {
    await github.createRepository({ owner: 'acme', name: 'asleep', files: { 'action.yml': metadata } })
    github.archive('acme/asleep')
    const data = { source: 'x', date: '2026-08-07', successors: {}, names: ['acme/none', 'acme/tool'] }
    expect(await refreshArchivedActions(data, ['acme/asleep/sub'], { host: host(), today })).toEqual({ ...data, date: today, names: ['acme/asleep', 'acme/none'] })
  })

  it('writes the file as it stands', () => {
    expect(formatArchivedActions(archived)).toBe(readFileSync('analysis/data/archived-actions.json', 'utf8'))
  })
})

describe('refresh-permissions', () => {
  it('lists what takes no token by default, without composites, and keeps what nobody answers', async () => {
    const files = {
      'plain/action.yml': metadata,
      'taking/action.yml': metadata.replace('  age: {}', '  age:\n    default: ${{ github.token }}'),
      'made/action.yml': 'name: Made\nruns:\n  using: composite\n  steps: []\n',
    }
    const made = await github.createRepository({ owner: 'acme', name: 'many', files })
    const line = (name: string) => [`acme/many/${name}`, `v1 node24 v1.0.0 ${made.commit} 2026-01-01 m .`] as const
    const data = { tokenless: ['acme/gone', 'acme/many/taking'], actions: { 'acme/many/listed': {} }, rateLimitOnly: [] }
    const popular = Object.fromEntries(['plain', 'taking', 'made', 'listed'].map(line))
    expect(await refreshTokenless(data, popular, host())).toEqual(['acme/gone', 'acme/many/plain'])
  })

  it('changes the list and the date of the file, and nothing else', () => {
    const text = readFileSync('analysis/data/permissions.json', 'utf8')
    const changed = withTokenless(text, ['acme/plain'], today)
    const parsed = JSON.parse(changed) as { tokenless: string[]; asOf: string }
    expect([parsed.tokenless, parsed.asOf]).toEqual([['acme/plain'], today])
    expect({ ...parsed, tokenless: [], asOf: '' }).toEqual({ ...(JSON.parse(text) as object), tokenless: [], asOf: '' })
    expect(changed.split('\n').filter((line, index) => line !== text.split('\n')[index])).toHaveLength(2)
  })
})
