// Members and invitations of an organisation: who may give which role, that the last owner stays, and what a sign-in makes of the
// invitations for a person. Every change is in the audit log with its before and after.
import type { AuditStore } from '../audit/audit-store.ts'
import type { By } from '../auth/principal.ts'
import { isAtLeast, type Role } from '../auth/roles.ts'
import type { Person } from '../auth/sessions-service.ts'
import { DAY_MS, type Clock } from '../clock.ts'
import type { Page } from '../database/tenant-collections.ts'
import { AppError } from '../errors.ts'
import type { InvitationRecord, InvitationsStore } from './invitations-store.ts'
import type { MemberRecord, MembersStore } from './members-store.ts'

export type { InvitationRecord, MemberRecord }

/** Who changes members: what they may give and take is at most their own role. */
export interface Changer extends By {
  readonly tenantId: string
  readonly role: Role
}

export interface NewInvitation {
  /** A login without @, or GitHub's numeric id as text. */
  readonly invitee: { readonly login: string } | { readonly userId: string }
  readonly role: Role
  readonly days: number
}

export interface MembershipsService {
  list(tenantId: string, page: Page): Promise<MemberRecord[]>
  /** For operators: adds a member, or gives it another role. */
  put(tenantId: string, member: Person & { readonly role: Role }, by: By): Promise<void>
  /** Throws FORBIDDEN, MEMBER_NOT_FOUND, MEMBER_LAST_OWNER. */
  changeRole(changer: Changer, userId: string, role: Role): Promise<MemberRecord>
  /** Throws FORBIDDEN, MEMBER_NOT_FOUND, MEMBER_LAST_OWNER. */
  remove(changer: Changer, userId: string): Promise<void>
  listInvitations(tenantId: string, page: Page): Promise<InvitationRecord[]>
  /** Throws FORBIDDEN, INVITATION_EXISTS. */
  invite(changer: Changer, invitation: NewInvitation): Promise<InvitationRecord>
  /** Throws INVITATION_NOT_FOUND. */
  withdraw(changer: Changer, invitationId: string): Promise<void>
  /** Makes a member of every invitation for this person that has not expired. */
  acceptInvitations(person: Person, correlationId: string): Promise<void>
  /** The tenant to sign in to. Throws MEMBERSHIP_MISSING or MEMBERSHIP_AMBIGUOUS. */
  choose(person: Person, tenant: string | null): Promise<string>
}

interface Parts {
  readonly members: MembersStore
  readonly invitations: InvitationsStore
  readonly audit: AuditStore
  readonly clock: Clock
}

const MOST_MEMBERSHIPS = 100

export function createMembershipsService(parts: Parts): MembershipsService {
  const { members, invitations, audit } = parts
  return {
    list: (tenantId, page) => members.for(tenantId).list(page),
    put: async (tenantId, { userId, login, role }, { actor, correlationId }) => {
      const before = await members.for(tenantId).get(userId)
      await members.for(tenantId).put({ userId, login, role })
      await audit.for(tenantId).append({ actor, action: 'member.added', subject: userId, details: { login }, before: before && { role: before.role }, after: { role }, correlationId })
    },
    changeRole: (changer, userId, role) => changeRole(parts, changer, { userId, role }),
    remove: (changer, userId) => remove(parts, changer, userId),
    listInvitations: (tenantId, page) => invitations.for(tenantId).list(page),
    invite: (changer, invitation) => invite(parts, changer, invitation),
    withdraw: async ({ tenantId, actor, correlationId }, invitationId) => {
      const removed = await invitations.for(tenantId).remove(invitationId)
      if (removed === null) throw new AppError('INVITATION_NOT_FOUND')
      await audit.for(tenantId).append({ actor, action: 'invitation.withdrawn', subject: removed.invitee, details: {}, before: { role: removed.role }, after: null, correlationId })
    },
    acceptInvitations: (person, correlationId) => acceptInvitations(parts, person, correlationId),
    choose: (person, tenant) => choose(parts, person, tenant),
  }
}

/** Throws FORBIDDEN: nobody gives or takes a role above their own. */
function mayHandle({ role: own }: Changer, role: Role): void {
  if (!isAtLeast(own, role)) throw new AppError('FORBIDDEN', { detail: `the role ${role} is needed to give or take the role ${role}; yours is ${own}` })
}

