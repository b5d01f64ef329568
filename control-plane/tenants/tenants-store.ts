// Tenants: one GitHub organisation (or user) each, identified by its numeric owner id and the host that gave it.
// The id is made of both, so that an owner id of one GitHub host never opens the tenant of another.
import type { Clock } from '../clock.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'
import { isDuplicateKey } from '../database/database-errors.ts'
import { AppError } from '../errors.ts'

export interface Tenant {
  readonly id: string
  /** The OIDC issuer's host, e.g. `token.actions.githubusercontent.com`. */
  readonly issuerHost: string
  /** GitHub's numeric id of the owner, as text. */
  readonly ownerId: string
  readonly ownerName: string
  readonly aiEnabled: boolean
  readonly createdAt: Date
}

export interface TenantsStore {
  /** Throws TENANT_EXISTS. */
  create(tenant: Pick<Tenant, 'issuerHost' | 'ownerId' | 'ownerName' | 'aiEnabled'>): Promise<Tenant>
  get(tenantId: string): Promise<Tenant | null>
  findByOwner(issuerHost: string, ownerId: string): Promise<Tenant | null>
  list(page: Page): Promise<Tenant[]>
}

interface TenantRecord extends TenantDocument, Omit<Tenant, 'id'> {}

const COLLECTION = 'tenants'

export const tenantIdOf = (issuerHost: string, ownerId: string): string => `${ownerId}@${issuerHost}`

export function createTenantsStore({ collections, clock }: { collections: TenantCollections; clock: Clock }): TenantsStore {
  const read = async (id: string) => {
    const found = await collections.for(id).collection<TenantRecord>(COLLECTION).findOne({ _id: id })
    return found === null ? null : toTenant(found)
  }
  return {
    create: async (tenant) => {
      const id = tenantIdOf(tenant.issuerHost, tenant.ownerId)
      const createdAt = clock()
      try {
        await collections.for(id).collection<TenantRecord>(COLLECTION).insertOne({ _id: id, ...tenant, createdAt })
      } catch (error) {
        throw isDuplicateKey(error) ? new AppError('TENANT_EXISTS', { detail: tenant.ownerName, cause: error }) : error
      }
      return { id, ...tenant, createdAt }
    },
    get: read,
    findByOwner: (issuerHost, ownerId) => read(tenantIdOf(issuerHost, ownerId)),
    list: async (page) => (await collections.acrossTenants<TenantRecord>(COLLECTION).page({}, page)).map(toTenant),
  }
}

const toTenant = ({ _id, tenantId: _same, ...rest }: TenantRecord): Tenant => ({ id: _id, ...rest })
