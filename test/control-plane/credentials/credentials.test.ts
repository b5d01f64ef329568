import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createCipher } from '../../../control-plane/credentials/cipher.ts'
import { createPlatformServices } from '../../../control-plane/platform-services.ts'
import { Secret } from '../../../control-plane/secret.ts'
import { encryptionKey, startPlatform, type Platform } from '../platform-fixture.ts'

const BY = { actor: 'operator', correlationId: null }
const CANARY = 'canary-of-the-github-token'
const HERE = { tenantId: 't1', purpose: 'github-token' }

let platform: Platform
const cipher = createCipher([encryptionKey('k1')])
const raw = () => platform.database.db.collection<{ _id: string; tenantId: string; purpose?: string; ciphertext: string }>('credentials')
const withKeys = (...ids: string[]) => {
  const { credentials, rotateKeys } = createPlatformServices({ db: platform.database.db, config: { encryptionKeys: ids.map(encryptionKey) }, clock: platform.clock, logger: platform.logger })
  return { ...credentials, rotateKeys }
}

beforeAll(async () => {
  platform = await startPlatform()
})
beforeEach(() => raw().deleteMany({}))
afterAll(() => platform.close())

describe('the cipher', () => {
  test('opens what it closed, with another text each time and the key id in front', () => {
    const [first, second] = [cipher.encrypt(new Secret(CANARY), HERE), cipher.encrypt(new Secret(CANARY), HERE)]
    expect(first).toMatch(/^v1\.k1\./)
    expect(first).not.toBe(second)
    expect(cipher.decrypt(first, HERE).reveal()).toBe(CANARY)
  })

  test.each([{ tenantId: 't2', purpose: 'github-token' }, { tenantId: 't1', purpose: 'webhook' }, { tenantId: 't1github-token', purpose: '' }])('does not open it as %o', (elsewhere) => {
    expect(() => cipher.decrypt(cipher.encrypt(new Secret(CANARY), HERE), elsewhere)).toThrow(expect.objectContaining({ code: 'SECRET_DAMAGED' }) as Error)
  })

  test('refuses what was changed in any byte, cut, or has another form', () => {
    const [version = '', id = '', body = ''] = cipher.encrypt(new Secret(CANARY), HERE).split('.')
    const bytes = Buffer.from(body, 'base64url')
    const changed = Array.from(bytes, (_, index) => Buffer.from(bytes).fill((bytes[index] ?? 0) ^ 1, index, index + 1))
    for (const sealed of [...changed, bytes.subarray(0, -1), bytes.subarray(0, 20), Buffer.alloc(0)]) {
      expect(() => cipher.decrypt([version, id, sealed.toString('base64url')].join('.'), HERE)).toThrow(expect.objectContaining({ code: 'SECRET_DAMAGED' }) as Error)
    }
    expect(() => cipher.decrypt(CANARY, HERE)).toThrow(expect.objectContaining({ code: 'SECRET_DAMAGED' }) as Error)
  })

  test('names a key that it does not have', () => {
    const text = createCipher([encryptionKey('old')]).encrypt(new Secret(CANARY), HERE)
    expect(() => cipher.decrypt(text, HERE)).toThrow(/ENCRYPTION_KEYS does not hold: the key's id is old/)
  })
})

describe('the GitHub token of a tenant', () => {
  test('comes back inside a Secret; database, log and audit log never hold it in clear', async () => {
    await platform.credentials.storeGitHubToken('t1', new Secret(CANARY), BY)
    const token = await platform.credentials.revealGitHubToken('t1')
    expect(token.reveal()).toBe(CANARY)
    platform.logger.info({ token, nested: { apiKey: token }, err: new Error('x', { cause: token }) }, `the token is ${String(token)}`)
    const everything = JSON.stringify([await raw().find().toArray(), await platform.audit.for('t1').list({ limit: 10 }), platform.logged, { token }])
    expect(everything).not.toContain(CANARY)
    expect(everything).toContain('[secret]')
  })

  test('is missing for a tenant that stored none', async () => {
    await expect(platform.credentials.revealGitHubToken('t2')).rejects.toMatchObject({ code: 'GITHUB_TOKEN_MISSING' })
  })

  test('does not open when its record is given to another tenant', async () => {
    await platform.credentials.storeGitHubToken('t1', new Secret(CANARY), BY)
    const record = await raw().findOne({ tenantId: 't1' })
    if (record === null) throw new Error('no record')
    await raw().insertOne({ ...record, _id: 't2/github-token', tenantId: 't2' })
    await expect(platform.credentials.revealGitHubToken('t2')).rejects.toMatchObject({ code: 'SECRET_DAMAGED' })
  })

  test('cannot be stored in clear by mistake', async () => {
    await expect(raw().insertOne({ _id: 'x', tenantId: 't1', ciphertext: new Secret(CANARY) as unknown as string })).rejects.toThrow('cannot be stored in clear')
  })
})

describe('key rotation', () => {
  test('re-encrypts everything with the first key, page by page, and nothing twice', async () => {
    const tenants = Array.from({ length: 120 }, (_, n) => `t${n}`)
    const old = createCipher([encryptionKey('old')])
    await raw().insertMany(tenants.map((tenantId) => ({
      _id: `${tenantId}/github-token`, tenantId, purpose: 'github-token', ciphertext: old.encrypt(new Secret(`${CANARY}-${tenantId}`), { tenantId, purpose: 'github-token' }),
    })))
    expect(await withKeys('new', 'old').rotateKeys()).toEqual({ rotated: 120, current: 0, damaged: 0 })
    expect(await withKeys('new', 'old').rotateKeys()).toEqual({ rotated: 0, current: 120, damaged: 0 })
    for (const tenant of tenants) expect((await withKeys('new').revealGitHubToken(tenant)).reveal()).toBe(`${CANARY}-${tenant}`)
  })

  test('goes on where it was cut off', async () => {
    await withKeys('old').storeGitHubToken('a', new Secret('1'), BY)
    await withKeys('new', 'old').storeGitHubToken('b', new Secret('2'), BY)
    expect(await withKeys('new', 'old').rotateKeys()).toEqual({ rotated: 1, current: 1, damaged: 0 })
  })

  test('leaves a damaged secret, says which in the log, and renews the others', async () => {
    await withKeys('old').storeGitHubToken('a', new Secret('1'), BY)
    await raw().insertOne({ _id: 'b/github-token', tenantId: 'b', purpose: 'github-token', ciphertext: 'v1.old.nonsense' })
    expect(await withKeys('new', 'old').rotateKeys()).toEqual({ rotated: 1, current: 0, damaged: 1 })
    expect(platform.logged.some((line) => line.includes('"level":"error"') && line.includes('"tenantId":"b"'))).toBe(true)
  })

  test('stops with a clear error at a key that is missing, and changes nothing there', async () => {
    await withKeys('lost').storeGitHubToken('a', new Secret('1'), BY)
    const before = await raw().findOne({ tenantId: 'a' })
    await expect(withKeys('new').rotateKeys()).rejects.toMatchObject({ code: 'ENCRYPTION_KEY_UNKNOWN' })
    expect(await raw().findOne({ tenantId: 'a' })).toEqual(before)
  })
})
