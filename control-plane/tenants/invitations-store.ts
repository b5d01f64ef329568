// Open invitations: who may become a member by signing in before a date. An accepted or withdrawn one is removed; the audit log
// remembers it.
import type { Role } from '../auth/roles.ts'
import type { Clock } from '../clock.ts'
import { unlessDuplicate } from '../database/database-errors.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import { newId } from '../database/new-id.ts'
import type { Page, TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

export interface InvitationRecord extends TenantDocument {
  /** `login:NAME` in lower case, or `id:NUMBER`. */
  readonly invitee: string
  readonly role: Role
  readonly invitedBy: string
  readonly createdAt: Date
  readonly expiresAt: Date
}

export interface InvitationsStore {
  /** Of all tenants, expired ones too: at most `limit` for these invitees. */
  forInvitees(invitees: readonly string[], limit: number): Promise<InvitationRecord[]>
  for(tenantId: string): {
    /** Null when there is an open one for this invitee. */
    add(invitation: Pick<InvitationRecord, 'invitee' | 'role' | 'invitedBy' | 'expiresAt'>): Promise<InvitationRecord | null>
    /** What was removed; null when there was nothing, or somebody else was faster. */
    remove(id: string): Promise<InvitationRecord | null>
    list(page: Page): Promise<InvitationRecord[]>
  }
}

const COLLECTION = 'invitations'
const KEPT_AFTER_END_SECONDS = 30 * 86_400

export const invitationsIndexes: CollectionIndexes = {
  collection: COLLECTION,
  indexes: [{ key: { tenantId: 1, invitee: 1 }, unique: true }, { key: { invitee: 1 } }, { key: { expiresAt: 1 }, expireAfterSeconds: KEPT_AFTER_END_SECONDS }],
}

export function createInvitationsStore({ collections, clock }: { collections: TenantCollections; clock: Clock }): InvitationsStore {
  return {
    forInvitees: (invitees, limit) => collections.acrossTenants<InvitationRecord>(COLLECTION).find({ invitee: { $in: [...invitees] } }, { limit }),
    for: (tenantId) => {
      const invitations = collections.for(tenantId).collection<InvitationRecord>(COLLECTION)
      return {
        add: async (invitation) => {
          const createdAt = clock()
          await invitations.deleteOne({ invitee: invitation.invitee, expiresAt: { $lte: createdAt } })
          const document = { _id: newId(createdAt), ...invitation, createdAt }
          return (await unlessDuplicate(invitations.insertOne(document))) ? { ...document, tenantId } : null
        },
        remove: async (id) => {
          const found = await invitations.findOne({ _id: id })
          return found !== null && (await invitations.deleteOne({ _id: id })).deletedCount === 1 ? found : null
        },
        list: (page) => invitations.page({}, page),
      }
    },
  }
}
