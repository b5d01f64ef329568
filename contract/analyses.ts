// What the Action posts and what the service answers. Limits stand here once; both sides use them.
import { z } from 'zod'
import { fileOutcomeSchema, findingSchema, profileSchema, scoreSchema, severitySchema } from './findings.ts'

/** Bytes of the uncompressed JSON body. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024
export const MAX_PATHS = 50_000

export const commitSchema = z.string().regex(/^[0-9a-f]{40}$/, 'a commit is 40 hex digits')
const repositoryNameSchema = z.string().max(200).regex(/^[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/, 'a repository is written owner/name')
/** Relative, with `/`; no leading slash and no `..` part. */
const pathSchema = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^(?!\/)(?![\s\S]*(?:^|\/)\.\.(?:\/|$))/, 'a path is relative to the repository and has no .. part')

/** Body of POST /v1/analyses. Repository, ref and commit are the client's claim; the service takes them from the token or checks them. */
export const submissionSchema = z.strictObject({
  schemaVersion: z.literal(1),
  repository: repositoryNameSchema,
  /** `refs/heads/main`, `refs/tags/v1`, `refs/pull/7/merge`. */
  ref: z.string().min(1).max(1024),
  /** The commit to report on: for a pull request its head commit, never the merge commit. */
  commit: commitSchema,
  /** Every path of the commit's tree; cut at MAX_PATHS. */
  paths: z.array(pathSchema).max(MAX_PATHS),
  /** True when paths or texts were left out to keep the limits. */
  truncated: z.boolean(),
  /** Texts of CI files only. Each is checked against its blob id in the commit's tree. */
  files: z.array(z.strictObject({ path: pathSchema, text: z.string() })).max(5_000),
  options: z.strictObject({
    profile: profileSchema,
    fixPr: z.enum(['never', 'safe', 'all']),
  }),
})

export const analysisStateSchema = z.enum(['submitted', 'queued', 'running', 'done', 'failed', 'superseded'])

const pullRequestOutcomeSchema = z.strictObject({
  /** 'foreign': a person owns the branch, we commented and left it. 'refused': GitHub did not let us; `reason` says why. */
  state: z.enum(['opened', 'updated', 'unchanged', 'closed', 'foreign', 'declined', 'refused', 'waiting', 'none']),
  number: z.int().nullable(),
  url: z.string().nullable(),
  reason: z.string().nullable(),
})

/** What models wrote, all of it: whoever shows it says so. Texts are plain; edits were checked by the engine. */
const adviceSchema = z.strictObject({
  /** 'off': nobody turned it on. 'failed': asked for, and not all of it came; `reason` says why. */
  state: z.enum(['off', 'done', 'failed']),
  reason: z.string().nullable(),
  models: z.array(z.string()),
  calls: z.int(),
  /** Questions that an earlier answer served. */
  cached: z.int(),
  summary: z.string().nullable(),
  explanations: z.array(z.strictObject({
    fingerprint: z.string(), ruleId: z.string(), severity: severitySchema, path: z.string(), line: z.int(),
    category: z.string(), explanation: z.string(), recommendation: z.string(),
  })),
  /** Fixes for findings that have none of the engine's own; always unsafe. */
  fixes: z.array(z.strictObject({ fingerprint: z.string(), description: z.string(), edits: z.array(z.strictObject({ start: z.int().min(0), end: z.int().min(0), text: z.string() })) })),
  /** Answers that failed a check: they are not kept. */
  dropped: z.strictObject({ texts: z.int(), fixes: z.int() }),
})

const outcomeSchema = z.strictObject({
  files: z.array(fileOutcomeSchema),
  findings: z.array(findingSchema),
  score: scoreSchema,
  notChecked: z.array(z.strictObject({ what: z.string(), reason: z.string(), count: z.int() })),
  summary: z.strictObject({ high: z.int(), medium: z.int(), low: z.int(), info: z.int(), suppressed: z.int() }),
  pullRequest: pullRequestOutcomeSchema,
  /** Paths whose posted text was not the commit's; the code host's text was used. */
  replacedTexts: z.array(z.string()),
  tokensUsed: z.int(),
  costMicroUsd: z.int(),
  /** Absent from analyses of services that had no models. */
  advice: adviceSchema.optional(),
})

/** Answer of POST /v1/analyses (202, or 200 for a repeated submission) and GET /v1/analyses/:id. */
export const analysisSchema = z.strictObject({
  id: z.string(),
  url: z.string(),
  state: analysisStateSchema,
  repository: repositoryNameSchema,
  ref: z.string(),
  commit: commitSchema,
  createdAt: z.string(),
  endedAt: z.string().nullable(),
  outcome: outcomeSchema.nullable(),
  /** Why a `failed` analysis failed: a code of docs/errors.md and its public message. */
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
})

export type Submission = z.infer<typeof submissionSchema>
export type AnalysisState = z.infer<typeof analysisStateSchema>
export type PullRequestOutcome = z.infer<typeof pullRequestOutcomeSchema>
export type Advice = z.infer<typeof adviceSchema>
export type AnalysisOutcome = z.infer<typeof outcomeSchema>
export type AnalysisWire = z.infer<typeof analysisSchema>
