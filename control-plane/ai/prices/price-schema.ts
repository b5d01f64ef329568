// The shape of a price that somebody hands in, with what must hold between its parts.
import { z } from 'zod'
import { modelIdSchema } from '../models.ts'
import { filledText } from '../../http/request-fields.ts'

/** 1,000 USD a token: more is a slip. */
const MOST_MICRO_USD = 1_000_000_000_000_000
const perMillion = z.int().min(0).max(MOST_MICRO_USD)

const tierSchema = z.strictObject({
  upToInputTokens: z.int().min(1).max(1_000_000_000).nullable().default(null).describe('The step holds for calls of at most this many input tokens; null: without an end'),
  input: perMillion.describe('Micro-USD per million tokens'),
  output: perMillion,
  cached: perMillion.nullable().default(null).describe('null: not known, and counted as input'),
})

export const storedPriceSchema = z.strictObject({
  model: z.string(), effectiveFrom: z.string(), effectiveTo: z.string().nullable(),
  tiers: z.array(z.strictObject({ upToInputTokens: z.int().nullable(), input: z.int(), output: z.int(), cached: z.int().nullable() })),
  source: z.string(), readOn: z.string(),
})

export const newPriceSchema = z.strictObject({
  model: modelIdSchema,
  effectiveFrom: z.iso.date(),
  effectiveTo: z.iso.date().nullable().default(null).describe('The last UTC day on which it holds'),
  tiers: z.array(tierSchema).min(1).max(10),
  source: filledText(500).describe('Where the price was read'),
  readOn: z.iso.date(),
}).superRefine(({ effectiveFrom, effectiveTo, tiers }, context) => {
  if (effectiveTo !== null && effectiveTo < effectiveFrom) context.addIssue({ code: 'custom', path: ['effectiveTo'], message: `${effectiveTo} is before effectiveFrom ${effectiveFrom}` })
  tiers.forEach(({ upToInputTokens: upTo }, index) => {
    const next = tiers[index + 1]
    if (next === undefined) return
    if (upTo === null) context.addIssue({ code: 'custom', path: ['tiers', index, 'upToInputTokens'], message: 'only the last step has no end' })
    else if (next.upToInputTokens !== null && next.upToInputTokens <= upTo) context.addIssue({ code: 'custom', path: ['tiers', index + 1, 'upToInputTokens'], message: `must be more than ${upTo}, the step before` })
  })
})

export const endedPriceSchema = z.strictObject({ model: modelIdSchema, effectiveFrom: z.iso.date(), effectiveTo: z.iso.date() })
  .refine(({ effectiveFrom, effectiveTo }) => effectiveTo >= effectiveFrom, { path: ['effectiveTo'], message: 'is before effectiveFrom' })
