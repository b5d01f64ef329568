import { afterAll, beforeAll, expect, test } from 'vitest'
import { createModelCatalogue, type NewModel } from '../../../control-plane/ai/model-catalogue.ts'
import { modelsFor, readModels } from '../../../control-plane/ai/models.ts'
import { EVERYBODY } from '../../../control-plane/ai/prices/prices-service.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'

const BY = { actor: 'operator', correlationId: null }
const LOCAL: NewModel = { id: 'local-1', provider: 'openai', windowTokens: 50_000, outputLimitTokens: 4_000, isWindowShared: true, parameters: {}, alias: 'fast', isFirst: false }
const SHIPPED_FAST = ['gemini-3.5-flash-lite', 'claude-haiku-5-5', 'gpt-6-luna']
let platform: Platform
let now = new Date('2026-11-24T12:00:00Z')

beforeAll(async () => { platform = await startPlatform() })
afterAll(() => platform.close())

const catalogue = () => createModelCatalogue({ configured: readModels(null), collections: platform.collections, audit: platform.audit, clock: () => now })
const fast = async (tenantId: string) => (await catalogue().of(tenantId)).aliases.fast
const add = (tenantId: string, changes: Partial<NewModel> = {}) => {
  now = new Date(now.getTime() + 1000)
  return catalogue().add(tenantId, { ...LOCAL, ...changes }, BY)
}

test('without anything stored the configured models are those of everybody', async () => {
  expect(await catalogue().of('1@x')).toEqual(readModels(null))
})

test('a model is asked in its place, by the tenant that added it or by everybody', async () => {
  await add('1@x')
  await add('1@x', { id: 'local-2', isFirst: true })
  await add(EVERYBODY, { id: 'for-all', isFirst: true })
  expect(await fast('1@x')).toEqual(['for-all', 'local-2', ...SHIPPED_FAST, 'local-1'])
  expect(await fast('2@x')).toEqual(['for-all', ...SHIPPED_FAST])
  const [first] = modelsFor(await catalogue().of('1@x'), new Set(['openai']), { purpose: 'explain', inputTokens: 10, outputTokens: 10 })
  expect(first).toEqual({ id: 'for-all', provider: 'openai', windowTokens: 50_000, outputLimitTokens: 4_000, isWindowShared: true, parameters: {} })
  expect(await platform.audit.for('1@x').list({ limit: 10 })).toMatchObject([{ action: 'model.added', subject: 'local-1', actor: 'operator' }, { action: 'model.added', subject: 'local-2' }])
})

test('one that has ended is asked on its last day and not after it, also a configured one, also for one tenant only', async () => {
  now = new Date('2026-11-24T12:00:00Z')
  await add('3@x', { id: 'short' })
  await catalogue().end('3@x', { id: 'short', lastDay: '2026-11-25' }, BY)
  await catalogue().end('3@x', { id: 'gpt-6-luna', lastDay: '2026-11-24' }, BY)
  expect(await fast('3@x')).toContain('short')
  now = new Date('2026-11-25T23:59:59Z')
  expect(await fast('3@x')).toEqual(['for-all', ...SHIPPED_FAST.slice(0, 2), 'short'])
  expect(await fast('2@x')).toContain('gpt-6-luna')
  now = new Date('2026-11-26T00:00:00Z')
  const ended = await catalogue().of('3@x')
  expect(ended.aliases.fast).toEqual(['for-all', ...SHIPPED_FAST.slice(0, 2)])
  expect(ended.models.map(({ id }) => id)).not.toContain('gpt-6-luna')
})

test('a purpose whose last model has ended is not configured', async () => {
  now = new Date('2026-12-01T00:00:00Z')
  for (const id of readModels(null).aliases.strong ?? []) await catalogue().end('4@x', { id, lastDay: '2026-11-30' }, BY)
  const models = await catalogue().of('4@x')
  expect(() => modelsFor(models, new Set(['gemini', 'openai', 'anthropic']), { purpose: 'fix', inputTokens: 1, outputTokens: 1 })).toThrow(expect.objectContaining({ code: 'MODEL_NOT_CONFIGURED' }) as Error)
})

test('refuses what is there, what nobody asks, and the end of what never was', async () => {
  await expect(add('1@x')).rejects.toMatchObject({ code: 'MODEL_EXISTS' })
  await expect(add('1@x', { id: 'gemini-4-hydrogen' })).rejects.toMatchObject({ code: 'MODEL_EXISTS', detail: expect.stringContaining('configured') as string })
  await expect(add('1@x', { id: 'x', alias: 'slow' })).rejects.toMatchObject({ code: 'MODEL_ALIAS_UNKNOWN', detail: 'slow; there are fast, strong' })
  await expect(catalogue().end('1@x', { id: 'nothing', lastDay: '2026-11-30' }, BY)).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' })
})
