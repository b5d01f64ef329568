import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FactAnswer } from '../../../analysis/fact.ts'
import { createFactCache } from '../../../control-plane/analyses/fact-cache.ts'
import { openTestDatabase } from '../../database/open-test-database.ts'
import type { TestDatabase } from '../../database/open-test-database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const KNOWN: FactAnswer = { status: 'known', value: { commit: 'a'.repeat(40), type: 'tag' } }
const entry = (answer: FactAnswer) => ({ answer, etag: '"1"', confirmedAtMs: 1_700_000_000_000 })

test('gives what is public to everybody and everything else to its own tenant', async () => {
  const cache = createFactCache(database.collections)
  await cache.set('ref:a/b@v1', 'public', entry(KNOWN))
  await cache.set('ref:a/private@v1', 'tenant:1@x', entry({ status: 'unknown', reason: 'not found, or private' }))
  expect(await cache.get('ref:a/b@v1', 'public')).toEqual(entry(KNOWN))
  expect(await cache.get('ref:a/private@v1', 'tenant:1@x')).toMatchObject({ answer: { status: 'unknown' } })
  for (const scope of ['public', 'tenant:2@x'] as const) expect(await cache.get('ref:a/private@v1', scope)).toBeNull()
})

test('keeps the newest answer', async () => {
  const cache = createFactCache(database.collections)
  await cache.set('k', 'public', entry({ status: 'unknown', reason: 'gone' }))
  await cache.set('k', 'public', { ...entry(KNOWN), etag: null })
  expect(await cache.get('k', 'public')).toEqual({ ...entry(KNOWN), etag: null })
})
