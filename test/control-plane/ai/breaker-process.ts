// One process of several that share breakers: asks until it is told to stop, with a database, a server's address and a number of questions.
import { z } from 'zod'
import { connect } from '../../../control-plane/database/connect.ts'
import { createTenantCollections } from '../../../control-plane/database/tenant-collections.ts'
import { createAuditStore } from '../../../control-plane/audit/audit-store.ts'
import { Secret } from '../../../control-plane/secret.ts'
import { startAi, WITHOUT_PROVIDERS } from './ai-fixture.ts'

const [uri = '', databaseName = '', direct = '', baseUrl = '', count = '0'] = process.argv.slice(2)
const connection = connect({ uri: new Secret(uri), databaseName, direct: direct === 'true' })
const collections = createTenantCollections(connection.db)
const clock = () => new Date()
const providers = { ...WITHOUT_PROVIDERS.providers, openai: { apiKey: new Secret('key-for-tests'), baseUrl } }
const ai = startAi({ collections, clock, audit: createAuditStore({ collections, clock }), tenants: { get: () => Promise.resolve(null) } }, { ...WITHOUT_PROVIDERS, providers })
const signal = new AbortController().signal
const context = { tenantId: '1@issuer.test', actor: 'operator', repositoryId: '7', subject: 'a', correlationId: null, purpose: 'explain', signal } as const
const replies = await Promise.all(Array.from({ length: Number(count) }, () =>
  ai.router.ask({ context, system: 's', user: 'u', answer: z.object({}), maxOutputTokens: 10 })))
process.stdout.write(JSON.stringify(replies.map(({ error }) => error?.code ?? 'answered')))
await connection.close()
