// A worker of several: on the parent's word it advises as many repositories with the same findings, all at once, and answers with what
// that took.
import { createAuditStore } from '../../../control-plane/audit/audit-store.ts'
import { connect } from '../../../control-plane/database/connect.ts'
import { createTenantCollections } from '../../../control-plane/database/tenant-collections.ts'
import { Secret } from '../../../control-plane/secret.ts'
import type { ModelServer } from '../../model-server/start-model-server.ts'
import { advise, inputOf, WORKFLOW } from './advice-fixture.ts'
import { aiConfig, startAi } from './ai-fixture.ts'

export interface AdvisingOrder {
  readonly tenantId: string
  readonly repositories: number
}

export interface AdvisingOutcome {
  /** Why an analysis did without; null when it did not. */
  readonly reasons: readonly (string | null)[]
  readonly explanations: readonly number[]
}

const [uri = '', databaseName = '', direct = '', baseUrl = '{}'] = process.argv.slice(2)
const { db, close } = connect({ uri: new Secret(uri), databaseName, direct: direct === 'true' })
const collections = createTenantCollections(db)
const clock = () => new Date()
const ai = startAi({ collections, clock, audit: createAuditStore({ collections, clock }), tenants: { get: () => Promise.resolve(null) } }, aiConfig({ baseUrl: JSON.parse(baseUrl) as ModelServer['baseUrl'] }, { timeoutMs: 30_000 }))

process.on('message', ({ tenantId, repositories }: AdvisingOrder) => {
  const inputs = Array.from({ length: repositories }, (_, index) => inputOf(WORKFLOW, `.github/workflows/ci-${process.pid}-${index}.yml`))
  void Promise.all(inputs.map((input, index) => advise(ai, { tenantId, input, subject: `analysis-${index}` }))).then((all) => {
    const outcome: AdvisingOutcome = { reasons: all.map(({ advice }) => advice.reason), explanations: all.map(({ advice }) => advice.explanations.length) }
    process.send?.(outcome)
  })
})
process.on('disconnect', () => void close())
process.send?.('ready')
