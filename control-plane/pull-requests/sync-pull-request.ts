// The fix pull request's part of an analysis: which fixes are wanted, whether the organisation's budget has room, and what became of
// it, in the record and in the audit log.
import type { AnalyseInput } from '../../analysis/analyse.ts'
import { rankOf, SEVERITIES, type Fix } from '../../analysis/finding.ts'
import { planFixes, type FixPlan as EnginePlan } from '../../analysis/fixes/plan-fixes.ts'
import type { PullRequestBudget } from '../../analysis/policy/policy.ts'
import type { PullRequestOutcome } from '../../contract/analyses.ts'
import type { GithubClient } from '../../pull-request/client.ts'
import { changesWorkflows, toFixPlan } from '../../pull-request/fix-plan.ts'
import { syncFixPullRequest, type Pushes } from '../../pull-request/fix-pull-request.ts'
import type { RepositoryAtCommit } from '../../pull-request/read-repository.ts'
import type { RepositoryFacts } from '../../pull-request/repository-facts.ts'
import { SCAN_ACTOR, WEBHOOK_ACTOR } from '../analyses/analyses-service.ts'
import type { AnalysesStore } from '../analyses/analyses-store.ts'
import type { AnalysisDocument } from '../analyses/analysis-document.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import { ERRORS, hasCode } from '../errors.ts'
import { fromCodeHostError } from '../from-code-host-error.ts'
import type { Metrics } from '../operations/metrics.ts'
import type { FixPullRequestDocument, FixPullRequestsStore, Repair, Repairs } from './fix-pull-requests-store.ts'
import { pullRequestEnd } from './pull-request-end.ts'

export interface PullRequestWork {
  readonly client: GithubClient
  readonly facts: RepositoryFacts
  readonly at: RepositoryAtCommit
  readonly input: AnalyseInput
  readonly analysis: Pick<AnalysisDocument, '_id' | 'tenantId' | 'repositoryId' | 'repository' | 'ref' | 'commit' | 'actor' | 'correlationId' | 'options'>
  readonly pushes: Pushes
  /** A model's fixes and words, checked. */
  readonly given: ReadonlyMap<string, Fix>
  readonly summary: string | null
}

export type SyncPullRequest = (work: PullRequestWork) => Promise<PullRequestOutcome>

interface Parts {
  readonly store: FixPullRequestsStore
  readonly analyses: Pick<AnalysesStore, 'for'>
  readonly audit: AuditStore
  readonly clock: Clock
  readonly publicUrl: string
  /** Whether comments reach the service. */
  readonly takesCommands: boolean
  readonly metrics: Pick<Metrics, 'fixPullRequests'>
}

/** Paths that are kept of one pull request. */
const MOST_PATHS = 100
const NO_PULL_REQUEST: PullRequestOutcome = { state: 'none', number: null, url: null, reason: null }

/** Throws what ends the attempt; what the code host does not let us do ends in the outcome. */
export function createSyncPullRequest(parts: Parts): SyncPullRequest {
  return async (work) => {
    const { facts, analysis: { ref, repositoryId, tenantId } } = work
    if (ref !== `refs/heads/${facts.defaultBranch}`) {
      return work.analysis.options.fixPr === 'never' ? NO_PULL_REQUEST : { ...NO_PULL_REQUEST, reason: `only analyses of ${facts.defaultBranch} open pull requests` }
    }
    const record = await parts.store.for(tenantId).get(repositoryId)
    const fixes = wishOf(work, record)
    if (fixes === 'never') return NO_PULL_REQUEST
    const planned = planFixes({ input: work.input, safety: fixes === 'all' ? 'unsafe' : 'safe', accepts: ({ suppressed }) => suppressed === undefined, given: work.given })
    const outcome = await sync(parts, { ...work, planned, record, repair: { repositoryId, repository: work.analysis.repository, severity: gravest(planned), fixes, repairs: repairsOf(planned) } })
    parts.metrics.fixPullRequests.inc({ state: outcome.state })
    return outcome
  }
}

/** What a run asks for it gets. Where nobody asked, the policy decides, and what is open already is kept in step. */
function wishOf({ analysis: { actor, options }, input: { policy } }: PullRequestWork, record: FixPullRequestDocument | null): PullRequestBudget['proposes'] {
  if (options.fixPr !== 'never' || (actor !== WEBHOOK_ACTOR && actor !== SCAN_ACTOR)) return options.fixPr
  return record?.state === 'open' ? record.fixes : policy.pullRequests.proposes
}

const gravest = ({ applied }: EnginePlan): Repair['severity'] =>
  SEVERITIES[Math.max(0, ...applied.map(({ finding }) => rankOf(finding.severity)))] ?? 'info'

const repairsOf = ({ applied, files }: EnginePlan): Repairs => ({ findings: applied.length, files: files.length, paths: files.slice(0, MOST_PATHS).map(({ path }) => path) })

interface Planned extends PullRequestWork {
  readonly planned: EnginePlan
  readonly record: FixPullRequestDocument | null
  readonly repair: Repair
}

