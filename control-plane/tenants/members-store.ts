// Members: who of GitHub's people belongs to an organisation here, and in which role.
import type { Clock } from '../clock.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'
import type { Role } from '../auth/roles.ts'

export interface MemberRecord extends TenantDocument {
  /** GitHub's numeric id, as text. */
  readonly userId: string
  /** As it was at the last sign-in. */
  readonly login: string
  readonly role: Role
  readonly createdAt: Date
}

export interface MembersStore {
  /** Of all tenants: at most `limit` memberships of a person. */
  ofUser(userId: string, limit: number): Promise<MemberRecord[]>
  for(tenantId: string): {
    get(userId: string): Promise<MemberRecord | null>
    /** Adds the member, or changes its role and login. */
    put(member: Pick<MemberRecord, 'userId' | 'login' | 'role'>): Promise<void>
    /** Compare-and-set; false when the member is gone or has another role by now. */
    changeRole(userId: string, change: { readonly from: Role; readonly to: Role }): Promise<boolean>
    remove(userId: string): Promise<boolean>
    list(page: Page): Promise<MemberRecord[]>
    /** Counts at most two. */
    countOwners(): Promise<number>
  }
}

const COLLECTION = 'members'

export const membersIndexes: CollectionIndexes = { collection: COLLECTION, indexes: [{ key: { tenantId: 1, userId: 1 }, unique: true }, { key: { userId: 1 } }] }

export function createMembersStore({ collections, clock }: { collections: TenantCollections; clock: Clock }): MembersStore {
  return {
    ofUser: (userId, limit) => collections.acrossTenants<MemberRecord>(COLLECTION).find({ userId }, { limit }),
    for: (tenantId) => {
      const members = collections.for(tenantId).collection<MemberRecord>(COLLECTION)
      const _id = (userId: string) => `${tenantId}/${userId}`
      return {
        get: (userId) => members.findOne({ _id: _id(userId) }),
        put: async ({ userId, login, role }) => {
          await members.updateOne({ _id: _id(userId) }, { $set: { userId, login, role }, $setOnInsert: { createdAt: clock() } }, { upsert: true })
        },
        changeRole: async (userId, { from, to }) => (await members.updateOne({ _id: _id(userId), role: from }, { $set: { role: to } })).modifiedCount === 1,
        remove: async (userId) => (await members.deleteOne({ _id: _id(userId) })).deletedCount === 1,
        list: (page) => members.page({}, page),
        countOwners: () => members.count({ role: 'owner' }, 2),
      }
    },
  }
}
