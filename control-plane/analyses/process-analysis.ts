// One attempt at one analysis: reads the repository at its commit, runs the engine until it has the facts that
// it asks for, and keeps the fix pull request in step. Writes only to the code host, the audit log and the record of pushes; the end of
// the analysis is the worker's one write. Safe to run again from the start at any point.
import type { AnalyseInput, AnalyseResult, Host } from '../../analysis/analyse.ts'
import type { FactRequest, Facts } from '../../analysis/fact.ts'
import { NO_FACTS } from '../../analysis/fact.ts'
import { renderMarkdown } from '../../analysis/report/markdown.ts'
import { countsInWords, createReport, summarise, type Report } from '../../analysis/report/report.ts'
import type { AnalysisOutcome } from '../../contract/analyses.ts'
import { analyseWithFacts } from '../../facts/analyse-with-facts.ts'
import { answerCommit } from '../../pull-request/commit-answer.ts'
import type { GithubClient } from '../../pull-request/client.ts'
import type { Pushes } from '../../pull-request/fix-pull-request.ts'
import { readCodeOwners, readManifests, readRepository } from '../../pull-request/read-repository.ts'
import type { RepositoryFacts } from '../../pull-request/repository-facts.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { fromCodeHostError } from '../from-code-host-error.ts'
import type { ConnectTenant } from '../github/tenant-client.ts'
import type { Logger } from '../logging.ts'
import type { SyncPullRequest } from '../pull-requests/sync-pull-request.ts'
import type { RepositoriesModule } from '../repositories/assemble-repositories.ts'
import { confirmRepository } from '../repositories/confirm-repository.ts'
import { fleetFactsOf } from '../repositories/fleet-facts.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import { inSpan, type Tracing } from '../tracing/tracing.ts'
import type { Advisor } from '../ai/advisor.ts'
import type { AnalysesStore, Attempt, StoredAnalysis } from './analyses-store.ts'
import type { AnalysisDocument } from './analysis-document.ts'
import { WEBHOOK_ACTOR } from './analyses-service.ts'
import { outcomeOf } from './analysis-outcome.ts'
import { effectivePolicy } from './effective-policy.ts'

export interface AnalysisResult {
  readonly outcome: AnalysisOutcome
  readonly timingsMs: Record<string, number>
}

export interface RunContext {
  readonly attempt: Attempt
  readonly signal: AbortSignal
  readonly logger: Logger
}

export interface ProcessParts {
  readonly store: AnalysesStore
  readonly tenants: Pick<TenantsStore, 'get'>
  readonly connect: ConnectTenant
  readonly audit: AuditStore
  readonly clock: Clock
  readonly host: Host
  readonly publicUrl: string
  readonly repositories: Pick<RepositoriesModule, 'recordResult' | 'dismissalsOf' | 'policies'>
  readonly advisor: Pick<Advisor, 'advise'>
  readonly syncPullRequest: SyncPullRequest
  readonly tracing: Pick<Tracing, 'begin'>
  /** Answers what rules asked for, as this tenant; never fails. */
  readonly answerFacts: (wanted: readonly FactRequest[], as: { readonly tenantId: string; readonly token: string; readonly signal: AbortSignal }) => Promise<Facts>
}

type AskFacts = (wanted: readonly FactRequest[]) => Promise<Facts>

export type ProcessAnalysis = (analysis: AnalysisDocument, run: RunContext) => Promise<AnalysisResult>

export function createProcessAnalysis(parts: ProcessParts): ProcessAnalysis {
  return async (analysis, run) => {
    const { tenantId } = analysis
    const time = createTimer(parts, run)
    const { client, facts, at, notChecked, input, result } = await examineCommit(parts, analysis, { signal: run.signal, time })
    await recordReplaced(parts, analysis, at.replacedTexts)
    run.signal.throwIfAborted()
    const { actor, repositoryId, correlationId, _id: subject } = analysis
    const advised = await time('advice', () => parts.advisor.advise({ input, result, context: { tenantId, actor, repositoryId, subject, correlationId, knownOnly: analysis.options.isRecheck === true, signal: run.signal } }, run.logger))
    const pullRequest = await time('pullRequest', () => parts.syncPullRequest({ client, facts, at, input, analysis, pushes: pushesOf(parts, analysis, run), given: advised.fixes, summary: advised.advice.summary }))
    const outcome = outcomeOf({ result, replacedTexts: at.replacedTexts, notChecked: [...at.notChecked, ...notChecked], pullRequest, advised })
    if (analysis.actor === WEBHOOK_ACTOR) await time('answer', () => answerWebhook(parts, { client, facts, analysis, run, report: createReport(result, result.findings, new Map()) }))
    await time('record', () => recordOutcome(parts, { analysis, facts, outcome, input, result }))
    return { outcome, timingsMs: time.totals }
  }
}

/** What an analysis would ask of models, read anew from the code host. Sends nothing to a model and writes nothing. */
export function createAiPreview(parts: PreviewParts): (analysis: StoredAnalysis) => Promise<ReturnType<Advisor['preview']>> {
  return async (analysis) => {
    const { signal } = new AbortController()
    return parts.advisor.preview(await examineCommit(parts, { ...analysis, files: null }, { signal, time: (_step, work) => work() }))
  }
}

type PreviewParts = ExamineParts & { readonly advisor: Pick<Advisor, 'preview'> }
type ExamineParts = Pick<ProcessParts, 'tenants' | 'connect' | 'clock' | 'host' | 'answerFacts'> & {
  readonly repositories: Pick<RepositoriesModule, 'dismissalsOf' | 'policies'>
}

interface Examining {
  readonly signal: AbortSignal
  readonly time: <T>(step: string, work: () => Promise<T>) => Promise<T>
}

