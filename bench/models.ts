// Time that our own code takes for a call to a model: the whole router (estimate, route, budget, breaker, call, settlement, audit record,
// schema check) beside a direct call of the same SDK, against one scripted server on this machine, in turn, in one run. The database is the
// local one, so the difference holds its writes too. What quotas cost is not in it: the budget here only counts.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { GoogleGenerativeAI } from '@google/generative-ai'
import { z } from 'zod'
import { createAuditStore } from '../control-plane/audit/audit-store.ts'
import { openDatabase } from '../control-plane/database/open-database.ts'
import { createTenantCollections } from '../control-plane/database/tenant-collections.ts'
import { createLogger } from '../control-plane/logging.ts'
import { aiConfig, startAi } from '../test/control-plane/ai/ai-fixture.ts'
import { startModelServer } from '../test/model-server/start-model-server.ts'

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
    const ai = startAi({ collections, clock, audit: createAuditStore({ collections, clock }), tenants: { get: () => Promise.resolve(null) } }, aiConfig(server))
    const context = { tenantId: '1@bench', actor: 'bench', repositoryId: '1', subject: 'bench', correlationId: null, purpose: 'explain', signal: new AbortController().signal } as const
    const direct = new GoogleGenerativeAI('key').getGenerativeModel({ model: 'gemini-3.5-flash-lite', systemInstruction: SYSTEM }, { baseUrl: server.baseUrl.gemini })
    const answer = z.object({ say: z.string() })
    const times: Times = { ours: [], sdk: [], database: [] }
    const audit = createAuditStore({ collections, clock }).for('1@bench')
    const states = collections.for('public').collection('providers')
    for (let call = 0; call < CALLS + WARM_UP; call++) {
      const ours = await timeOf(() => ai.router.ask({ context, system: SYSTEM, user: USER, answer, maxOutputTokens: 100 }))
      const sdk = await timeOf(() => direct.generateContent(USER))
      // What a call reads and writes in the database: two states, and the audit log's record.
      const stored = await timeOf(async () => {
        await states.findOne({ _id: 'daily x' })
        await states.findOne({ _id: 'x' })
        await audit.append({ actor: 'bench', action: 'model.called', subject: 'bench', details: { promptHash: 'x'.repeat(64) }, correlationId: null })
      })
      if (call < WARM_UP) continue
      times.database.push(stored)
      times.ours.push(ours)
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
  readonly database: number[]
}

function report({ ours, sdk, database }: Times): void {
  const own = ours.map((time, index) => time - (sdk[index] ?? 0))
  const row = (name: string, values: readonly number[]) => `${name.padEnd(22)} ${at(values, 0.5).toFixed(2).padStart(8)} ${at(values, 0.99).toFixed(2).padStart(8)}`
  console.log([`${ours.length} calls each, Node ${process.versions.node}`, `${'milliseconds'.padEnd(22)} ${'p50'.padStart(8)} ${'p99'.padStart(8)}`,
    row('through the router', ours), row('the SDK alone', sdk), row('our own code', own), row('its database alone', database)].join('\n'))
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

await main()
process.exit(0)
