// The fix pull request without a control plane: only for runs of the default branch, with the token of the input github-token.
// What is repaired are the commit's own texts, whatever lies in the checkout. Never rejects: a run that cannot have its pull
// request still has its findings.
import type { AnalyseInput, AnalyseResult, NotChecked } from '../analysis/analyse.ts'
import { planFixes } from '../analysis/fixes/plan-fixes.ts'
import { analyseWithFacts } from '../facts/analyse-with-facts.ts'
import type { FactCache } from '../facts/fact-cache.ts'
import { createFactsSource } from '../facts/facts-source.ts'
import { createGithubCodeHost } from '../facts/github-code-host.ts'
import { createGithubClient } from '../pull-request/client.ts'
import { CodeHostError } from '../pull-request/code-host-error.ts'
import { changesWorkflows, toFixPlan } from '../pull-request/fix-plan.ts'
import { syncFixPullRequest } from '../pull-request/fix-pull-request.ts'
import { createMarkedPushes } from '../pull-request/marked-pushes.ts'
import { readCodeOwners, readManifests, readRepository, type RepositoryAtCommit } from '../pull-request/read-repository.ts'
import { readRepositoryFacts, type RepositoryFacts } from '../pull-request/repository-facts.ts'
import type { Collected } from './collect.ts'
import type { Inputs } from './inputs.ts'
import type { Result } from './publish.ts'
import { repairError } from './repair-error.ts'
import type { RunContext } from './run-context.ts'
import type { World } from './world.ts'

/** What the engine says with the code host's answers, about the texts of the commit. */
export interface Analysed {
  readonly result: AnalyseResult
  readonly files: AnalyseInput['files']
  readonly replacedTexts: readonly string[]
  readonly notChecked: readonly NotChecked[]
}

export interface Repair {
  /** Null when the code host was not asked, or could not be. */
  readonly analysed: Analysed | null
  readonly pullRequest: NonNullable<Result['pullRequest']> | null
  /** What fails the step once everything is reported; null when nothing does. */
  readonly failure: unknown
}

export interface RepairRun {
  readonly world: World
  readonly inputs: Inputs
  readonly context: RunContext
  readonly collected: Collected
  /** The engine's input for the checkout. */
  readonly input: AnalyseInput
}

const REQUEST_TIMEOUT_MS = 20_000
/** Runs that look at a branch as it is. Others may carry a foreign commit, and a token all the same. */
const EVENTS = ['push', 'schedule', 'workflow_dispatch', 'repository_dispatch']
/** A runner is thrown away after its job, and every question is asked once. */
const NO_CACHE: FactCache = { get: () => Promise.resolve(null), set: () => Promise.resolve() }

export async function repair(run: RepairRun): Promise<Repair> {
  const { inputs, context } = run
  const reason = reasonAgainst(context)
  if (reason !== null) return { analysed: null, pullRequest: none(reason), failure: null }
  let analysed: Analysed | null = null
  try {
    const client = createClient(run)
    const facts = await readRepositoryFacts(client, context.repository ?? '')
    if (context.ref !== `refs/heads/${facts.defaultBranch}`) return { analysed, pullRequest: none(otherBranch(context.ref, facts.defaultBranch)), failure: null }
    const at = await readAtCommit(run, client, facts)
    const { codeOwners: _checkout, ...given } = run.input
    const codeOwners = await readCodeOwners(client, facts.name, { tree: at.tree, profile: given.policy.profile })
    const asked: AnalyseInput = {
      ...given, ...(codeOwners === null ? {} : { codeOwners }), repositoryName: `${facts.name.owner}/${facts.name.name}`, defaultBranch: facts.defaultBranch, files: at.files, paths: at.paths,
    }
    const { input, result } = await analyseWithFacts(asked, { ask: askCodeHost(run), read: (paths) => readManifests(client, facts.name, { tree: at.tree, paths }) })
    analysed = { result, files: at.files, replacedTexts: at.replacedTexts, notChecked: at.notChecked }
    return { analysed, pullRequest: await sync(run, { client, facts, at, input }), failure: null }
  } catch (error) {
    return { analysed, pullRequest: null, failure: repairError(error, inputs) }
  }
}

const none = (reason: string): NonNullable<Result['pullRequest']> => ({ state: 'none', url: null, reason })

/** Why this run opens no pull request, as far as that can be told without asking; null when it may. */
function reasonAgainst({ event, ref, defaultBranch, repository }: RunContext): string | null {
  if (repository === null) return 'only a workflow run opens one'
  if (!EVENTS.includes(event)) return `this is a run of ${event === '' ? 'an unknown event' : event}; only runs of push, schedule and dispatch on the default branch open one`
  return defaultBranch === null || ref === `refs/heads/${defaultBranch}` ? null : otherBranch(ref, defaultBranch)
}

const otherBranch = (ref: string, defaultBranch: string): string => `this is a run on ${ref}; only runs on the default branch ${defaultBranch} open one`

type Client = ReturnType<typeof createGithubClient>

function createClient({ world, inputs, context }: RepairRun): Client {
  // Without a token every call would be anonymous, and end in a refusal that names another reason.
  if (inputs.githubToken === '') throw new CodeHostError('GITHUB_TOKEN_REJECTED')
  const settings = { apiUrl: context.apiUrl, userAgent: `autodevops/${world.version}`, requestTimeoutMs: REQUEST_TIMEOUT_MS, pace: world.paceCodeHost, fetch: world.fetch }
  return createGithubClient(settings, { token: inputs.githubToken, paceId: 'action' })
}

function readAtCommit({ collected, context: { commit } }: RepairRun, client: Client, { name }: RepositoryFacts): Promise<RepositoryAtCommit> {
  const texts = collected.files.flatMap((file) => ('text' in file ? [{ path: file.path, text: file.text }] : []))
  // A checkout of something else says nothing about this commit.
  return readRepository(client, { repository: name, commit, posted: collected.head === commit ? texts : [] })
}

function askCodeHost({ world, inputs, context }: RepairRun) {
  const codeHost = createGithubCodeHost({ apiUrl: context.apiUrl, token: inputs.githubToken, fetch: world.fetch, clock: world.now, sleep: world.sleep })
  const source = createFactsSource({ codeHost, cache: NO_CACHE, clock: world.now, scope: 'tenant:run' })
  return (wanted: AnalyseResult['wanted']) => source.answer(wanted)
}

interface Work {
  readonly client: Client
  readonly facts: RepositoryFacts
  readonly at: RepositoryAtCommit
  readonly input: AnalyseInput
}

async function sync({ inputs, context, collected }: RepairRun, { client, facts, at, input }: Work): Promise<NonNullable<Result['pullRequest']>> {
  const { defaultBranch, name: repository, lacksWorkflowScope } = facts
  const { commit } = context
  const known = collected.baseline?.fingerprints ?? new Set<string>()
  // Only what is reported is repaired.
  const planned = planFixes({ input, safety: inputs.fixPr === 'all' ? 'unsafe' : 'safe', accepts: ({ suppressed, fingerprint }) => suppressed === undefined && !known.has(fingerprint) })
  const plan = toFixPlan(planned, { entries: at.tree.entries, defaultBranch, commit, correlationId: null, analysisUrl: context.runUrl ?? '' })
  if (lacksWorkflowScope && changesWorkflows(plan)) throw new CodeHostError('WORKFLOWS_PERMISSION_MISSING')
  const pushes = createMarkedPushes({ client, repository, plan })
  return syncFixPullRequest({ client, pushes, mayOpen: () => Promise.resolve(null) }, { repository, defaultBranch, commit, entries: at.tree.entries, plan })
}
