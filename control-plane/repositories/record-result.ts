// What an analysis of the default branch leaves behind: the repository's score and history, and the state of each finding.
// Safe to run again with the same analysis; an older analysis that ends later changes nothing.
import type { AnalysisOutcome } from '../../contract/analyses.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import { compareFindings, type AnalysedRepository } from '../findings/compare-findings.ts'
import type { FindingsStore } from '../findings/findings-store.ts'
import { dateWorkflows, type FleetFacts } from './fleet-facts.ts'
import type { RepositoriesStore } from './repositories-store.ts'

export interface DefaultBranchResult extends AnalysedRepository {
  readonly defaultBranch: string
  /** Null where the code host does not say them. */
  readonly topics: readonly string[] | null
  readonly correlationId: string
  readonly outcome: Pick<AnalysisOutcome, 'findings' | 'score' | 'summary'>
  readonly fleet: FleetFacts
}

export type RecordResult = (result: DefaultBranchResult) => Promise<void>

interface Parts {
  readonly repositories: RepositoriesStore
  readonly findings: FindingsStore
  readonly audit: AuditStore
}

export function createRecordResult({ repositories, findings, audit }: Parts): RecordResult {
  return async (result) => {
    const { tenantId, repositoryId, repository: name, commit, analysisId, at, defaultBranch, topics, correlationId, outcome, fleet } = result
    const [own, ownRepositories] = [findings.for(tenantId), repositories.for(tenantId)]
    const { suppressed, ...open } = outcome.summary
    const changes = compareFindings(await own.ofRepository(repositoryId), outcome.findings, result)
    const before = await ownRepositories.get(repositoryId)
    await ownRepositories.ensure({ repositoryId, name })
    if (topics !== null) await ownRepositories.setTopics(repositoryId, topics)
    const isNewest = await ownRepositories.record(repositoryId, {
      defaultBranch, score: outcome.score, counts: { ...open, suppressed }, driftSince: changes.driftSince, analysisId, fleet: dateWorkflows(fleet, before?.fleet, at),
      entry: { commit, at, score: outcome.score.total, findings: open.high + open.medium + open.low + open.info, appeared: changes.appeared, fixed: changes.repaired },
    })
    if (!isNewest) return
    await own.insert(changes.inserted)
    for (const change of changes.changed) await own.change(change, analysisId)
    await own.fix(changes.fixed, analysisId)
    for (const id of changes.reopened) {
      await audit.for(tenantId).append({ actor: 'service', action: 'finding.reopened', subject: id, details: { repository: name, why: 'the dismissal has run out' }, correlationId })
    }
  }
}
