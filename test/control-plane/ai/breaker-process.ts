// One process of several that share breakers: asks a number of questions, at most `width` at a time, by a clock that is ahead by `aheadMs`.
import { z } from 'zod'
import { connect } from '../../../control-plane/database/connect.ts'
import { createTenantCollections } from '../../../control-plane/database/tenant-collections.ts'
import { createAuditStore } from '../../../control-plane/audit/audit-store.ts'
import { Secret } from '../../../control-plane/secret.ts'
import { startAi, WITHOUT_PROVIDERS } from './ai-fixture.ts'

const [uri = '', databaseName = '', direct = '', baseUrl = '', count = '0', width = '1', aheadMs = '0', coolDownMs = '0'] = process.argv.slice(2)
const connection = connect({ uri: new Secret(uri), databaseName, direct: direct === 'true' })
const collections = createTenantCollections(connection.db)
const clock = () => new Date(Date.now() + Number(aheadMs))
const providers = { ...WITHOUT_PROVIDERS.providers, openai: { apiKey: new Secret('key-for-tests'), baseUrl } }
const ai = startAi({ collections, clock, audit: createAuditStore({ collections, clock }), tenants: { get: () => Promise.resolve(null) } }, { ...WITHOUT_PROVIDERS, providers, breaker: { ...WITHOUT_PROVIDERS.breaker, coolDownMs: Number(coolDownMs) } })
const signal = new AbortController().signal
const context = { tenantId: '1@issuer.test', actor: 'operator', repositoryId: '7', subject: 'a', correlationId: null, purpose: 'explain', signal } as const
const codes: string[] = []
async function askInTurn(): Promise<void> {
  for (let left = Number(count) / Number(width); left > 0; left--) {
    const { error } = await ai.router.ask({ context, system: 's', user: 'u', answer: z.object({}), maxOutputTokens: 10 })
    codes.push(error?.code ?? 'answered')
  }
}
await Promise.all(Array.from({ length: Number(width) }, askInTurn))
process.stdout.write(JSON.stringify(codes))
await connection.close()
