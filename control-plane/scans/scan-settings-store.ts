// How often an organisation's repositories are looked at, what that may cost, and until when nobody looks. Off until somebody turns it on.
import type { Clock } from '../clock.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'
import type { ErrorCode } from '../errors.ts'
import { SKIPPABLE, type Interval, type Skippable } from './scan-state.ts'

export interface ScanSettings {
  readonly every: Interval
  /** To the code host, by scans; null: as many as the operator lets everybody have. */
  readonly requestsPerHour: number | null
  /** Whether repositories that the code host lists, and nobody named yet, are taken in. */
  readonly discover: boolean
  /** What is left out: forks of those, the others wherever they are. */
  readonly skip: readonly Skippable[]
}

export interface ScanPause {
  readonly until: Date
  readonly code: ErrorCode
}

interface SettingsDocument extends TenantDocument, Partial<ScanSettings> {
  readonly pause?: ScanPause | null
  readonly changedAt: Date
}

export interface ScanSettingsStore {
  /** Of all tenants that ever had any. */
  page(page: Page): Promise<(ScanSettings & { readonly _id: string })[]>
  /** Tenants whose repositories nobody looks at now. */
  paused(): Promise<string[]>
  for(tenantId: string): {
    get(): Promise<ScanSettings & { readonly pause: ScanPause | null }>
    set(settings: ScanSettings): Promise<void>
    /** Replaces an earlier pause that ends sooner. */
    pause(pause: ScanPause): Promise<void>
    /** Ends a pause, unless it is for this reason. */
    resume(except: ErrorCode): Promise<void>
  }
}

const COLLECTION = 'scan-settings'
const MOST_PAUSED = 10_000

export function createScanSettingsStore({ collections, clock }: { readonly collections: TenantCollections; readonly clock: Clock }): ScanSettingsStore {
  const all = collections.acrossTenants<SettingsDocument>(COLLECTION)
  return {
    page: async (page) => (await all.page({}, page)).map(({ _id, ...stored }) => ({ _id, ...settingsOf(stored) })),
    paused: async () => (await all.find({ 'pause.until': { $gt: clock() } }, { limit: MOST_PAUSED, projection: { tenantId: 1 } })).map(({ tenantId }) => tenantId),
    for: (tenantId) => {
      const own = collections.for(tenantId).collection<SettingsDocument>(COLLECTION)
      return {
        get: async () => {
          const stored = await own.findOne({ _id: tenantId })
          const pause = stored?.pause ?? null
          return { ...settingsOf(stored), pause: pause !== null && pause.until > clock() ? pause : null }
        },
        set: async (settings) => {
          await own.updateOne({ _id: tenantId }, { $set: { ...settings, changedAt: clock() } }, { upsert: true })
        },
        pause: async (pause) => {
          await own.updateOne({ _id: tenantId }, { $setOnInsert: { changedAt: clock() } }, { upsert: true })
          await own.updateOne({ _id: tenantId, $or: [{ pause: null }, { 'pause.until': { $lt: pause.until } }] }, { $set: { pause } })
        },
        resume: async (except) => {
          await own.updateOne({ _id: tenantId, 'pause.code': { $ne: except } }, { $set: { pause: null } })
        },
      }
    },
  }
}

const settingsOf = (stored: Partial<ScanSettings> | null): ScanSettings => ({ every: stored?.every ?? 'off', requestsPerHour: stored?.requestsPerHour ?? null, discover: stored?.discover ?? true, skip: stored?.skip ?? SKIPPABLE })
