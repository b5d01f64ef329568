// Puts scans/ together for main.ts, for the operator's commands and for tests: routes for the API, a loop for the worker, and what
// maintenance looks after.
import { setTimeout as pause } from 'node:timers/promises'
import { lastTurn } from '../../analysis/drift/calendar.ts'
import type { GithubClientSettings } from '../../pull-request/client.ts'
import type { AnalysesService } from '../analyses/analyses-service.ts'
import type { AppRoutes } from '../app-route.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import type { CredentialsService } from '../credentials/credentials-service.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantCollections } from '../database/tenant-collections.ts'
import { createConnectTenant } from '../github/tenant-client.ts'
import type { MaintenanceTask } from '../operations/maintenance.ts'
import type { Metrics } from '../operations/metrics.ts'
import { NO_TRACING, type Tracing } from '../tracing/tracing.ts'
import type { PoliciesService } from '../policies/policies-service.ts'
import { createListingsStore, listingsIndexes } from './listings-store.ts'
import { createScanRunner, type ScanRunnerParts } from './run-scans.ts'
import { createScanRequestsStore, scanRequestsIndexes } from './scan-requests-store.ts'
import { createScanSettingsStore } from './scan-settings-store.ts'
import { createScansRoutes } from './scans-routes.ts'
import { createScansService, type ScansService } from './scans-service.ts'
import { createScansStore, scansIndexes } from './scans-store.ts'

/** Between two looks at what another worker has. */
const OTHERS_MS = 500

export const scansModuleIndexes: readonly CollectionIndexes[] = [scansIndexes, scanRequestsIndexes, listingsIndexes]

export interface ScansModule {
  readonly routes: readonly AppRoutes[]
  readonly service: ScansService
  /** Looks at what is due, of everybody, as a worker does at every poll; how many repositories. Throws DATABASE_UNAVAILABLE. */
  readonly runDue: () => Promise<number>
  /** Until nothing of this organisation is due, or it pauses; says after each turn how many are left. Others may work on it too. */
  readonly runRound: (tenantId: string, onTurn: (due: number) => void) => Promise<void>
  /** `onRoundOver`: after a round that asked for analyses has its last one. A process that dies before does not say so. */
  readonly worker: { start(onRoundOver: (tenantId: string) => Promise<unknown>): void; stop(): Promise<void> }
  readonly maintenance: MaintenanceTask
}

interface Parts extends Pick<ScanRunnerParts, 'tenants' | 'submitHead' | 'clock' | 'logger' | 'limits'> {
  readonly collections: TenantCollections
  readonly credentials: Pick<CredentialsService, 'revealGitHubToken' | 'forgetGitHubToken'>
  readonly github: GithubClientSettings
  readonly audit: AuditStore
  readonly repositories: { readonly store: ScanRunnerParts['repositories']; readonly policies: Pick<PoliciesService, 'get'> }
  readonly analyses: Pick<AnalysesService, 'countUnderWay'>
  readonly engine: string
  readonly metrics: Pick<Metrics, 'scans'>
  /** Left out: no traces are kept. */
  readonly tracing?: Tracing
  /** How often a worker looks for what is due. */
  readonly pollMs: number
}

export function assembleScans(parts: Parts): ScansModule {
  const { collections, clock, repositories, engine, logger, limits } = parts
  const [scans, listings] = [createScansStore({ collections, clock }), createListingsStore({ collections, clock })]
  const [settings, requests] = [createScanSettingsStore({ collections, clock }), createScanRequestsStore({ collections, clock })]
  const service = createScansService({ ...parts, scans, listings, settings, requests, requestsPerHour: limits.requestsPerHour })
  const runner = createScanRunner({
    ...parts, scans, listings, settings, requests, ends: parts.metrics.scans, tracing: parts.tracing ?? NO_TRACING, repositories: repositories.store,
    // What fails comes again when it is due: nothing is repeated inside of a look.
    connect: createConnectTenant({ credentials: parts.credentials, github: { ...parts.github, pace: false } }),
    basisOf: async (tenantId) => [engine, (await repositories.policies.get(tenantId)).version, lastTurn(clock().toISOString().slice(0, 10))].join(' '),
  })
  const stopping = new AbortController()
  const rounds = new Set<string>()
  const runDue = () => runner.runDue(stopping.signal, (tenantId) => rounds.add(tenantId))
  const endRounds = async (onRoundOver: (tenantId: string) => Promise<unknown>): Promise<void> => {
    for (const tenantId of rounds) {
      const { due, paused, analysing } = await service.status(tenantId)
      if (stopping.signal.aborted || analysing > 0 || (due > 0 && paused === null)) continue
      rounds.delete(tenantId)
      await onRoundOver(tenantId)
    }
  }
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> | null = null
  const work = (onRoundOver: (tenantId: string) => Promise<unknown>): void => {
    working ??= runDue()
      .then(async (scanned) => {
        if (scanned > 0) logger.info({ scanned }, 'repositories were looked at')
        await endRounds(onRoundOver)
      })
      .catch((error: unknown) => logger.warn({ err: error }, 'scans could not go on and come again'))
      .finally(() => (working = null))
  }
  return {
    service, runDue,
    runRound: async (tenantId, onTurn) => {
      for (;;) {
        const { scanned, isPaused } = await runner.runTurn(tenantId, stopping.signal)
        const due = await scans.for(tenantId).countDue()
        onTurn(due)
        if (due === 0 || isPaused) return
        if (scanned === 0) await pause(OTHERS_MS)
      }
    },
    routes: [createScansRoutes({ service })],
    maintenance: { name: 'align-scans', run: async (signal) => ({ aligned: await service.alignAll(signal) }) },
    worker: {
      start: (onRoundOver) => {
        timer = setInterval(() => { work(onRoundOver) }, parts.pollMs)
      },
      stop: async () => {
        clearInterval(timer)
        stopping.abort()
        await working
      },
    },
  }
}
