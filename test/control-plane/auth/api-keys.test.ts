import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startPlatform, type Platform } from '../platform-fixture.ts'

const BY = { actor: 'operator', correlationId: null }
const KEY = { name: 'ci', scopes: ['analyses:write'] as const, expiresAt: null }

let platform: Platform
const verify = (key: string) => platform.principalOf(`Bearer ${key}`)

beforeAll(async () => {
  platform = await startPlatform()
})
afterAll(() => platform.close())

describe('an API key', () => {
  test('opens its tenant with its scopes', async () => {
    const { keyId, key } = await platform.apiKeys.create('t1', KEY, BY)
    expect(key.reveal()).toMatch(/^adk_[0-9a-f]{16}_[0-9a-f]{64}$/)
    expect(await verify(key.reveal())).toEqual({ kind: 'api-key', tenantId: 't1', keyId, scopes: ['analyses:write'] })
  })

  test('is stored as a hash only, and no log line holds it', async () => {
    const { key } = await platform.apiKeys.create('t1', KEY, BY)
    await verify(key.reveal())
    platform.logger.error({ err: new Error(`no ${key.reveal()}`), headers: { authorization: `Bearer ${key.reveal()}` }, key }, `${key.reveal()}`)
    const stored = JSON.stringify(await platform.database.db.collection('api-keys').find().toArray())
    const secret = key.reveal().split('_')[2] ?? ''
    expect(stored).not.toContain(secret)
    expect(platform.logged.join('')).not.toContain(secret)
  })

  test('with another secret, an unknown id or a wrong form is refused alike', async () => {
    const { keyId, key } = await platform.apiKeys.create('t1', KEY, BY)
    for (const wrong of [`adk_${keyId}_${'0'.repeat(64)}`, key.reveal().replace(keyId, 'f'.repeat(16)), 'adk_', `${key.reveal()}0`]) {
      await expect(verify(wrong)).rejects.toMatchObject({ code: 'API_KEY_INVALID', detail: undefined })
    }
  })

  test('stops after its expiry', async () => {
    const { key } = await platform.apiKeys.create('t1', { ...KEY, expiresAt: new Date(platform.clock().getTime() + 60_000) }, BY)
    await expect(verify(key.reveal())).resolves.toBeDefined()
    platform.advance(61_000)
    await expect(verify(key.reveal())).rejects.toMatchObject({ code: 'API_KEY_EXPIRED' })
  })

  test('is refused within ten seconds after it was revoked, and revoked only once', async () => {
    const { keyId, key } = await platform.apiKeys.create('t1', KEY, BY)
    await verify(key.reveal())
    await platform.apiKeys.revoke('t1', keyId, BY)
    platform.advance(10_001)
    await expect(verify(key.reveal())).rejects.toMatchObject({ code: 'API_KEY_INVALID' })
    await expect(platform.apiKeys.revoke('t1', keyId, BY)).rejects.toMatchObject({ code: 'API_KEY_NOT_FOUND' })
  })

  test('of another tenant cannot be revoked', async () => {
    const { keyId, key } = await platform.apiKeys.create('t1', KEY, BY)
    await expect(platform.apiKeys.revoke('t2', keyId, BY)).rejects.toMatchObject({ code: 'API_KEY_NOT_FOUND' })
    platform.advance(10_001)
    await expect(verify(key.reveal())).resolves.toMatchObject({ keyId })
  })

  test('remembers when it was last used', async () => {
    const { keyId, key } = await platform.apiKeys.create('t1', KEY, BY)
    await verify(key.reveal())
    const record = () => platform.database.db.collection<{ _id: string; lastUsedAt: Date | null }>('api-keys').findOne({ _id: keyId })
    await vi.waitFor(async () => expect((await record())?.lastUsedAt).toBeInstanceOf(Date))
  })

  test('leaves its making and its end in the audit log, without the key', async () => {
    const { keyId } = await platform.apiKeys.create('t3', KEY, BY)
    await platform.apiKeys.revoke('t3', keyId, BY)
    const entries = await platform.audit.for('t3').list({ limit: 10 })
    expect(entries.map(({ action, subject }) => [action, subject])).toEqual([['api-key.created', keyId], ['api-key.revoked', keyId]])
    expect(await platform.audit.for('t4').list({ limit: 10 })).toEqual([])
  })
})
