// /v1/members and /v1/invitations: who belongs to an organisation here, and who may come.
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AppRoutes, RouteScope } from '../app-route.ts'
import { actorOf, roleOf } from '../auth/principal.ts'
import { ROLES } from '../auth/roles.ts'
import { AppError } from '../errors.ts'
import { cursorQuery, nextCursor, readCursor } from '../http/cursors.ts'
import type { Changer, InvitationRecord, MemberRecord, MembershipsService } from './memberships-service.ts'

const role = z.enum(ROLES)
const userId = z.string().regex(/^[1-9]\d{0,19}$/, "must be GitHub's number of the person: gh api users/NAME --jq .id")
const login = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$/, 'must be a GitHub login, without @')
const member = z.object({ userId: z.string(), login: z.string(), role, createdAt: z.iso.datetime() })
const invitation = z.object({ id: z.string(), login: z.string().nullable(), userId: z.string().nullable(), role, invitedBy: z.string(), createdAt: z.iso.datetime(), expiresAt: z.iso.datetime() })
const newInvitation = z.strictObject({
  login: login.optional(), userId: userId.optional().describe('Safer than the login, which can be given to somebody else'), role,
  days: z.int().min(1).max(90).default(7).describe('How long it can be accepted, by signing in'),
}).refine((body) => (body.login === undefined) !== (body.userId === undefined), 'must hold either login or userId').meta({ oneOf: [{ required: ['login'] }, { required: ['userId'] }] })

export function createMembersRoutes(memberships: MembershipsService): AppRoutes {
  return (scope) => {
    addMembers(scope, memberships)
    addInvitations(scope, memberships)
  }
}

function addMembers(scope: RouteScope, memberships: MembershipsService): void {
  scope.get('/members', {
    schema: { tags: ['members'], summary: 'Members and their roles', querystring: z.strictObject(cursorQuery), response: { 200: z.object({ members: z.array(member), next: z.string().nullable() }) }, errors: ['CURSOR_INVALID'] },
  }, async ({ principal: { tenantId }, query: { cursor, limit } }) => {
    const identity = { list: 'members', tenantId }
    const page = await memberships.list(tenantId, { after: readCursor(identity, cursor), limit })
    return { members: page.map(memberWire), next: nextCursor(identity, page, limit) }
  })

  scope.put('/members/:userId', {
    schema: { tags: ['members'], summary: 'Give a member another role, at most your own', params: z.strictObject({ userId: z.string().max(64) }), body: z.strictObject({ role }), response: { 200: member }, errors: ['MEMBER_NOT_FOUND', 'MEMBER_LAST_OWNER'] },
  }, async (request) => memberWire(await memberships.changeRole(changerOf(request), request.params.userId, request.body.role)))

  scope.delete('/members/:userId', {
    schema: { tags: ['members'], summary: 'Remove a member; its sessions end within 10 seconds', params: z.strictObject({ userId: z.string().max(64) }), response: { 204: z.null() }, errors: ['MEMBER_NOT_FOUND', 'MEMBER_LAST_OWNER'] },
  }, async (request, reply) => {
    await memberships.remove(changerOf(request), request.params.userId)
    return reply.status(204).send(null)
  })
}

function addInvitations(scope: RouteScope, memberships: MembershipsService): void {
  scope.get('/invitations', {
    schema: { tags: ['members'], summary: 'Invitations that are not accepted yet', querystring: z.strictObject(cursorQuery), response: { 200: z.object({ invitations: z.array(invitation), next: z.string().nullable() }) }, errors: ['CURSOR_INVALID'] },
  }, async ({ principal: { tenantId }, query: { cursor, limit } }) => {
    const identity = { list: 'invitations', tenantId }
    const page = await memberships.listInvitations(tenantId, { after: readCursor(identity, cursor), limit })
    return { invitations: page.map(invitationWire), next: nextCursor(identity, page, limit) }
  })

  scope.post('/invitations', { schema: { tags: ['members'], summary: 'Invite a person, who accepts by signing in', body: newInvitation, response: { 201: invitation }, errors: ['INVITATION_EXISTS'] } }, async (request, reply) => {
    const { login: name, userId: number = '', role: given, days } = request.body
    const made = await memberships.invite(changerOf(request), { invitee: name === undefined ? { userId: number } : { login: name }, role: given, days })
    return reply.status(201).send(invitationWire(made))
  })

  scope.delete('/invitations/:id', {
    schema: { tags: ['members'], summary: 'Withdraw an invitation', params: z.strictObject({ id: z.string().max(64) }), response: { 204: z.null() }, errors: ['INVITATION_NOT_FOUND'] },
  }, async (request, reply) => {
    await memberships.withdraw(changerOf(request), request.params.id)
    return reply.status(204).send(null)
  })
}

/** Throws FORBIDDEN for credentials that have no place among people. */
function changerOf({ principal, id }: FastifyRequest): Changer {
  const own = roleOf(principal)
  if (own === null) throw new AppError('FORBIDDEN', { detail: 'the scope admin is needed' })
  return { tenantId: principal.tenantId, actor: actorOf(principal), correlationId: id, role: own }
}

const memberWire = ({ userId: id, login: name, role: given, createdAt }: MemberRecord): z.infer<typeof member> => ({ userId: id, login: name, role: given, createdAt: createdAt.toISOString() })

function invitationWire({ _id, invitee, role: given, invitedBy, createdAt, expiresAt }: InvitationRecord): z.infer<typeof invitation> {
  const [kind, value = ''] = invitee.split(':')
  return {
    id: _id, login: kind === 'login' ? value : null, userId: kind === 'id' ? value : null, role: given, invitedBy,
    createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString(),
  }
}
