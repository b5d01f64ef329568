// Time that our own code takes for a call to a model: the whole router (estimate, route, price, reservation, breaker, call, settlement,
// audit record, schema check) beside a direct call of the same SDK, against one scripted server on this machine, in turn, in one run. Prices
// and quotas are the real ones, with limits of actor, repository and tenant, and the database is the local one: its writes are in it. The
// same is measured with a budget in memory, which shows what the books cost.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { GoogleGenerativeAI } from '@google/generative-ai'
import { z } from 'zod'
import { createModelPrices } from '../control-plane/ai/prices/model-prices.ts'
import { createPricesService } from '../control-plane/ai/prices/prices-service.ts'
import { createAuditStore } from '../control-plane/audit/audit-store.ts'
import { ensureIndexes } from '../control-plane/database/indexes.ts'
import { openDatabase } from '../control-plane/database/open-database.ts'
import { createTenantCollections } from '../control-plane/database/tenant-collections.ts'
import { createLogger } from '../control-plane/logging.ts'
import { assembleQuotas, quotasModuleIndexes } from '../control-plane/quotas/assemble-quotas.ts'
import { aiConfig, startAi } from '../test/control-plane/ai/ai-fixture.ts'
import { startModelServer } from '../test/model-server/start-model-server.ts'
import { quantile } from './quantile.ts'

const CALLS = 500
const WARM_UP = 50
const SYSTEM = 'rules '.repeat(100)
const USER = 'name: CI\n'.repeat(400)

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'autodevops-bench-'))
  const logger = createLogger({ level: 'silent' })
  const database = await openDatabase({ config: { uri: null, name: 'bench', dataFolder: folder, mongodBinary: null, searchPath: '' }, logger, beside: false })
  const server = await startModelServer([{ kind: 'answer', text: '{"say":"yes"}' }])
  try {
    const collections = createTenantCollections(database.connection.db)
    const clock = () => new Date()
    const platform = { collections, clock, audit: createAuditStore({ collections, clock }), tenants: { get: () => Promise.resolve(null) } }
    await ensureIndexes(database.connection.db, quotasModuleIndexes)
    const quotas = assembleQuotas({ ...platform, logger })
    const limit = { requests: 1_000_000, tokens: 1_000_000_000, costMicroUsd: 1_000_000_000 }
    for (const id of ['tenant', 'repository:*', 'actor:*']) await quotas.administration.set(id, { limits: { day: limit, month: limit }, warnAtPercent: [] }, { tenantId: '1@bench', actor: 'bench', correlationId: null })
    const ai = startAi(platform, aiConfig(server), { budget: quotas.service, priceOf: createModelPrices(createPricesService(platform)) })
    const counting = startAi(platform, aiConfig(server))
    const context = { tenantId: '1@bench', actor: 'bench', repositoryId: '1', subject: 'bench', correlationId: null, purpose: 'explain', signal: new AbortController().signal } as const
    const direct = new GoogleGenerativeAI('key').getGenerativeModel({ model: 'gemini-3.5-flash-lite', systemInstruction: SYSTEM }, { baseUrl: server.baseUrl.gemini })
    const answer = z.object({ say: z.string() })
    const times: Times = { ours: [], sdk: [], counting: [], database: [] }
    const audit = platform.audit.for('1@bench')
    const states = collections.for('public').collection('providers')
    for (let call = 0; call < CALLS + WARM_UP; call++) {
      const question = { context, system: SYSTEM, user: USER, answer, maxOutputTokens: 100 }
      const ours = await timeOf(() => ai.router.ask(question))
      const inMemory = await timeOf(() => counting.router.ask(question))
      const sdk = await timeOf(() => direct.generateContent(USER))
      // What a call without books reads and writes in the database: two states, and the audit log's record.
      const stored = await timeOf(async () => {
        await states.findOne({ _id: 'daily x' })
        await states.findOne({ _id: 'x' })
        await audit.append({ actor: 'bench', action: 'model.called', subject: 'bench', details: { promptHash: 'x'.repeat(64) }, correlationId: null })
      })
      if (call < WARM_UP) continue
      times.database.push(stored)
      times.ours.push(ours)
      times.counting.push(inMemory)
      times.sdk.push(sdk)
    }
    report(times)
  } finally {
    await server.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

interface Times {
  readonly ours: number[]
  readonly sdk: number[]
  readonly counting: number[]
  readonly database: number[]
}

function report({ ours, sdk, counting, database }: Times): void {
  const beside = (times: readonly number[]) => times.map((time, index) => time - (sdk[index] ?? 0))
  const row = (name: string, values: readonly number[]) => `${name.padEnd(24)} ${quantile(values, 0.5).toFixed(2).padStart(8)} ${quantile(values, 0.99).toFixed(2).padStart(8)}`
  console.log([`${ours.length} calls each, Node ${process.versions.node}`, `${'milliseconds'.padEnd(24)} ${'p50'.padStart(8)} ${'p99'.padStart(8)}`,
    row('through the router', ours), row('the SDK alone', sdk), row('our own code', beside(ours)),
    row('the same without books', beside(counting)), row('its database alone', database)].join('\n'))
}

await main()
process.exit(0)
