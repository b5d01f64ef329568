// For which purposes a tenant lets a model be asked. Nothing is on until somebody of the tenant, or its operator, turns it on.
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import type { TenantCollections, TenantDocument } from '../database/tenant-collections.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import { PURPOSES, type Purpose } from './purposes/purpose.ts'

export type PurposeSwitches = Readonly<Record<Purpose, boolean>>

interface SettingsDocument extends TenantDocument {
  readonly purposes: PurposeSwitches
  readonly changedAt: Date
}

export interface AiSettings {
  get(tenantId: string): Promise<PurposeSwitches>
  /** Purposes that are not named stay as they are. */
  set(tenantId: string, changes: Partial<PurposeSwitches>, by: { readonly actor: string; readonly correlationId: string | null }): Promise<PurposeSwitches>
}

interface Parts {
  readonly collections: TenantCollections
  readonly tenants: Pick<TenantsStore, 'get'>
  readonly audit: AuditStore
  readonly clock: Clock
}

const COLLECTION = 'ai-settings'

const allOf = (on: boolean): PurposeSwitches => ({ explain: on, fix: on, summarise: on })

export function createAiSettings({ collections, tenants, audit, clock }: Parts): AiSettings {
  const of = (tenantId: string) => collections.for(tenantId).collection<SettingsDocument>(COLLECTION)
  const get = async (tenantId: string): Promise<PurposeSwitches> => {
    const stored = await of(tenantId).findOne({ _id: tenantId })
    // A tenant that was created with it on has every purpose on until it says otherwise.
    return stored?.purposes ?? allOf((await tenants.get(tenantId))?.aiEnabled ?? false)
  }
  return {
    get,
    set: async (tenantId, changes, { actor, correlationId }) => {
      const purposes = { ...(await get(tenantId)), ...changes }
      await of(tenantId).updateOne({ _id: tenantId }, { $set: { purposes, changedAt: clock() } }, { upsert: true })
      await audit.for(tenantId).append({ actor, action: 'ai-settings.changed', subject: tenantId, details: { on: PURPOSES.filter((purpose) => purposes[purpose]) }, correlationId })
      return purposes
    },
  }
}
