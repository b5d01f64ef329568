// Reservations per second, 200 at once in one process, beside bare conditional updates on one counter in the same run, on a
// throw-away embedded server. The two run in turn; medians.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createAuditStore } from '../control-plane/audit/audit-store.ts'
import { connect } from '../control-plane/database/connect.ts'
import { startEmbeddedServer } from '../control-plane/database/embedded-server.ts'
import { ensureIndexes } from '../control-plane/database/indexes.ts'
import { findServer } from '../control-plane/database/server-binary.ts'
import { createTenantCollections } from '../control-plane/database/tenant-collections.ts'
import { createLogger } from '../control-plane/logging.ts'
import { assembleQuotas, quotasModuleIndexes } from '../control-plane/quotas/assemble-quotas.ts'

const AT_ONCE = 200
const RUNS = 5

const dataFolder = mkdtempSync(path.join(tmpdir(), 'autodevops-bench-'))
const logger = createLogger({ level: 'error' })
const binary = findServer({ dataFolder, venvFolder: path.resolve('.autodevops/venv'), mongodBinary: process.env.MONGOD_BINARY ?? null, searchPath: process.env.PATH ?? '' })
const server = await startEmbeddedServer({ binary, dataFolder, logger })
const { db, close } = connect({ uri: server.uri, databaseName: 'bench', direct: true })
try {
  await ensureIndexes(db, quotasModuleIndexes)
  const collections = createTenantCollections(db)
  const clock = () => new Date()
  const { service } = assembleQuotas({ collections, audit: createAuditStore({ collections, clock }), clock, logger })
  const reserve = () => service.reserve({ tenantId: 'bench', actor: 'a', repositoryId: '1', purpose: 'explain', model: 'm', requests: 1, tokens: 100, costMicroUsd: 50, expiresInMs: 600_000 })
  const counters = collections.for('bench').collection<{ _id: string; tenantId: string; used: number }>('bare')
  await counters.insertOne({ _id: 'c', used: 0 })
  const update = () => counters.updateOne({ _id: 'c', used: { $lt: 1_000_000 } }, { $inc: { used: 1 } })
  await perSecond(reserve)
  const measured: { ours: number; bare: number }[] = []
  for (let run = 0; run < RUNS; run++) measured.push({ ours: await perSecond(reserve), bare: await perSecond(update) })
  const ours = median(measured.map((each) => each.ours))
  const bare = median(measured.map((each) => each.bare))
  console.log(`${RUNS} runs of ${AT_ONCE} at once, in turn, Node ${process.versions.node}, ${server.description.split(' ')[0]}`)
  console.log(`reservations:             ${ours.toFixed(0)} per second`)
  console.log(`bare conditional updates: ${bare.toFixed(0)} per second   ratio: ${(ours / bare).toFixed(2)}`)
} finally {
  await close()
  await server.stop()
  rmSync(dataFolder, { recursive: true, force: true })
}

async function perSecond(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return AT_ONCE / ((performance.now() - startMs) / 1000)
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