async function examineCommit(parts: ExamineParts, analysis: AnalysisDocument, { signal, time }: Examining) {
  const { tenantId } = analysis
  const { client, token } = await parts.connect(tenantId, signal)
  const facts = await time('repository', () => confirmRepository(client, analysis, { tenantId, tenants: parts.tenants }))
  const at = await time('read', () => readRepository(client, { repository: facts.name, commit: analysis.commit, posted: analysis.files ?? [] }).catch(commitError(analysis)))
  const ask: AskFacts = (wanted) => parts.answerFacts(wanted, { tenantId, token: token.reveal(), signal })
  const { policy, notChecked } = effectivePolicy({
    at, repository: analysis.repository, topics: facts.topics, profile: analysis.options.profile,
    organisation: await parts.repositories.policies.current(tenantId),
    dismissals: await parts.repositories.dismissalsOf(tenantId, analysis.repositoryId),
  })
  const codeOwners = await time('owners', () => readCodeOwners(client, facts.name, { tree: at.tree, profile: policy.profile }))
  const asked: AnalyseInput = {
    files: at.files, paths: at.paths, ...(codeOwners === null ? {} : { codeOwners }), host: parts.host, facts: NO_FACTS, policy,
    today: parts.clock().toISOString().slice(0, 10), repositoryName: analysis.repository, defaultBranch: facts.defaultBranch,
  }
  const read = (paths: readonly string[]) => readManifests(client, facts.name, { tree: at.tree, paths })
  return { client, facts, at, notChecked, ...(await time('analyse', () => analyseWithFacts(asked, { ask, read }))) }
}

const commitError = ({ commit }: AnalysisDocument) => (error: unknown): never => {
  const known = fromCodeHostError(error)
  throw known instanceof AppError && known.code === 'REPOSITORY_NOT_FOUND' ? new AppError('COMMIT_NOT_FOUND', { detail: commit, cause: error }) : known
}

async function recordReplaced({ audit }: ProcessParts, { _id, tenantId, actor, commit, correlationId }: AnalysisDocument, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return
  await audit.for(tenantId).append({ actor, action: 'text.replaced', subject: _id, details: { commit, paths }, correlationId })
}

interface Answering {
  readonly client: GithubClient
  readonly facts: RepositoryFacts
  readonly analysis: AnalysisDocument
  readonly run: RunContext
  readonly report: Report
}

const PULL_REQUEST_HEAD = /^refs\/pull\/(\d+)\/head$/
/** GitHub takes 65,535 bytes of a check run's summary, 65,536 characters of a comment. */
const MOST_ANSWER_BYTES = 60_000

/** Nobody waits for an analysis that a webhook asked for: it answers where the commit is shown. */
async function answerWebhook({ publicUrl }: ProcessParts, { client, facts, analysis, run, report }: Answering): Promise<void> {
  const summary = summarise(report)
  const pull = PULL_REQUEST_HEAD.exec(analysis.ref)?.[1]
  const open = summary.high + summary.medium + summary.low + summary.info
  const written = await answerCommit(client, {
    repository: facts.name, commit: analysis.commit, pullNumber: pull === undefined ? null : Number(pull), title: countsInWords(summary),
    text: renderMarkdown(report, MOST_ANSWER_BYTES), conclusion: open === 0 ? 'success' : 'neutral', detailsUrl: `${publicUrl}/v1/analyses/${analysis._id}`,
  })
  run.logger.info({ written }, 'the commit is answered')
}

interface Recording {
  readonly analysis: AnalysisDocument
  readonly facts: RepositoryFacts
  readonly outcome: AnalysisOutcome
  readonly input: AnalyseInput
  readonly result: AnalyseResult
}

/** The organisation's view is that of default branches. */
async function recordOutcome({ repositories, clock }: ProcessParts, { analysis, facts, outcome, input, result }: Recording): Promise<void> {
  const { _id: analysisId, tenantId, repositoryId, ref, commit, correlationId } = analysis
  const { defaultBranch, name, topics } = facts
  if (ref !== `refs/heads/${defaultBranch}`) return
  await repositories.recordResult({ tenantId, repositoryId, repository: `${name.owner}/${name.name}`, commit, analysisId, at: clock(), defaultBranch, topics, correlationId, outcome, fleet: fleetFactsOf(input, result) })
}

/** The memory of what this analysis and others of the repository pushed; a lost lease stops the push. */
function pushesOf({ store }: ProcessParts, { tenantId, repositoryId, pushes: earlier }: AnalysisDocument, { signal, attempt }: RunContext): Pushes {
  const own = store.for(tenantId)
  const done = new Map(earlier.map((push) => [push.to, push]))
  return {
    record: async (push, open) => {
      signal.throwIfAborted()
      const recorded = { ...push, opens: open === null }
      if (!(await own.recordPush(attempt, recorded))) throw new AppError('LEASE_LOST')
      done.set(push.to, recorded)
    },
    find: (commits) => own.findPushes(repositoryId, commits),
    doneBy: (commit) => {
      const push = done.get(commit)
      return push === undefined ? null : push.opens ? 'opened' : 'updated'
    },
  }
}

/** Measures steps, makes each a span, and stops between them when the attempt is over. */
function createTimer({ tracing }: Pick<ProcessParts, 'tracing'>, { signal }: RunContext) {
  const totals: Record<string, number> = {}
  const time = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted()
    const start = performance.now()
    try {
      return await inSpan(tracing, { name: `analysis ${step}`, kind: 'internal' }, work)
    } finally {
      totals[step] = Math.round(performance.now() - start)
    }
  }
  return Object.assign(time, { totals })
}
