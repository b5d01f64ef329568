// `autodevops drift`: what the repository's workflows have moved away from: golden workflows, an earlier commit, the calendar. Writes nothing
// but the accepted state, with --accept.
import * as path from 'node:path'
import type { BaselineChange } from '../analysis/drift/baseline-drift.ts'
import type { GoldenWorkflow } from '../analysis/policy/policy.ts'
import type { AcceptedBaseline, Report } from '../analysis/report/report.ts'
import type { ExitCode } from './exit-code.ts'
import type { ValuesOf } from './options.ts'
import type { Run } from './run-analysis.ts'
import type { Selection } from './selection.ts'
import type { World } from './world.ts'
import { analyse, type SourceFile } from '../analysis/analyse.ts'
import { daysBetween } from '../analysis/data/runtimes.ts'
import { ACCEPTED_STATE_FILE } from '../analysis/drift/accepted-state.ts'
import { changesSince } from '../analysis/drift/baseline-drift.ts'
import { goldenFor } from '../analysis/drift/golden-drift.ts'
import { goldenWorkflow } from '../analysis/policy/golden-section.ts'
import { createPipelineFile } from '../analysis/workflow/pipeline-file.ts'
import { isFolder } from '../worktree/file-system.ts'
import { createSourceReader } from '../worktree/read-source.ts'
import { acceptState, readAccepted } from './accept-state.ts'
import { paletteFor } from './colours.ts'
import { readGitHistory, type GitHistory } from './git-history.ts'
import { isOnline } from './online.ts'
import { DRIFT_OPTIONS } from './options.ts'
import { parseOptions } from './parse-options.ts'
import { isAsked, reportOf, runAnalysis, todayOf } from './run-analysis.ts'
import { createSelection } from './selection.ts'
import { UsageError } from './usage-error.ts'
import { verdictOn } from './verdict.ts'

type DriftValues = ValuesOf<typeof DRIFT_OPTIONS>

export async function drift(world: World, args: readonly string[]): Promise<ExitCode> {
  const { values, given, positionals } = parseOptions(args, DRIFT_OPTIONS)
  const ref = values['baseline-ref']
  if (values.accept) return acceptState(world, positionals, { reason: values.reason, ref, given })
  if (values.reason !== null) throw new UsageError('--reason says why a state is accepted: it goes with --accept')
  const golden = values.golden === null ? null : readGoldenFile(world, values.golden, positionals)
  const selection = createSelection(world, values)
  const runs = await runAnalysis(world, { paths: positionals, options: values, given, isOnline: isOnline(args, values), golden, topics: values.topic })
  if (golden !== null && !runs.some(isCompared)) {
    throw new UsageError(`--golden: no workflow here is to be like '${values.golden}': it would be ${golden.targets.join(' or ')}; name the file to compare another one`)
  }
  const { histories, accepted } = ref === null ? acceptedStates(world, runs) : { histories: new Map(runs.map((run) => [run, historySince(world, run, ref)])), accepted: null }
  const changes = [...histories].flatMap(([run, history]) => changesOf(run, history))
  const baseline = accepted?.length === 0 ? {} : { baseline: { ref, ...(accepted === null ? {} : { accepted }), changes } }
  const report: Report = { ...reportOf(runs, driftOnly(selection, histories)), score: null, ...baseline }
  world.stdout.write(await render(world, report, { values, runs }))
  return verdictOn({ findings: [...report.findings, ...changes], failures: report.failures }, values['fail-on'])
}

/** Files named one by one are compared whatever they are called. */
function readGoldenFile({ cwd, fs }: World, file: string, paths: readonly string[]): GoldenWorkflow {
  const source = createSourceReader(fs, path.resolve(cwd, path.dirname(file)))(path.basename(file))
  if ('error' in source) throw new UsageError(`--golden: '${file}' cannot be read: ${source.error}`)
  const parsed = createPipelineFile(source.path, source.text, 'workflow')
  if (parsed.workflow === null || parsed.workflow.jobs.length === 0) throw new UsageError(`--golden: '${file}' is no workflow: it needs jobs`)
  const golden = goldenWorkflow(file.split(path.sep).join('/'), source.text)
  const isByFile = paths.length > 0 && paths.every((each) => !isFolder(fs, path.resolve(cwd, each)))
  return isByFile ? { ...golden, targets: ['**'] } : golden
}