async function find({ members }: Parts, tenantId: string, userId: string): Promise<MemberRecord> {
  const found = await members.for(tenantId).get(userId)
  if (found === null) throw new AppError('MEMBER_NOT_FOUND')
  return found
}

async function changeRole(parts: Parts, changer: Changer, { userId, role }: { userId: string; role: Role }): Promise<MemberRecord> {
  const { tenantId, actor, correlationId } = changer
  const own = parts.members.for(tenantId)
  const before = await find(parts, tenantId, userId)
  mayHandle(changer, before.role)
  mayHandle(changer, role)
  if (before.role === role) return before
  if (!(await own.changeRole(userId, { from: before.role, to: role }))) throw new AppError('MEMBER_NOT_FOUND', { detail: 'it was changed at the same moment; look again' })
  // Looked at after the write and undone: of two owners who demote each other at once, both see that nobody is left.
  if (before.role === 'owner' && (await own.countOwners()) === 0) {
    await own.changeRole(userId, { from: role, to: 'owner' })
    throw new AppError('MEMBER_LAST_OWNER')
  }
  await parts.audit.for(tenantId).append({ actor, action: 'member.changed', subject: userId, details: { login: before.login }, before: { role: before.role }, after: { role }, correlationId })
  return { ...before, role }
}

async function remove(parts: Parts, changer: Changer, userId: string): Promise<void> {
  const { tenantId, actor, correlationId } = changer
  const own = parts.members.for(tenantId)
  const before = await find(parts, tenantId, userId)
  mayHandle(changer, before.role)
  if (!(await own.remove(userId))) throw new AppError('MEMBER_NOT_FOUND')
  if (before.role === 'owner' && (await own.countOwners()) === 0) {
    await own.put(before)
    throw new AppError('MEMBER_LAST_OWNER')
  }
  await parts.audit.for(tenantId).append({ actor, action: 'member.removed', subject: userId, details: { login: before.login }, before: { role: before.role }, after: null, correlationId })
}

const inviteeOf = (invitee: NewInvitation['invitee']): string => ('login' in invitee ? `login:${invitee.login.toLowerCase()}` : `id:${invitee.userId}`)

async function invite({ members, invitations, audit, clock }: Parts, changer: Changer, { invitee, role, days }: NewInvitation): Promise<InvitationRecord> {
  const { tenantId, actor, correlationId } = changer
  mayHandle(changer, role)
  const isMember = 'userId' in invitee && (await members.for(tenantId).get(invitee.userId)) !== null
  const expiresAt = new Date(clock().getTime() + days * DAY_MS)
  const added = isMember ? null : await invitations.for(tenantId).add({ invitee: inviteeOf(invitee), role, invitedBy: actor, expiresAt })
  if (added === null) throw new AppError('INVITATION_EXISTS')
  await audit.for(tenantId).append({ actor, action: 'invitation.made', subject: added.invitee, details: { expiresAt: expiresAt.toISOString() }, before: null, after: { role }, correlationId })
  return added
}

async function acceptInvitations({ members, invitations, audit, clock }: Parts, { userId, login }: Person, correlationId: string): Promise<void> {
  const now = clock()
  for (const { _id, tenantId, role, expiresAt, invitedBy } of await invitations.forInvitees([inviteeOf({ login }), inviteeOf({ userId })], MOST_MEMBERSHIPS)) {
    if (expiresAt <= now) continue
    // Removed first: an invitation that was withdrawn in time never makes a member.
    if ((await invitations.for(tenantId).remove(_id)) === null) continue
    const own = members.for(tenantId)
    if ((await own.get(userId)) !== null) continue
    await own.put({ userId, login, role })
    await audit.for(tenantId).append({ actor: `user:${userId}`, action: 'invitation.accepted', subject: userId, details: { login, invitedBy }, before: null, after: { role }, correlationId })
  }
}

async function choose({ members }: Parts, { userId, login }: Person, tenant: string | null): Promise<string> {
  const own = (await members.ofUser(userId, MOST_MEMBERSHIPS)).map(({ tenantId }) => tenantId)
  const fitting = tenant === null ? own : own.filter((tenantId) => tenantId === tenant || tenantId.startsWith(`${tenant}@`))
  const [first] = fitting
  if (first === undefined) throw new AppError('MEMBERSHIP_MISSING', { detail: `you are ${login} at GitHub` })
  if (fitting.length > 1) throw new AppError('MEMBERSHIP_AMBIGUOUS', { detail: `add ?tenant= with one of ${fitting.join(', ')}` })
  return first
}
