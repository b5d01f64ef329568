// The fleet's answers as they travel.
import { z } from 'zod'
import { CATEGORIES } from '../../analysis/report/fleet-report.ts'
import { scoreSchema, severitySchema } from '../../contract/findings.ts'

const count = z.int().min(0)
const category = z.enum(CATEGORIES)
const listOf = <T extends z.ZodType>(item: T) => z.array(item).readonly()
const counts = { high: count, medium: count, low: count, info: count }

const heat = z.strictObject({ findings: count, score: z.number().nullable(), level: z.literal([0, 1, 2, 3, 4]).describe('0: no finding; 1 to 4: the score of this category, from good to bad') })

const row = z.strictObject({
  name: z.string(), score: scoreSchema.nullable().describe('Null before the first analysis of the default branch'),
  driftAgeDays: count.nullable().describe('Since the oldest open finding was first seen; null without one'),
  week: z.strictObject({ appeared: count, fixed: count, scoreBefore: z.number().nullable() }).nullable().describe('Null where nobody knows how it stood a week ago'),
  problem: z.string().nullable(), counts: z.strictObject(counts),
  heat: z.strictObject({ security: heat, reliability: heat, dependencies: heat, performance: heat, maintainability: heat }),
  pullRequest: z.strictObject({ number: z.int(), url: z.string().nullable() }).nullable().optional().describe('Its open fix pull request, as the service saw it last'),
  breaksInDays: z.int().nullable().describe('Until the first thing that it uses ends; 0 and below: it is gone'),
})

const end = {
  subject: z.string(), date: z.iso.date().describe('The first day without it'), days: z.int().describe('From today; 0 and below: it is gone'),
  brownouts: listOf(z.iso.date()).describe('Days before that on which it fails on purpose'), source: z.string(), repositories: listOf(z.string()),
}

const variant = z.strictObject({
  hash: z.string().describe('Equal for workflows that do the same'), repositories: listOf(z.string()),
  changedAt: z.iso.datetime().nullable().describe('When it was last seen to change; null where it never was'), isNewest: z.boolean(),
})
const pipeline = z.strictObject({ path: z.string(), repositories: count, variants: listOf(variant).describe('The most common one first') })
const action = z.strictObject({ action: z.string(), versions: listOf(z.strictObject({ label: z.string(), repositories: listOf(z.string()) })).describe('Newest first') })

const pullRequests = z.strictObject({
  maxOpen: count, open: count.describe('Places that are taken: open ones, and those that are being opened'),
  maxPerDay: count, openedToday: count.describe('Places of this UTC day that are taken'), waiting: count.describe('Repositories that have fixes and wait for room'),
})

export const fleetSchema = z.strictObject({
  schemaVersion: z.literal(1), title: z.string(), today: z.iso.date(), since: z.iso.date().nullable().describe('Null: changes are those of the last seven days'),
  totals: z.strictObject({ repositories: count, analysed: count, score: z.number().nullable(), oldestDriftDays: count.nullable(), ...counts }),
  repositories: listOf(row).describe('The lowest score first'),
  rules: listOf(z.strictObject({ ruleId: z.string(), category, severity: severitySchema, findings: count, repositories: count })).describe('In the most repositories first'),
  week: z.strictObject({ appeared: count, fixed: count, unknown: count.describe('Repositories of which nobody knows how they stood'), moved: listOf(z.strictObject({ name: z.string(), from: z.number(), to: z.number() })) }),
  pullRequests: pullRequests.optional().describe('How much of the budget of fix pull requests is used'),
  calendar: listOf(z.strictObject({ ...end, places: count })),
  divergence: z.strictObject({ pipelines: listOf(pipeline), actions: listOf(action) }),
})

export const divergenceSchema = z.strictObject({
  repositories: count.describe('All that were looked at'),
  pipelines: listOf(pipeline.extend({ summary: z.string().describe('"5 distinct variants in 40 repositories"'), newest: variant.nullable() })).describe('In more than one variant, those with the most first'),
  actions: listOf(action.extend({ summary: z.string() })).describe('At more than one version, those in the most repositories first'),
})

export const calendarSchema = z.strictObject({
  today: z.iso.date(),
  ends: listOf(z.strictObject({
    ...end, summary: z.string().describe('"breaks in 144 days, on 2027-04-17"'),
    places: listOf(z.strictObject({ repository: z.string(), path: z.string(), line: z.int().min(1) })), unlisted: count.describe('Further places, of repositories with very many'),
  })).describe('Soonest first'),
})