async function sync(parts: Parts, work: Planned): Promise<PullRequestOutcome> {
  const { client, facts, at, analysis, pushes, planned, summary } = work
  const { _id: id, commit, correlationId } = analysis
  const { defaultBranch } = facts
  const plan = toFixPlan(planned, { entries: at.tree.entries, defaultBranch, commit, correlationId, analysisUrl: `${parts.publicUrl}/v1/analyses/${id}`, modelSummary: summary, takesCommands: parts.takesCommands })
  if (facts.lacksWorkflowScope && changesWorkflows(plan)) return refused(ERRORS.WORKFLOWS_PERMISSION_MISSING.message)
  const own = parts.store.for(analysis.tenantId)
  const request = { repository: facts.name, defaultBranch, commit, entries: at.tree.entries, plan, rebases: analysis.options.rebaseFor !== undefined }
  const outcome = await syncFixPullRequest({ client, pushes, mayOpen: () => hindranceOf(parts, work) }, request).catch(refusalOutcome)
  await settle(own, work, outcome)
  if (outcome.number !== null) await tellOpening(parts, analysis, outcome)
  await tell(parts, analysis, outcome)
  return outcome
}

/** Why it may not be opened now, with what ends that; null when it may: then it has its place. */
async function hindranceOf({ store, clock }: Parts, { analysis, record, repair, input: { policy } }: Planned): Promise<string | null> {
  const own = store.for(analysis.tenantId)
  const { maxOpen, maxPerDay } = policy.pullRequests
  const snoozed = record?.snoozedUntil ?? null
  if (snoozed !== null && snoozed > clock()) return `it is snoozed until ${snoozed.toISOString().slice(0, 10)}`
  if (analysis.actor === SCAN_ACTOR && analysis.options.fixPr === 'never') {
    await own.wait(repair)
    return 'the gravest are opened first, when the scan has seen the others'
  }
  switch (await own.claim(repair, { maxOpen, maxPerDay })) {
    case 'granted': return null
    case 'max-open': return `${maxOpen} fix pull requests may be open in the organisation at once (pull-requests.max-open in the policy); this one waits until another is merged or closed`
    case 'max-per-day': return `${maxPerDay} fix pull requests may be opened in the organisation on one day (pull-requests.max-per-day in the policy); this one waits for tomorrow`
  }
}

async function settle(own: ReturnType<FixPullRequestsStore['for']>, { client, repair }: Planned, { state, number, url, reason }: PullRequestOutcome): Promise<void> {
  if (state === 'waiting' || (state === 'none' && reason !== null)) return
  if (number !== null && state !== 'closed' && state !== 'declined') return own.open(repair, { number, url })
  const stored = await own.get(repair.repositoryId)
  // A place that was taken for what was not opened in the end.
  if (stored?.state === 'opening') await own.abandon(repair.repositoryId)
  else if (stored !== null && state !== 'refused') {
    // Nothing is left to repair where it was merged, and also where a person repaired it by hand.
    const ended = state === 'none' && stored.state === 'open' ? await pullRequestEnd(client, stored) : null
    await own.close(repair.repositoryId, ended ?? 'closed')
  }
}

/** What the code host does not let us do ends the pull request's part only; everything else ends the attempt. */
function refusalOutcome(error: unknown): PullRequestOutcome {
  const known = fromCodeHostError(error)
  if (!hasCode(known, 'WORKFLOWS_PERMISSION_MISSING', 'BRANCH_PROTECTED', 'PULL_REQUEST_REFUSED', 'GITHUB_FORBIDDEN', 'DEFAULT_BRANCH_MISSING')) throw known
  return refused(known.message)
}

const refused = (reason: string): PullRequestOutcome => ({ ...NO_PULL_REQUEST, state: 'refused', reason })

/** By whoever sees it stand: the attempt that opened it may have died with GitHub's answer, and never run again. */
async function tellOpening({ store, audit }: Parts, { tenantId, actor, repository, repositoryId, correlationId, _id }: Planned['analysis'], { number, url, reason }: PullRequestOutcome): Promise<void> {
  const own = store.for(tenantId)
  const openingId = (await own.get(repositoryId))?.openingId
  if (openingId === undefined) return
  await audit.for(tenantId).appendOnce(openingId, { actor, action: 'pull-request.opened', subject: repository, details: { analysisId: _id, number, url, reason }, correlationId })
  await own.told(repositoryId)
}

/** Once for each analysis: an earlier attempt may have told, and died after that. */
async function tell({ analyses, audit }: Parts, { tenantId, actor, repository, correlationId, _id }: Planned['analysis'], { state, number, url, reason }: PullRequestOutcome): Promise<void> {
  if (state === 'none' || state === 'unchanged' || state === 'waiting' || state === 'opened') return
  const entryId = await analyses.for(tenantId).entryId(_id, state)
  if (entryId !== null) await audit.for(tenantId).appendOnce(entryId, { actor, action: `pull-request.${state}`, subject: repository, details: { analysisId: _id, number, url, reason }, correlationId })
}
