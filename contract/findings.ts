// Findings as they travel between the Action and the service.
import { z } from 'zod'
import { CONFIDENCES, PROFILES, SEVERITIES } from '../analysis/finding.ts'

export const severitySchema = z.enum(SEVERITIES)
export const profileSchema = z.enum(PROFILES)

const positionSchema = z.strictObject({ line: z.int().min(1), column: z.int().min(1) })

const fixSchema = z.strictObject({
  safety: z.enum(['safe', 'unsafe']),
  description: z.string(),
  edits: z.array(z.strictObject({ start: z.int().min(0), end: z.int().min(0), text: z.string() })),
  /** What is written outside the finding's file; there are no edits then. */
  file: z.strictObject({ kind: z.enum(['create', 'append']), path: z.string(), text: z.string() }).optional(),
})

export const findingSchema = z.strictObject({
  ruleId: z.string(),
  message: z.string(),
  severity: severitySchema,
  confidence: z.enum(CONFIDENCES),
  profile: profileSchema,
  path: z.string(),
  start: positionSchema,
  end: positionSchema,
  fingerprint: z.string(),
  suppressed: z
    .strictObject({
      kind: z.enum(['inline', 'foreign', 'policy', 'dismissed']),
      by: z.string().nullable(),
      reason: z.string().nullable(),
      until: z.string().nullable(),
    })
    .optional(),
  fix: fixSchema.nullable(),
})

export const fileOutcomeSchema = z.strictObject({
  path: z.string(),
  kind: z.enum(['workflow', 'action', 'dependabot', 'policy', 'pre-commit', 'unknown']),
  status: z.enum(['analysed', 'unreadable']),
  error: z.string().optional(),
})

export const scoreSchema = z.strictObject({
  total: z.number(),
  security: z.number(),
  reliability: z.number(),
  performance: z.number(),
  dependencies: z.number(),
  maintainability: z.number(),
})

export type FindingWire = z.infer<typeof findingSchema>
