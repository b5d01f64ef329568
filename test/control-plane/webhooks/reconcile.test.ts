// Deliveries that never arrived, taken from GitHub's own list.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createGithubApp } from '../../../control-plane/credentials/github-app.ts'
import { createDeliveriesStore, deliveriesIndexes, type DeliveryDocument } from '../../../control-plane/webhooks/deliveries-store.ts'
import { createReconcileTask } from '../../../control-plane/webhooks/reconcile-deliveries.ts'
import { createReconcileStore } from '../../../control-plane/webhooks/reconcile-store.ts'
import { ensureIndexes } from '../../../control-plane/database/indexes.ts'
import { Secret } from '../../../control-plane/secret.ts'
import { openTestDatabase, type TestDatabase } from '../../database/open-test-database.ts'
import { startGateway, type Gateway } from '../../github-gateway/start-gateway.ts'
import { pushPayload } from './webhook-fixture.ts'

const HOUR_MS = 3_600_000
const START = Date.parse('2026-11-24T12:00:00Z')
const SHOP = { fullName: 'acme/shop', id: '7' }
let database: TestDatabase
let github: Gateway
let key: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
let now = new Date(START)
let warnings: unknown[] = []
let nextId = 1

beforeAll(async () => {
  key = generateKeyPairSync('rsa', { modulusLength: 2048 })
  database = await openTestDatabase()
  await ensureIndexes(database.db, [deliveriesIndexes])
})
afterAll(() => database.close())
beforeEach(async () => {
  github = await startGateway()
  github.apps.registerApp('77', key.publicKey)
  github.apps.followClock(() => now)
  now = new Date(START)
  warnings = []
  await database.db.collection('webhook-reconciles').deleteMany({})
  await database.db.collection('webhook-deliveries').deleteMany({})
  return () => github.close()
})

const clock = () => now
const deliveries = () => createDeliveriesStore({ collections: database.collections, clock })
function run(signal = new AbortController().signal) {
  const privateKey = new Secret(key.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString())
  const app = createGithubApp({ app: { id: '77', privateKey }, client: { apiUrl: github.apiUrl, userAgent: 'test', pace: false, requestTimeoutMs: 5_000 }, clock })
  return createReconcileTask({ client: () => app.client(), deliveries: deliveries(), state: createReconcileStore(database.collections), issuerHost: 'issuer.test', clock, logger: { warn: (fields: object) => void warnings.push(fields) } }).run(signal)
}
const delivered = (guid: string, statusCode: number, changes: Partial<Parameters<Gateway['apps']['delivered']>[0]> = {}) => {
  github.apps.delivered({ id: nextId++, guid, statusCode, deliveredAt: now.toISOString(), event: 'push', payload: pushPayload(SHOP, 4242, { branch: guid, after: 'a'.repeat(40) }), ...changes })
}
const known = async () => (await database.db.collection<DeliveryDocument>('webhook-deliveries').find().toArray()).map(({ deliveryId, tenantId, pending }) => [deliveryId, tenantId, pending]).sort()
const listings = () => github.requests.all().filter(({ path }) => path === '/app/hook/deliveries').length

test('takes what no attempt brought, once, from as many pages as there are', async () => {
  delivered('missed-1', 502)
  for (let more = 0; more < 150; more++) delivered(`arrived-${more}`, 200)
  delivered('missed-2', 500)
  delivered('late', 502)
  delivered('late', 200)
  delivered('missed-2', 502)
  await deliveries().for('4242@issuer.test').add({ deliveryId: 'missed-1', ownerId: '4242', work: { kind: 'branch', repository: { id: '7', name: 'acme/shop' }, branch: 'x' } })
  expect(await run()).toEqual({ fetched: 1 })
  expect(await known()).toEqual([['missed-1', '4242@issuer.test', true], ['missed-2', '4242@issuer.test', true]])
})

test('is due once a day, whoever asks, and goes on where it ended', async () => {
  delivered('first', 502)
  expect((await Promise.all([run(), run(), run()])).map(({ fetched }) => fetched).sort()).toEqual([0, 0, 1])
  expect(listings()).toBe(1)
  now = new Date(START + 23 * HOUR_MS)
  delivered('second', 502)
  expect(await run()).toEqual({ fetched: 0 })
  now = new Date(START + 24 * HOUR_MS)
  expect(await run()).toEqual({ fetched: 1 })
  expect((await known()).map(([guid]) => guid)).toEqual(['first', 'second'])
})

test('a run that fails is repeated in an hour, from the same place', async () => {
  delivered('first', 502)
  github.fault({ when: ({ path }) => path.startsWith('/app/hook/deliveries/'), respond: { kind: 'status', status: 500 } })
  await expect(run()).rejects.toThrow()
  github.calm()
  expect(await run()).toEqual({ fetched: 0 })
  now = new Date(START + HOUR_MS)
  expect(await run()).toEqual({ fetched: 1 })
})

test('leaves out what is older than GitHub keeps, asks for nothing, or is malformed', async () => {
  delivered('old', 502, { deliveredAt: new Date(START - 80 * HOUR_MS).toISOString() })
  delivered('star', 502, { event: 'star' })
  delivered('malformed', 502, { payload: { ref: 7 } })
  delivered('good', 502)
  expect(await run()).toEqual({ fetched: 1 })
  expect((await known()).map(([guid]) => guid)).toEqual(['good'])
  expect(warnings).toEqual([{ deliveryId: 'malformed', event: 'push' }])
})
