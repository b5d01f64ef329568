// Scans without HTTP: the service's analyses, a fleet in the gateway, and a clock that tests move.
import { createSubmitHead } from '../../../control-plane/analyses/submit-head.ts'
import type { AnalysesModule } from '../../../control-plane/analyses/assemble-analyses.ts'
import { ensureIndexes } from '../../../control-plane/database/indexes.ts'
import { createLogger } from '../../../control-plane/logging.ts'
import { createMetrics, type Metrics } from '../../../control-plane/operations/metrics.ts'
import { assembleScans, scansModuleIndexes, type ScansModule } from '../../../control-plane/scans/assemble-scans.ts'
import { createScanSettingsStore } from '../../../control-plane/scans/scan-settings-store.ts'
import { SKIPPABLE, type ScanState } from '../../../control-plane/scans/scan-state.ts'
import { QUEUE, startServiceFixture, type ServiceFixture } from '../analyses/service-fixture.ts'

export const OPERATOR = { actor: 'operator', correlationId: null }
export const DAY_MS = 86_400_000

export interface Member {
  readonly fullName: string
  readonly id: string
  readonly commit: string
}

export interface ScanFixture {
  readonly service: ServiceFixture
  readonly analyses: AnalysesModule
  readonly scans: ScansModule
  readonly metrics: Metrics
  readonly clock: () => Date
  advance(ms: number): void
  /** Another process. */
  assemble(changes?: { readonly engine?: string; readonly requestsPerHour?: number; readonly requestTimeoutMs?: number; readonly metrics?: Metrics }): ScansModule
  /** Repositories that the organisation knows and nobody has looked at. */
  fleet(name: string, count: number): Promise<readonly Member[]>
  stateOf(member: Pick<Member, 'id'>): Promise<ScanState>
  /** Makes all due and works them off; what reached the code host meanwhile, without queries. */
  scanAll(scans?: ScansModule): Promise<readonly string[]>
  /** Takes the repositories of earlier tests out of sight. */
  forgetFleet(): Promise<void>
  close(): Promise<void>
}

/** `discovers`: whether rounds ask for the organisation's repositories; tests of single looks name theirs. */
export async function startScanFixture({ discovers = false } = {}): Promise<ScanFixture> {
  const service = await startServiceFixture()
  const { platform, database, github, tenant, repositories } = service
  await ensureIndexes(database.db, scansModuleIndexes)
  let offsetMs = 0
  const clock = () => new Date(Date.now() + offsetMs)
  const analyses = service.assemble()
  const logger = createLogger({ level: 'debug', destination: { write: (line: string) => void service.logs.push(line) } })
  const submitHead = createSubmitHead({ ...platform, analyses: analyses.service, clientOf: analyses.clientOf, logger })
  const metrics = createMetrics()
  const assemble: ScanFixture['assemble'] = ({ engine = 'e1', requestsPerHour = 1_000, requestTimeoutMs = 400, metrics: counted = createMetrics() } = {}) => assembleScans({
    ...platform, repositories, submitHead, analyses: analyses.service, github: { ...analyses.github, requestTimeoutMs }, engine, clock, logger,
    metrics: counted, pollMs: 100, limits: { ...QUEUE, requestsPerHour },
  })
  const scans = assemble({ metrics })
  await createScanSettingsStore({ ...platform, clock }).for(tenant.id).set({ every: 'off', requestsPerHour: null, discover: discovers, skip: SKIPPABLE })
  const own = repositories.store.for(tenant.id)
  const known: string[] = []
  return {
    service, analyses, scans, metrics, clock, assemble,
    advance: (ms) => { offsetMs += ms },
    fleet: async (name, count) => {
      const members: Member[] = []
      for (let index = 0; index < count; index++) {
        const member = await service.repository(`${name}-${index}`)
        await own.ensure({ repositoryId: member.id, name: member.fullName })
        members.push(member)
      }
      known.push(...members.map(({ id }) => id))
      return members
    },
    stateOf: async ({ id }) => (await own.get(id))?.scan ?? {},
    scanAll: async (module = scans) => {
      github.requests.clear()
      await module.service.run(tenant.id, OPERATOR)
      await module.runDue()
      return github.requests.all().map(({ method, path, status }) => `${method} ${path} ${status}`)
    },
    forgetFleet: async () => {
      for (const id of known.splice(0)) await own.remove(id)
    },
    close: async () => {
      await analyses.worker.stop(1_000)
      await service.close()
    },
  }
}
