// The shape of limits that somebody hands in, by the API or by an operator's command.
import { z } from 'zod'
import { filledText } from '../http/request-fields.ts'
import { MOST, problemOfAmount } from './amounts.ts'

const limit = z.custom<number | null>().meta({ type: ['integer', 'null'], minimum: 0, maximum: MOST }).default(null).superRefine((value, context) => {
  const problem = value === null ? null : problemOfAmount(value)
  if (problem !== null) context.addIssue({ code: 'custom', message: problem })
})
const periodLimits = z.strictObject({ requests: limit, tokens: limit, costMicroUsd: limit }).prefault({})
/** A limit that is left out or null is none. */
const limits = z.strictObject({ day: periodLimits, month: periodLimits })
const percents = z.array(z.int().min(1).max(100)).max(10).default([80, 95])

export const quotaSchema = z.strictObject({ limits, warnAtPercent: percents })
export const overrideSchema = z.strictObject({ limits, reason: filledText(500), until: z.iso.datetime() })
