// An organisation removes the App while its analysis runs, and installs it again.
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AnalysesModule } from '../../../control-plane/analyses/assemble-analyses.ts'
import { systemClock } from '../../../control-plane/clock.ts'
import { createLogger } from '../../../control-plane/logging.ts'
import { createPlatformServices } from '../../../control-plane/platform-services.ts'
import { Secret } from '../../../control-plane/secret.ts'
import { encryptionKey } from '../platform-fixture.ts'
import { startServiceFixture, submissionOf, submitAndWait, workflowRun, type ServiceFixture } from './service-fixture.ts'

const ACCOUNT = { id: 4242, login: 'acme' }
const FULL_ACCESS = { contents: 'write', pull_requests: 'write', issues: 'write', workflows: 'write', metadata: 'read' } as const

let fixture: ServiceFixture
let service: AnalysesModule

beforeAll(async () => {
  fixture = await startServiceFixture()
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  fixture.github.apps.registerApp('77', publicKey)
  const { credentials } = createPlatformServices({
    db: fixture.database.db, clock: systemClock, logger: createLogger({ level: 'silent' }),
    config: {
      encryptionKeys: [encryptionKey('k1')], github: { apiUrl: fixture.github.apiUrl, url: 'https://github.com', paces: false },
      githubApp: { id: '77', privateKey: new Secret(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()) },
    },
  })
  await credentials.removeGitHubToken(fixture.tenant.id, { actor: 'operator', correlationId: null })
  service = fixture.assemble({ credentials })
  await service.worker.start()
})
afterAll(async () => {
  await service.worker.stop(1_000)
  await fixture.close()
})

test('an installation that is removed while its analysis runs ends it with a clear code; a new one lets the same submission succeed', async () => {
  const shop = await fixture.repository('shop')
  const submit = () => submitAndWait(service, submissionOf({ commit: shop.commit, repository: shop.fullName }), {
    principal: workflowRun(fixture.tenant, { sha: shop.commit, repositoryId: shop.id, fullName: shop.fullName }),
  })
  const installation = fixture.github.apps.install(ACCOUNT, FULL_ACCESS)
  fixture.github.interrupt({ when: ({ path }) => path.includes('/git/trees'), run: () => fixture.github.apps.uninstall(installation) })
  // The request that the removal interrupts is answered as it was sent; the next one is not.
  expect(await submit()).toMatchObject({ state: 'failed', error: { code: 'GITHUB_TOKEN_REJECTED' } })
  expect(await submit()).toMatchObject({ state: 'failed', error: { code: 'GITHUB_TOKEN_MISSING' } })
  fixture.github.apps.install(ACCOUNT, FULL_ACCESS)
  expect(await submit()).toMatchObject({ state: 'done', outcome: { pullRequest: { state: 'opened' } } })
})
