// The stored form of a repository: how its default branch stands, and how it came there.
import { z } from 'zod'
import { scoreSchema } from '../../contract/findings.ts'
import { DAY_MS } from '../clock.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantDocument } from '../database/tenant-collections.ts'
import type { ScanState } from '../scans/scan-state.ts'
import type { FleetFacts } from './fleet-facts.ts'

const countsSchema = z.strictObject({ high: z.int(), medium: z.int(), low: z.int(), info: z.int(), suppressed: z.int() })

/** One analysis of the default branch. */
interface HistoryEntry {
  readonly commit: string
  readonly at: Date
  readonly score: number
  readonly findings: number
  /** Since the one before: findings that came, and open ones that went. Absent from what earlier versions wrote. */
  readonly appeared?: number
  readonly fixed?: number
}

export interface RepositoryDocument extends TenantDocument {
  readonly repositoryId: string
  /** owner/name, as it is called now. */
  readonly name: string
  readonly defaultBranch: string | null
  /** As the code host said them, and when it did so last; absent before. */
  readonly topics?: { readonly names: readonly string[]; readonly at: Date }
  /** Null before the first analysis of the default branch. */
  readonly score: z.infer<typeof scoreSchema> | null
  readonly counts: z.infer<typeof countsSchema> | null
  readonly driftSince: Date | null
  /** Of the default branch, newest last. */
  readonly history: readonly HistoryEntry[]
  /** Absent before the first analysis of the default branch, and where an earlier version made that. */
  readonly fleet?: FleetFacts
  /** The analysis that wrote it last; the empty text before the first. */
  readonly analysisId: string
  /** Since when the code host does not give us access; null while it does. */
  readonly removedAt: Date | null
  /** Absent before anybody asked for scans. */
  readonly scan?: ScanState
}

export const REPOSITORIES = 'repositories'
export const repositoriesIndexes: CollectionIndexes = { collection: REPOSITORIES, indexes: [{ key: { tenantId: 1, repositoryId: 1 }, unique: true }, { key: { tenantId: 1, _id: 1 } }] }

export const repositorySchema = z.strictObject({
  id: z.string(), name: z.string(), defaultBranch: z.string().nullable(),
  topics: z.strictObject({ names: z.array(z.string()), at: z.string() }).nullable().describe('As GitHub said them, and when it did so last'),
  score: scoreSchema.nullable(), counts: countsSchema.nullable(),
  /** Whole days since the oldest open finding was first seen; null without one. */
  driftAgeDays: z.int().nullable(),
  analysisId: z.string().nullable(),
  removedAt: z.string().nullable(),
})

export const historySchema = z.array(z.strictObject({ commit: z.string(), at: z.string(), score: z.number(), findings: z.int(), appeared: z.int().optional(), fixed: z.int().optional() }))

export function toRepository({ repositoryId: id, name, defaultBranch, topics, score, counts, driftSince, analysisId, removedAt }: RepositoryDocument, now: Date): z.infer<typeof repositorySchema> {
  return {
    id, name, defaultBranch, topics: topics === undefined ? null : { names: [...topics.names], at: topics.at.toISOString() }, score, counts,
    driftAgeDays: driftSince === null ? null : Math.max(0, Math.floor((now.getTime() - driftSince.getTime()) / DAY_MS)),
    analysisId: analysisId === '' ? null : analysisId,
    removedAt: removedAt?.toISOString() ?? null,
  }
}

export const toHistory = ({ history }: RepositoryDocument): z.infer<typeof historySchema> => history.map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() }))
