// A quota as an admin sees it: its limits, what replaces them for a while, and what is used of them now.
import { z } from 'zod'

const amount = z.int().min(0)
const amounts = z.strictObject({ requests: amount, tokens: amount, costMicroUsd: amount })
const limits = z.strictObject({ requests: amount.nullable(), tokens: amount.nullable(), costMicroUsd: amount.nullable() }).describe('null: no limit')
const bothLimits = z.strictObject({ day: limits, month: limits })
const use = z.strictObject({
  limits: limits.describe('What holds now, an override included'),
  used: amounts.nullable().describe('null: for all of a kind, each of which is counted by itself'),
  resetsAt: z.iso.datetime(),
})

export const shownQuotaSchema = z.strictObject({
  id: z.string().describe('tenant, repository:ID, repository:*, actor:ACTOR or actor:*'),
  limits: bothLimits,
  warnAtPercent: z.array(z.int()),
  override: z.strictObject({ limits: bothLimits, reason: z.string(), until: z.iso.datetime(), by: z.string() }).nullable(),
  warned: z.array(z.string()).describe('Warnings of this month: `month requests 80`, `d27 tokens 95`'),
  day: use,
  month: use,
})

export type QuotaWire = z.infer<typeof shownQuotaSchema>
