// The Action from end to end: read, analyse, submit or repair, report. What goes wrong ends as one sentence with a stable code.
import type { AnalyseInput, AnalyseResult } from '../analysis/analyse.ts'
import { analyseWithManifests } from '../analysis/analyse-with-manifests.ts'
import { NO_FACTS } from '../analysis/fact.ts'
import { withoutBaseline } from '../analysis/policy/baseline.ts'
import { reachesThreshold } from '../analysis/policy/select.ts'
import { onOneLine } from '../analysis/report/plain-text.ts'
import { createReport, type Report } from '../analysis/report/report.ts'
import type { AnalysisWire } from '../contract/analyses.ts'
import { ActionError } from './action-error.ts'
import { collect, type Collected } from './collect.ts'
import type { ControlPlane } from './control-plane-request.ts'
import { describeSubmission, identify, outcomeOf, toFinding } from './control-plane.ts'
import { readInputs, type Inputs } from './inputs.ts'
import { publish, type Result } from './publish.ts'
import { repair, type Analysed, type RepairRun } from './repair.ts'
import { readRunContext, type RunContext } from './run-context.ts'
import { pullPolicy } from './pull-policy.ts'
import { awaitAnalysis, submitAnalysis } from './submit.ts'
import type { World } from './world.ts'

/** Never rejects: a failure is reported through the runner, which ends the step with exit code 1. */
export async function run(world: World): Promise<void> {
  try {
    const inputs = readInputs(world.core)
    const context = readRunContext(world.env, world.payload, world.cwd)
    const plane = inputs.controlPlaneUrl === null ? null : planeOf(world, inputs, inputs.controlPlaneUrl)
    const pulled = plane === null ? null : await pullPolicy(plane, world)
    const collected = collect(inputs, { workspace: context.workspace, repository: context.repository, fs: world.fs, organisation: pulled?.policy ?? null, topics: pulled?.topics ?? null })
    const input = engineInput(world, context, collected)
    const { result, failure } = await resultOf({ world, inputs, context, collected, input }, plane, pulled?.problem ?? null)
    try {
      await publish(world, inputs, context, result)
      if (reachesThreshold(result.report.findings, inputs.failOn)) world.core.setFailed(`there are findings at or above '${inputs.failOn}' (input fail-on)`)
    } finally {
      if (failure !== null) world.core.setFailed(describe(failure))
    }
  } catch (error) {
    world.core.setFailed(describe(error))
  }
}

interface Ended {
  readonly result: Result
  /** What fails the step although there is a result; null when nothing does. */
  readonly failure: unknown
}

async function resultOf(run: RepairRun, plane: ControlPlane | null, policyProblem: string | null): Promise<Ended> {
  const { inputs, collected, input } = run
  if (plane !== null) {
    const result = await remoteResult({ ...run, local: analyseHere(run) }, plane)
    // What the control plane analysed ran under its own copy.
    const remarks = policyProblem === null || result.source === 'control-plane' ? result.remarks : [...result.remarks, policyProblem]
    return { result: { ...result, remarks }, failure: null }
  }
  if (inputs.fixPr === 'never') return { result: localResult(collected, analyseHere(run)), failure: null }
  const { analysed, pullRequest, failure } = await repair(run)
  return { result: { ...repairedResult(collected, analysed ?? { result: analyseHere(run), files: input.files, replacedTexts: [], notChecked: [] }), pullRequest }, failure }
}

const analyseHere = ({ input, collected }: RepairRun): AnalyseResult => analyseWithManifests(input, collected.readManifest).result

function repairedResult(collected: Collected, { result, files, replacedTexts, notChecked }: Analysed): Result {
  const seen = { ...result, notChecked: [...result.notChecked, ...notChecked] }
  return localResult({ ...collected, files }, seen, replacedRemark(replacedTexts))
}