const historySince = (world: World, { target }: Run, ref: string): GitHistory => readGitHistory(world, target.worktree.root, { ref, option: '--baseline-ref' })

/** Of the repositories that say what was accepted. */
function acceptedStates(world: World, runs: readonly Run[]): { readonly histories: ReadonlyMap<Run, GitHistory>; readonly accepted: readonly AcceptedBaseline[] } {
  const states = runs.flatMap((run) => {
    const { worktree } = run.target
    const state = readAccepted(worktree, world.fs)
    if (state === null) return []
    const file = path.relative(world.cwd, path.join(worktree.root, ACCEPTED_STATE_FILE)).split(path.sep).join('/')
    const wayOut = 'its branch may have been rewritten; accept another state with drift --accept, or name one by --baseline-ref'
    const history = readGitHistory(world, worktree.root, { ref: state.commit, option: file, wayOut })
    return [{ run, history, accepted: { ...state, path: file, ageDays: Math.max(0, daysBetween(state.date, todayOf(world))) } }]
  })
  return { histories: new Map(states.map(({ run, history }) => [run, history])), accepted: states.map(({ accepted }) => accepted) }
}

const isCompared = ({ target, input: { policy } }: Run): boolean => [...target.files.keys()].some((each) => goldenFor(each, policy.golden) !== undefined)

/** Findings of the golden rules, and with a baseline those that were not there. */
function driftOnly(selection: Selection, histories: ReadonlyMap<Run, GitHistory>): Selection {
  const before = new Map([...histories].map(([{ target, input }, { files, paths }]) =>
    [target, new Set(analyse({ ...input, files: [...files, ...policyOf(input.files, input.policy.source)], paths }).findings.map(({ fingerprint }) => fingerprint))]))
  return (target, finding) => {
    const known = before.get(target)
    const isDrift = finding.ruleId.startsWith('golden-') || (known !== undefined && !known.has(finding.fingerprint))
    return isDrift ? selection(target, finding) : 'filtered'
  }
}

/** The old files are judged by today's policy. */
const policyOf = (files: readonly SourceFile[], source: string | null): readonly SourceFile[] => files.filter((file) => file.path === source)

function changesOf(run: Run, history: GitHistory): readonly BaselineChange[] {
  const { target, input } = run
  const parse = (files: readonly SourceFile[]) => new Map(files.flatMap((file) => ('text' in file ? [[file.path, createPipelineFile(file.path, file.text)] as const] : [])))
  const [before, after] = [parse(history.files), parse(input.files.filter((file) => isAsked(run, file.path)))]
  const removed = target.isListed ? [...before.keys()].filter((each) => !after.has(each)) : []
  return [...after.keys(), ...removed].sort().flatMap((each) => changesSince(before.get(each) ?? null, after.get(each) ?? null)).map((change) => ({
    ...change, path: target.files.get(change.path) ?? change.path, origin: history.originOf(change.path, change.start.line),
  }))
}

async function render(world: World, report: Report, { values, runs }: { readonly values: DriftValues; readonly runs: readonly Run[] }): Promise<string> {
  switch (values.format) {
    case 'text': return (await import('../analysis/report/text.ts')).renderText(report, await paletteFor(world, values.color))
    case 'json': return (await import('../analysis/report/json.ts')).renderJson(report)
    case 'markdown': return (await import('../analysis/report/markdown.ts')).renderMarkdown(report)
    case 'ics': {
      const names = runs.map(({ target }) => path.basename(target.worktree.root)).sort().join(', ')
      const { renderIcalendar } = await import('../analysis/report/icalendar.ts')
      return renderIcalendar(report.calendar ?? [], { name: `Pipelines of ${names}`, today: runs[0]?.input.today ?? todayOf(world), scope: names })
    }
  }
}
