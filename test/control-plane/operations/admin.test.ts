// The operator's command as a process, on a test database.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_HELP, parseAdminCommand } from '../../../control-plane/operations/admin-command.ts'
import { openTestDatabase, type TestDatabase } from '../../database/open-test-database.ts'
import { ENCRYPTION_KEYS, runProgram } from '../../service/program.ts'

const CANARY = 'canary-token-of-github'

let database: TestDatabase
let environment: Record<string, string>
const command = (args: readonly string[], input = '', more: Record<string, string> = {}) => runProgram('admin', args, { environment: { ...environment, ...more }, input })

beforeAll(async () => {
  database = await openTestDatabase()
  environment = { MONGODB_URI: database.uri, MONGODB_DATABASE: database.name, OIDC_ISSUERS: 'https://issuer.test/path' }
  const { code, stderr } = await command(['create-tenant', '--owner', 'acme', '--owner-id', '4242'])
  expect([code, stderr]).toEqual([0, ''])
})
afterAll(() => database.close())

describe('the operator', () => {
  test('registers a tenant of the first issuer once, and is told when it exists', async () => {
    const tenant = await database.db.collection('tenants').findOne({ ownerId: '4242' })
    expect(tenant).toMatchObject({ _id: '4242@issuer.test', ownerName: 'acme', issuerHost: 'issuer.test', aiEnabled: false })
    const again = await command(['create-tenant', '--owner', 'acme', '--owner-id', '4242'])
    expect([again.code, again.stdout]).toEqual([1, ''])
    expect(again.stderr).toContain('TENANT_EXISTS')
  })

  test('makes a key and revokes it', async () => {
    const made = await command(['create-api-key', '--tenant', '4242', '--scope', 'analyses:read', '--expires-days', '7', '--json'])
    const { apiKey, keyId } = JSON.parse(made.stdout) as { apiKey: string; keyId: string }
    expect(apiKey).toContain(keyId)
    expect(await database.db.collection<{ _id: string }>('api-keys').findOne({ _id: keyId })).toMatchObject({ tenantId: '4242@issuer.test', scopes: ['analyses:read'] })
    expect((await command(['revoke-api-key', keyId, '--tenant', '4242@issuer.test'])).code).toBe(0)
    expect((await command(['revoke-api-key', keyId, '--tenant', '4242'])).stderr).toContain('API_KEY_NOT_FOUND')
  })

  test('turns purposes on and off', async () => {
    const on = await command(['set-ai', '--tenant', '4242', '--ai', 'on', '--purpose', 'explain', '--json'])
    expect(JSON.parse(on.stdout)).toEqual({ tenant: '4242@issuer.test', explain: true, fix: false, summarise: false })
    expect((await command(['set-ai', '--tenant', '4242', '--ai', 'off'])).stdout).toContain('explain: false')
    expect((await command(['set-ai', '--tenant', '4242', '--ai', 'on', '--purpose', 'chat'])).stderr).toContain("there is no purpose 'chat'; there are explain, fix, summarise")
  })

  test('can only look at requests to models, of analyses that there are', async () => {
    expect((await command(['ai-request', 'a1', '--tenant', '4242'])).stderr).toContain('ai-request only shows: say --dry-run')
    expect((await command(['ai-request', 'a1', '--tenant', '4242', '--dry-run'])).stderr).toContain('ANALYSIS_NOT_FOUND')
  })

  test('stores the GitHub token from standard input, encrypted, and rotates the keys', async () => {
    const stored = await command(['set-github-token', '--tenant', '4242'], `${CANARY}\n`)
    expect([stored.code, stored.stdout + stored.stderr]).toEqual([0, expect.not.stringContaining(CANARY) as string])
    const ciphertext = async () => String((await database.db.collection('credentials').findOne({ tenantId: '4242@issuer.test' }))?.ciphertext)
    expect(await ciphertext()).toMatch(/^v1\.k1\.(?!.*canary)/)
    const rotated = await command(['rotate-keys', '--json'], '', { ENCRYPTION_KEYS: `k2:${Buffer.alloc(32, 2).toString('base64')},${ENCRYPTION_KEYS}` })
    expect(JSON.parse(rotated.stdout)).toEqual({ rotated: 1, alreadyCurrent: 0, damaged: 0 })
    expect(await ciphertext()).toMatch(/^v1\.k2\./)
  })

  test('adds the first owner, who can then sign in', async () => {
    expect((await command(['add-member', '--tenant', '4242', '--login', 'mona', '--user-id', '7'])).code).toBe(0)
    expect(await database.db.collection('members').findOne({ userId: '7' })).toMatchObject({ tenantId: '4242@issuer.test', login: 'mona', role: 'owner' })
  })

  test('is refused when standard input holds no token, two, or too much', async () => {
    for (const input of ['', 'two words', 'x'.repeat(5000)]) {
      const { code, stderr } = await command(['set-github-token', '--tenant', '4242'], input)
      expect([code, stderr.includes('one token and nothing else')]).toEqual([2, true])
    }
  })

  test('sees no dead letters and cannot requeue one that is not there', async () => {
    expect(JSON.parse((await command(['dead-letters', 'list', '--json'])).stdout)).toEqual({ deadLetters: [], next: null })
    const { code, stderr } = await command(['dead-letters', 'requeue', 'nothing', '--tenant', '4242'])
    expect([code, stderr.includes('DEAD_LETTER_NOT_FOUND')]).toEqual([1, true])
  })

  test('has the counters of quotas recomputed', async () => {
    const { code, stdout } = await command(['check-quotas', '--tenant', '4242', '--month', '2026-11', '--json'])
    expect([code, JSON.parse(stdout)]).toEqual([0, { tenant: '4242@issuer.test', month: '2026-11', counters: 0, reservations: 0, differences: [] }])
  })

  test('sets a quota, overrides it for a while, sees what is used of it, and removes it', async () => {
    const set = await command(['quotas', 'set', 'repository:*', '--tenant', '4242', '--limit', 'day:requests:100', '--limit', 'month:costMicroUsd:5000000', '--warn-at', '90', '--warn-at', '50', '--json'])
    expect([set.code, set.stderr]).toEqual([0, ''])
    const limits = { day: { requests: 100, tokens: null, costMicroUsd: null }, month: { requests: null, tokens: null, costMicroUsd: 5_000_000 } }
    expect(JSON.parse(set.stdout)).toMatchObject({ tenant: '4242@issuer.test', quota: { id: 'repository:*', limits, warnAtPercent: [50, 90], override: null } })
    const override = ['quotas', 'override', 'repository:*', '--tenant', '4242', '--limit', 'day:requests:500', '--reason', 'a release', '--until']
    expect((await command([...override, '2999-01-01T00:00:00Z'])).code).toBe(0)
    expect((await command([...override, '2020-01-01T00:00:00Z'])).stderr).toContain('until must be in the future')
    const { quotas } = JSON.parse((await command(['quotas', 'list', '--tenant', '4242', '--json'])).stdout) as { quotas: unknown }
    expect(quotas).toMatchObject([{ id: 'repository:*', limits, day: { limits: { requests: 500 } }, override: { reason: 'a release', by: 'operator', until: '2999-01-01T00:00:00.000Z' } }])
    expect((await command(['quotas', 'remove', 'repository:*', '--tenant', '4242'])).code).toBe(0)
    expect((await command(['quotas', 'remove', 'repository:*', '--tenant', '4242'])).stderr).toContain('QUOTA_NOT_FOUND')
    expect((await database.db.collection('audit').find({ subject: 'repository:*' }).toArray()).map(({ actor, action }) => [String(actor), String(action)])).toEqual([['operator', 'quota.set'], ['operator', 'quota.set'], ['operator', 'quota.removed']])
  })

  test.each([['-1', 'must not be negative'], ['0.5', 'must be a whole number'], ['1e300', 'must be at most'], ['much', 'not NaN']])('is told why a quota of %s is refused', async (amount, reason) => {
    const { code, stderr } = await command(['quotas', 'set', 'tenant', '--tenant', '4242', '--limit', `month:tokens:${amount}`])
    expect([code, stderr]).toEqual([2, expect.stringContaining(`limits.month.tokens: ${reason === 'not NaN' ? 'must be a number, not NaN' : reason}`)])
  })

  test('finds every command in the runbook, or where keys for the API are explained', () => {
    const pages = ['runbook', 'api'].map((page) => readFileSync(new URL(`../../../docs/${page}.md`, import.meta.url), 'utf8')).join('\n')
    const commands = [...ADMIN_HELP.matchAll(/^ {2}([a-z-]+(?: (?:run|list|requeue|set|override|remove|add|end))?)(?= |$)/gm)].map(([, name = '']) => name)
    expect(commands.length).toBeGreaterThan(18)
    expect(commands.filter((name) => !new RegExp(`(?:autodevops-admin |\`)${name}\\b`).test(pages))).toEqual([])
  })

  test('sees what models used, and what they cost', async () => {
    const used = JSON.parse((await command(['usage', '--tenant', '4242', '--month', '2026-02', '--by', 'model', '--json'])).stdout) as object
    expect(used).toMatchObject({ tenant: '4242@issuer.test', from: '2026-02-01', to: '2026-02-28', by: 'model', usage: [], total: { requests: 0 } })
    const added = await command(['prices', 'add', '--model', 'local-1', '--from', '2026-11-01', '--tier', '1000:1:2', '--tier', 'any:3:4:0', '--source', 'a contract'])
    expect([added.code, added.stderr]).toEqual([0, ''])
    expect((await command(['prices', 'end', '--model', 'local-1', '--from', '2026-11-01', '--to', '2026-11-30', '--tenant', '4242'])).code).toBe(0)
    const priceFor = async (...who: string[]) => (JSON.parse((await command(['prices', 'list', ...who, '--json'])).stdout) as { prices: { model: string; effectiveTo: string | null }[] }).prices.find(({ model }) => model === 'local-1')
    expect(await priceFor()).toMatchObject({ effectiveTo: null, tiers: [{ upToInputTokens: 1000, input: 1, output: 2, cached: null }, { upToInputTokens: null, input: 3, output: 4, cached: 0 }], source: 'a contract' })
    expect(await priceFor('--tenant', '4242')).toMatchObject({ effectiveTo: '2026-11-30' })
    expect((await command(['models', 'list'])).stdout).toContain('"id":"gemini-4-hydrogen"')
    const model = ['models', 'add', '--model', 'local-1', '--provider', 'openai', '--window', '50000', '--output-limit', '4000', '--alias', 'fast', '--first']
    expect((await command(model)).code).toBe(0)
    expect((await command(model)).stderr).toContain('MODEL_EXISTS')
    expect((await command(['models', 'end', '--model', 'gpt-6-luna', '--to', '2020-01-01', '--tenant', '4242'])).code).toBe(0)
    const modelsFor = async (...who: string[]) => (JSON.parse((await command(['models', 'list', ...who, '--json'])).stdout) as { models: { id: string }[] }).models.map(({ id }) => id)
    expect([(await modelsFor()).includes('local-1'), (await modelsFor()).includes('gpt-6-luna'), (await modelsFor('--tenant', '4242')).includes('gpt-6-luna')]).toEqual([true, true, false])
    const wrong = await command(['prices', 'add', '--model', 'local-2', '--from', '2026-11-31', '--tier', 'any:1:1', '--source', 'x'])
    expect([wrong.code, wrong.stderr.includes('effectiveFrom')]).toEqual([2, true])
  })

  test('sets how often repositories are scanned, and scans them at once, saying how far it is', async () => {
    const set = await command(['scans', 'set', '--tenant', '4242', '--every', 'daily', '--requests-per-hour', '50', '--json'])
    expect([set.code, JSON.parse(set.stdout)]).toEqual([0, { tenant: '4242@issuer.test', every: 'daily', requestsPerHour: 50, discover: true, skip: ['archived', 'disabled', 'fork'] }])
    const narrowed = await command(['scans', 'set', '--tenant', '4242', '--every', 'daily', '--discover', 'off', '--skip', 'disabled', '--skip', 'archived', '--json'])
    expect([narrowed.code, JSON.parse(narrowed.stdout)]).toEqual([0, { tenant: '4242@issuer.test', every: 'daily', requestsPerHour: 50, discover: false, skip: ['archived', 'disabled'] }])
    const widened = await command(['scans', 'set', '--tenant', '4242', '--every', 'weekly', '--requests-per-hour', 'any', '--discover', 'on', '--skip', 'none', '--json'])
    expect([widened.code, JSON.parse(widened.stdout)]).toEqual([0, { tenant: '4242@issuer.test', every: 'weekly', requestsPerHour: 1_000, discover: true, skip: [] }])
    expect((await command(['set-github-token', '--tenant', '4242'], CANARY)).code).toBe(0)
    await database.db.collection<{ _id: string }>('repositories').insertOne({ _id: '4242@issuer.test/1', tenantId: '4242@issuer.test', repositoryId: '1', name: 'acme/shop', defaultBranch: 'main', removedAt: null, history: [] } as never)
    const run = await command(['scans', 'run', '--tenant', '4242', '--json'], '', { GITHUB_API_URL: 'http://127.0.0.1:1' })
    expect([run.code, run.stderr]).toEqual([0, '1 of 1 repositories\n'])
    expect(JSON.parse(run.stdout)).toEqual({ tenant: '4242@issuer.test', repositories: 1, listing: 'failed: GITHUB_UNAVAILABLE', again: 1, due: 0, analysing: 0, paused: null })
    expect(await database.db.collection('audit').countDocuments({ action: { $in: ['scans.changed', 'scans.started'] }, actor: 'operator' })).toBe(4)
  })

  test('is told when the tenant does not exist, and which settings are wrong', async () => {
    expect((await command(['set-github-token', '--tenant', '1'], CANARY)).stderr).toContain('TENANT_NOT_FOUND')
    const { code, stderr } = await command(['rotate-keys'], '', { ENCRYPTION_KEYS: '' })
    expect([code, stderr.includes('ENCRYPTION_KEYS is not set')]).toEqual([1, true])
  })

  test('gets help with 0, and a usage error with 2 that does not repeat a token', async () => {
    const help = await command(['--help'])
    expect([help.code, help.stdout.includes('create-tenant --owner NAME')]).toEqual([0, true])
    const { code, stdout, stderr } = await command(['set-github-token', CANARY, '--tenant', '4242'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('secrets come from standard input')
    expect(stderr).not.toContain(CANARY)
  })
})

test.each([
  [['create-tenant', '--owner', 'acme'], '--owner-id is missing'],
  [['create-tenant', '--owner', 'acme', '--owner-id', 'acme'], 'the number that GitHub gave'],
  [['create-tenant', '--owner', 'acme', '--owner-id', '1', '--ai', 'maybe'], '--ai is on or off'],
  [['scans', 'set', '--tenant', '1', '--every', 'hourly'], '--every is one of off, weekly, daily'],
  [['scans', 'set', '--tenant', '1', '--every', 'off', '--requests-per-hour', '9'], '--requests-per-hour is a number from 10 to 15000, or any'],
  [['scans', 'set', '--tenant', '1', '--discover', 'on'], '--every is one of off, weekly, daily'],
  [['scans', 'set', '--tenant', '1', '--every', 'off', '--discover', 'yes'], '--discover is on or off'],
  [['scans', 'set', '--tenant', '1', '--every', 'off', '--skip', 'private'], "--skip is one of archived, disabled, fork, or none; not 'private'"],
  [['scans', 'set', '--tenant', '1', '--every', 'off', '--skip', 'none', '--skip', 'fork'], '--skip none stands alone'],
  [['create-api-key', '--tenant', '1', '--scope', 'all'], "no scope 'all'"],
  [['create-api-key', '--tenant', '1', '--expires-days', '-1'], '--expires-days'],
  [['add-member', '--tenant', '1', '--login', 'mona', '--user-id', 'mona'], 'the number that GitHub gave the person'],
  [['add-member', '--tenant', '1', '--login', 'mona', '--user-id', '1', '--role', 'god'], "no role 'god'"],
  [['rotate-keys', '--tenant', '1'], 'rotate-keys does not take --tenant'],
  [['dead-letters', 'drop'], "no command 'dead-letters drop'"],
  [['dead-letters', 'requeue', '--tenant', '1'], "the dead letter's id"],
  [['check-quotas', '--tenant', '1', '--month', '2026-13'], '--month is written 2026-11'],
  [['usage', '--tenant', '1', '--by', 'actor'], '--by is one of day, model, purpose, repository'],
  [['prices', 'add', '--model', 'm', '--from', '2026-11-01', '--tier', '1:2'], "--tier '1:2' is not written UPTO:INPUT:OUTPUT"],
  [['prices', 'end', '--model', 'm', '--from', '2026-11-01'], '--to is missing'],
  [['models', 'add', '--model', 'm', '--provider', 'openai', '--window', 'many', '--output-limit', '1', '--alias', 'fast'], '--window is a number of tokens'],
  [['models', 'end', '--model', 'm'], '--to is missing'],
  [['prices'], "no command 'prices'"],
  [['quotas', 'set', '--tenant', '1', '--limit', 'day:tokens:1'], "the quota's name"],
  [['quotas', 'set', 'tenant', '--tenant', '1'], '--limit is missing'],
  [['quotas', 'set', 'tenant', '--tenant', '1', '--limit', 'week:tokens:1'], "--limit 'week:tokens:1' is not written PERIOD:METRIC:N"],
  [['quotas', 'set', 'tenant', '--tenant', '1', '--limit', 'day:tokens:'], "--limit 'day:tokens:' is not written"],
  [['quotas', 'set', 'tenant', '--tenant', '1', '--limit', 'day:tokens:1', '--limit', 'day:tokens:2'], '--limit day:tokens is there twice'],
  [['quotas', 'set', 'tenant', '--tenant', '1', '--limit', 'day:tokens:1', '--warn-at=-5'], "--warn-at '-5' is no whole number of percent"],
  [['quotas', 'override', 'tenant', '--tenant', '1', '--limit', 'day:tokens:1', '--until', '2999-01-01T00:00:00Z'], '--reason is missing'],
  [['--unknown'], 'Unknown option'],
])('%j is a usage error', (args, message) => {
  expect(() => parseAdminCommand(args)).toThrow(message)
})