function engineInput(world: World, context: RunContext, collected: Collected): AnalyseInput {
  return {
    files: collected.files,
    paths: collected.truncated ? null : collected.paths,
    ...(context.repository === null ? {} : { repositoryName: context.repository }),
    ...(collected.codeOwners === null ? {} : { codeOwners: collected.codeOwners }),
    ...(context.defaultBranch === null ? {} : { defaultBranch: context.defaultBranch }),
    policy: collected.policy,
    facts: NO_FACTS,
    today: world.now().toISOString().slice(0, 10),
    host: context.host,
  }
}

function localResult(collected: Collected, local: AnalyseResult, remarks: readonly string[] = [], analysis: AnalysisWire | null = null): Result {
  const seen = { ...local, notChecked: [...local.notChecked, ...collected.notChecked] }
  return { ...withBaseline(collected, createReport(seen, local.findings, textsOf(collected))), source: 'local', analysis, pullRequest: null, remarks }
}

interface Run {
  readonly world: World
  readonly inputs: Inputs
  readonly context: RunContext
  readonly collected: Collected
  readonly local: AnalyseResult
}

function planeOf(world: World, inputs: Inputs, url: URL): ControlPlane {
  return {
    url,
    token: () => identify(inputs, url, world.core),
    fetch: world.fetch,
    sleep: world.sleep,
    now: () => world.now().getTime(),
    log: (line) => { world.core.info(onOneLine(line)) },
  }
}

async function remoteResult(run: Run, plane: ControlPlane): Promise<Result> {
  const { world, inputs, context, collected, local } = run
  try {
    const submitted = await submitAnalysis(plane, describeSubmission(inputs, context, collected))
    world.core.info(`analysis: ${onOneLine(submitted.url)}`)
    const analysis = await awaitAnalysis(plane, submitted, inputs.waitSeconds)
    const outcome = outcomeOf(analysis)
    if (outcome === null) return localResult(collected, local, [pending(analysis, inputs.waitSeconds)], analysis)
    const report: Report = { files: outcome.files.map(toFileOutcome), findings: outcome.findings.map(toFinding), notChecked: outcome.notChecked, failures: [], score: outcome.score, texts: textsOf(collected) }
    return { ...withBaseline(collected, report), source: 'control-plane', analysis, pullRequest: outcome.pullRequest, remarks: replacedRemark(outcome.replacedTexts) }
  } catch (error) {
    if (!(error instanceof ActionError) || inputs.onControlPlaneError === 'fail') throw error
    const remark = `${describe(error)}; what follows is this runner's own result`
    world.core.warning(onOneLine(remark))
    return localResult(collected, local, [remark])
  }
}

function withBaseline({ baseline }: Collected, report: Report): { readonly report: Report; readonly known: number } {
  if (baseline === null) return { report, known: 0 }
  const { findings, known } = withoutBaseline(report.findings, baseline)
  return { report: { ...report, findings }, known }
}

function pending(analysis: AnalysisWire, waitSeconds: number): string {
  if (analysis.state === 'superseded') return 'a newer commit took the place of this analysis; what follows is this runner\'s own result'
  return `the control plane is still at work after ${waitSeconds} s (state ${analysis.state}); what follows is this runner's own result`
}

const replacedRemark = (paths: readonly string[]): string[] =>
  paths.length === 0 ? [] : [`the checkout differs from the commit in ${paths.join(', ')}; the commit's text was analysed`]

const toFileOutcome = ({ error, ...outcome }: NonNullable<AnalysisWire['outcome']>['files'][number]): Report['files'][number] =>
  error === undefined ? outcome : { ...outcome, error }

const textsOf = ({ files }: Collected): Map<string, string> => new Map(files.flatMap((file) => ('text' in file ? [[file.path, file.text] as const] : [])))

function describe(error: unknown): string {
  if (error instanceof ActionError) return `${error.code}: ${error.message}`
  return `INTERNAL: the Action failed (${error instanceof Error ? error.message : typeof error}); please report this with the run's log`
}
