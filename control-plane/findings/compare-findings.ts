// What the newest analysis changes in the stored findings of its repository. Pure: the caller writes it.
import type { FindingWire } from '../../contract/findings.ts'
import type { InsertDocument } from '../database/tenant-collections.ts'
import { findingIdOf, type FindingDocument, type FindingState } from './finding-document.ts'
import type { FindingChange } from './findings-store.ts'

export interface AnalysedRepository {
  readonly tenantId: string
  readonly repositoryId: string
  readonly repository: string
  readonly commit: string
  readonly analysisId: string
  readonly at: Date
}

export interface FindingChanges {
  readonly inserted: readonly InsertDocument<FindingDocument>[]
  readonly changed: readonly FindingChange[]
  /** Ids of those that are gone. */
  readonly fixed: readonly string[]
  /** Of those whose dismissal has run out. */
  readonly reopened: readonly string[]
  /** When the oldest finding that is open now was first seen. */
  readonly driftSince: Date | null
  /** How many are open that were not, and how many were open and are gone. */
  readonly appeared: number
  readonly repaired: number
}

export function compareFindings(stored: readonly FindingDocument[], found: readonly FindingWire[], subject: AnalysedRepository): FindingChanges {
  const before = new Map(stored.map((finding) => [finding.fingerprint, finding]))
  const now = new Map(found.map((finding) => [finding.fingerprint, finding]))
  const inserted = [...now.values()].filter(({ fingerprint }) => !before.has(fingerprint)).map((finding) => newFinding(finding, subject))
  const kept = [...now.values()].flatMap((finding) => {
    const known = before.get(finding.fingerprint)
    return known === undefined ? [] : [{ known, set: changeOf(known, finding, subject) }]
  })
  const open = [
    ...inserted.filter(({ state }) => state === 'open').map(({ firstSeen }) => firstSeen.at),
    ...kept.filter(({ known, set }) => (set.state ?? known.state) === 'open').map(({ known }) => known.firstSeen.at),
  ]
  const newlyOpen = inserted.filter(({ state }) => state === 'open').length + kept.filter(({ known, set }) => known.state !== 'open' && set.state === 'open').length
  const gone = stored.filter(({ fingerprint, state }) => state !== 'fixed' && !now.has(fingerprint))
  return {
    inserted,
    changed: kept.filter(({ set }) => Object.keys(set).length > 0).map(({ known, set }) => ({ id: known._id, set })),
    fixed: gone.map(({ _id }) => _id),
    reopened: kept.filter(({ known, set }) => known.state === 'dismissed' && set.state === 'open').map(({ known }) => known._id),
    driftSince: open.length === 0 ? null : new Date(Math.min(...open.map((at) => at.getTime()))),
    appeared: newlyOpen,
    repaired: gone.filter(({ state }) => state === 'open').length,
  }
}

const stateOf = ({ suppressed }: FindingWire): FindingState =>
  suppressed === undefined ? 'open' : suppressed.kind === 'dismissed' ? 'dismissed' : 'suppressed'

function newFinding(finding: FindingWire, { tenantId, repositoryId, repository, commit, analysisId, at }: AnalysedRepository): InsertDocument<FindingDocument> {
  const { ruleId, message, severity, confidence, path, fingerprint, start } = finding
  return {
    _id: findingIdOf(tenantId, repositoryId, fingerprint), repositoryId, repository, ruleId, message, severity, confidence, path, fingerprint,
    line: start.line, state: stateOf(finding), firstSeen: { commit, at }, analysisId, fixedAt: null, dismissal: null,
  }
}

/** Only what differs: most findings of most analyses are as they were. */
function changeOf(known: FindingDocument, finding: FindingWire, { repository }: AnalysedRepository): FindingChange['set'] {
  const state = stateOf(finding)
  const next = {
    state, repository, line: finding.start.line, message: finding.message, severity: finding.severity,
    fixedAt: null, dismissal: state === 'dismissed' ? known.dismissal : null,
  }
  return Object.fromEntries(Object.entries(next).filter(([name, value]) => known[name as keyof typeof next] !== value))
}
