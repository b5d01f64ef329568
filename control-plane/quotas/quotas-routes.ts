// GET /v1/quotas, and GET, PUT, DELETE /v1/quotas/:id with PUT /v1/quotas/:id/override: limits, what is used of them, and what
// replaces them for a while. Every change is in the audit log with what was before.
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AppRoutes } from '../app-route.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import { actorOf } from '../auth/principal.ts'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { problemOfAmount } from './amounts.ts'
import { usedIn, type CountersStore, type Limits } from './counters-store.ts'
import { PERIODS, dayOf, monthOf, resetOf } from './periods.ts'
import { limitsAt, type Quota, type QuotasStore } from './quotas-store.ts'
import { parseQuotaId, quotaIdOf } from './subjects.ts'

interface Parts {
  readonly quotas: QuotasStore
  readonly counters: CountersStore
  readonly audit: AuditStore
  readonly clock: Clock
}

const limit = z.custom<number | null>().default(null).superRefine((value, context) => {
  const problem = value === null ? null : problemOfAmount(value)
  if (problem !== null) context.addIssue({ code: 'custom', message: problem })
})
const periodLimits = z.strictObject({ requests: limit, tokens: limit, costMicroUsd: limit }).prefault({})
const limits = z.strictObject({ day: periodLimits, month: periodLimits })
const percents = z.array(z.int().min(1).max(100)).max(10).default([80, 95])
const quotaBody = z.strictObject({ limits, warnAtPercent: percents })
const overrideBody = z.strictObject({ limits, reason: z.string().trim().min(1).max(500), until: z.iso.datetime() })
const params = z.strictObject({ id: z.string().max(200) })
const MOST_QUOTAS = 1_000

export function createQuotasRoutes(parts: Parts): AppRoutes {
  const { quotas, clock } = parts
  const existing = async (tenantId: string, text: string): Promise<Quota> => {
    const id = quotaIdOf(parseQuotaId(text))
    const found = await quotas.for(tenantId).get(id)
    if (found === null) throw new AppError('QUOTA_NOT_FOUND', { detail: id })
    return found
  }
  return (scope) => {
    const tags = ['quotas']
    scope.get('/quotas', { schema: { tags, summary: 'All quotas, and what is used of them' } }, async ({ principal }) => {
      const found = await quotas.for(principal.tenantId).list({ limit: MOST_QUOTAS })
      return { quotas: await Promise.all(found.map((quota) => toWire(parts, principal.tenantId, quota))) }
    })
    scope.get('/quotas/:id', { schema: { tags, summary: 'One quota, and what is used of it', params } }, async ({ principal, params: { id } }) => {
      return toWire(parts, principal.tenantId, await existing(principal.tenantId, id))
    })
    scope.put('/quotas/:id', { schema: { tags, summary: 'Set the limits of a quota; a limit that is left out or null is none', params, body: quotaBody } }, async (request) => {
      const { tenantId } = request.principal
      const id = quotaIdOf(parseQuotaId(request.params.id))
      const before = await quotas.for(tenantId).get(id)
      return change(parts, request, { before, after: { id, ...request.body, override: before?.override ?? null } })
    })
    scope.put('/quotas/:id/override', { schema: { tags, summary: 'Replace the limits until a time', params, body: overrideBody } }, async (request) => {
      const before = await existing(request.principal.tenantId, request.params.id)
      const until = new Date(request.body.until)
      if (until <= clock()) throw new AppError('BODY_INVALID', { detail: `until must be in the future, and ${request.body.until} is not` })
      return change(parts, request, { before, after: { ...before, override: { limits: request.body.limits, reason: request.body.reason, until, by: actorOf(request.principal) } } })
    })
    scope.delete('/quotas/:id', { schema: { tags, summary: 'Remove a quota: no limit holds any more', params } }, async (request, reply) => {
      const before = await existing(request.principal.tenantId, request.params.id)
      await quotas.for(request.principal.tenantId).remove(before.id)
      await record(parts, request, { id: before.id, before, after: null })
      return reply.status(204).send()
    })
  }
}

type Request = Pick<FastifyRequest, 'principal' | 'id'>

async function change(parts: Parts, request: Request, { before, after }: { readonly before: Quota | null; readonly after: Quota }) {
  const { tenantId } = request.principal
  await parts.quotas.for(tenantId).put(after)
  await record(parts, request, { id: after.id, before, after })
  return toWire(parts, tenantId, after)
}

async function record({ audit }: Parts, { principal, id: correlationId }: Request, { id, before, after }: { readonly id: string; readonly before: Quota | null; readonly after: Quota | null }): Promise<void> {
  const text = (quota: Quota | null) => (quota === null ? null : JSON.stringify(quota))
  const action = after === null ? 'quota.removed' : 'quota.set'
  await audit.for(principal.tenantId).append({ actor: actorOf(principal), action, subject: id, details: { before: text(before), after: text(after) }, correlationId })
}

async function toWire({ counters, clock }: Parts, tenantId: string, quota: Quota) {
  const now = clock()
  const day = dayOf(now)
  const subject = parseQuotaId(quota.id)
  const holding: Limits = limitsAt(quota, now)
  // One for all of a kind has no counter: each subject has its own.
  const counter = subject.id === '*' ? null : await counters.for(tenantId).get(subject, monthOf(now))
  const periods = PERIODS.map((period) => [period, { limits: holding[period], used: subject.id === '*' ? null : usedIn(counter, period, day), resetsAt: resetOf(period, day).toISOString() }] as const)
  return { ...quota, override: quota.override === null ? null : { ...quota.override, until: quota.override.until.toISOString() }, ...Object.fromEntries(periods) }
}
