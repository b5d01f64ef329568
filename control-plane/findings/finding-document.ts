// The stored form of a finding of a repository's default branch: where it stands, since when, and what was decided about it.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { findingSchema, type FindingWire } from '../../contract/findings.ts'
import type { CollectionIndexes } from '../database/indexes.ts'
import type { TenantDocument } from '../database/tenant-collections.ts'

/** `suppressed`: by the repository itself, in the file or its policy file. `dismissed`: by the organisation, over the API. */
export const FINDING_STATES = ['open', 'suppressed', 'dismissed', 'fixed'] as const
export type FindingState = (typeof FINDING_STATES)[number]

/** A commit at the time of its analysis. */
interface Sighting {
  readonly commit: string
  readonly at: Date
}

export interface Dismissal {
  readonly by: string
  readonly reason: string
  /** YYYY-MM-DD, the last day on which it holds; null for ever. Anything else counts as run out. */
  readonly until: string | null
  readonly at: Date
}

type Seen = Pick<FindingWire, 'ruleId' | 'message' | 'severity' | 'confidence' | 'path' | 'fingerprint'>

export interface FindingDocument extends TenantDocument, Seen {
  readonly repositoryId: string
  readonly repository: string
  readonly line: number
  readonly state: FindingState
  readonly firstSeen: Sighting
  /** The analysis that wrote it last: an older one that ends later changes nothing. */
  readonly analysisId: string
  readonly fixedAt: Date | null
  readonly dismissal: Dismissal | null
}

export const FINDINGS = 'findings'

export const findingsIndexes: CollectionIndexes = {
  collection: FINDINGS,
  indexes: [{ key: { tenantId: 1, repositoryId: 1, fingerprint: 1 }, unique: true }, { key: { tenantId: 1, _id: 1 } }],
}

/** Part of an address, and the same for the same finding whichever process writes it first. */
export const findingIdOf = (tenantId: string, repositoryId: string, fingerprint: string): string =>
  createHash('sha256').update(JSON.stringify([tenantId, repositoryId, fingerprint])).digest('hex').slice(0, 32)

export const storedFindingSchema = z.strictObject({
  id: z.string(), repositoryId: z.string(), repository: z.string(),
  ...findingSchema.pick({ ruleId: true, message: true, severity: true, confidence: true, path: true, fingerprint: true }).shape,
  line: z.int(),
  state: z.enum(FINDING_STATES),
  firstSeen: z.strictObject({ commit: z.string(), at: z.string() }),
  fixedAt: z.string().nullable(),
  dismissal: z.strictObject({ by: z.string(), reason: z.string(), until: z.string().nullable(), at: z.string() }).nullable(),
})

export type StoredFindingWire = z.infer<typeof storedFindingSchema>

export function toStoredFinding({ _id: id, tenantId: _tenant, analysisId: _analysis, firstSeen, fixedAt, dismissal, ...rest }: FindingDocument): StoredFindingWire {
  return {
    id, ...rest, firstSeen: { ...firstSeen, at: firstSeen.at.toISOString() }, fixedAt: fixedAt?.toISOString() ?? null,
    dismissal: dismissal === null ? null : { ...dismissal, at: dismissal.at.toISOString() },
  }
}
