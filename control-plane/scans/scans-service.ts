// How often an organisation's repositories are looked at, how that stands, and a round at once. A round is over when nothing is due and
// none of its analyses is under way: what goes by all of its findings waits for that.
import type { AnalysesService } from '../analyses/analyses-service.ts'
import { SCAN_ACTOR } from '../analyses/analyses-service.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import type { By } from '../auth/principal.ts'
import type { Clock } from '../clock.ts'
import { everyOne } from '../database/every-one.ts'
import type { Page } from '../database/tenant-collections.ts'
import { nextHour, requestLimit, type ScanRequestsStore } from './scan-requests-store.ts'
import type { ListingDocument, ListingsStore } from './listings-store.ts'
import type { ScanPause, ScanSettings, ScanSettingsStore } from './scan-settings-store.ts'
import { SCAN_RESULTS, type ScanResult } from './scan-state.ts'
import type { ScannedRepository, ScansStore } from './scans-store.ts'

export type { ScannedRepository, ScanSettings }

export interface ScansStatus extends ScanSettings {
  /** Null where nothing pauses. */
  readonly paused: ScanPause | null
  readonly requests: { readonly limit: number; readonly used: number; readonly resetsAt: Date }
  /** Repositories that wait for their look, or are looked at. */
  readonly due: number
  /** Analyses that scans asked for and that have not ended. */
  readonly analysing: number
  readonly listing: Pick<ListingDocument, 'dueAt' | 'last'>
}

export interface ScansService {
  status(tenantId: string): Promise<ScansStatus>
  /** In the order of their ids. */
  list(tenantId: string, page: Page): Promise<ScannedRepository[]>
  /** What is left out stays as it is. */
  set(tenantId: string, settings: Partial<ScanSettings>, by: By): Promise<ScansStatus>
  /** All of its repositories are due now; how many. Ends a pause that is not the code host's limit. */
  run(tenantId: string, by: By): Promise<number>
  /** How the looks since a time ended; results that did not happen are left out. */
  resultsSince(tenantId: string, since: Date): Promise<Partial<Record<ScanResult, number>>>
  /** Gives new repositories their places, and repairs what a death between two writes left; how many it changed. */
  alignAll(signal: AbortSignal): Promise<number>
}

interface Parts {
  readonly scans: ScansStore
  readonly settings: ScanSettingsStore
  readonly listings: ListingsStore
  readonly requests: ScanRequestsStore
  readonly analyses: Pick<AnalysesService, 'countUnderWay'>
  readonly audit: AuditStore
  readonly clock: Clock
  /** The operator's, for every organisation. */
  readonly requestsPerHour: number
}

/** Rounds that follow one another more closely go by the same list. */
const LISTED_AGAIN_MS = 3_600_000

export function createScansService(parts: Parts): ScansService {
  const { scans, settings, listings, audit } = parts
  return {
    status: (tenantId) => statusOf(parts, tenantId),
    list: (tenantId, page) => scans.for(tenantId).page(page),
    set: async (tenantId, changes, { actor, correlationId }) => {
      const { pause: _pause, ...before } = await settings.for(tenantId).get()
      const after = { ...before, ...changes }
      const { every, discover } = after
      await settings.for(tenantId).set(after)
      await listings.for(tenantId).makeDue(discover && every !== 'off' ? parts.clock() : null)
      await settings.for(tenantId).resume('GITHUB_RATE_LIMITED')
      await scans.for(tenantId).align(every)
      await audit.for(tenantId).append({ actor, action: 'scans.changed', subject: tenantId, details: {}, before: { ...before }, after, correlationId })
      return statusOf(parts, tenantId)
    },
    run: async (tenantId, { actor, correlationId }) => {
      const { every, discover } = await settings.for(tenantId).get()
      await settings.for(tenantId).resume('GITHUB_RATE_LIMITED')
      if (discover && (await isListingOld(parts, tenantId))) await listings.for(tenantId).makeDue(parts.clock())
      const due = await scans.for(tenantId).makeDue(every)
      await audit.for(tenantId).append({ actor, action: 'scans.started', subject: tenantId, details: { repositories: due }, correlationId })
      return due
    },
    resultsSince: async (tenantId, since) => {
      const counts = new Map<ScanResult, number>()
      for await (const { scan } of everyOne((page) => scans.for(tenantId).page(page))) {
        if (scan?.last !== undefined && scan.last.at >= since) counts.set(scan.last.result, (counts.get(scan.last.result) ?? 0) + 1)
      }
      return Object.fromEntries(SCAN_RESULTS.flatMap((result) => (counts.has(result) ? [[result, counts.get(result)]] : [])))
    },
    alignAll: async (signal) => {
      let aligned = 0
      for await (const { _id: tenantId, every, discover } of everyOne((page) => settings.page(page))) {
        if (signal.aborted) break
        aligned += await scans.for(tenantId).align(every)
        if (discover && every !== 'off') await listings.for(tenantId).begin()
      }
      return aligned
    },
  }
}

async function isListingOld({ listings, clock }: Parts, tenantId: string): Promise<boolean> {
  const last = (await listings.for(tenantId).get())?.last
  return last?.code !== null || last.at.getTime() < clock().getTime() - LISTED_AGAIN_MS
}

async function statusOf({ scans, settings, listings, requests, analyses, clock, requestsPerHour: most }: Parts, tenantId: string): Promise<ScansStatus> {
  const { pause, ...chosen } = await settings.for(tenantId).get()
  return {
    ...chosen, paused: pause,
    requests: { limit: requestLimit(chosen.requestsPerHour, most), used: await requests.for(tenantId).usedThisHour(), resetsAt: nextHour(clock()) },
    due: await scans.for(tenantId).countDue(),
    analysing: await analyses.countUnderWay(tenantId, [SCAN_ACTOR]),
    listing: (await listings.for(tenantId).get()) ?? { dueAt: null },
  }
}
