// Paths to analysed repositories: reads the files, runs the engine, and with --online answers what it asked for and runs it again.
import type { AnalyseInput, AnalyseResult, NotChecked, SourceFile } from '../analysis/analyse.ts'
import type { CalendarEntry } from '../analysis/drift/calendar.ts'
import type { Report } from '../analysis/report/report.ts'
import type { AnalysisOptions } from './options.ts'
import type { GoldenWorkflow } from '../analysis/policy/policy.ts'
import type { Progress } from './progress.ts'
import type { Selection } from './selection.ts'
import type { TargetPolicy } from './read-policy.ts'
import type { Target } from './targets.ts'
import type { World } from './world.ts'
import { analyseWithManifests } from '../analysis/analyse-with-manifests.ts'
import { mergeCalendars } from '../analysis/drift/calendar.ts'
import { NO_FACTS } from '../analysis/fact.ts'
import { analyseWithFacts, type Answering } from '../facts/analyse-with-facts.ts'
import { readNeighbours } from '../worktree/read-neighbours.ts'
import { createProgress } from './progress.ts'
import { readPolicy } from './read-policy.ts'
import { findTargets } from './targets.ts'

/** One repository with what the engine said about it. */
export interface Run {
  readonly target: Target
  readonly input: AnalyseInput
  readonly result: AnalyseResult
  /** What was left out before the engine ran. */
  readonly notChecked: readonly NotChecked[]
}

export interface Request {
  readonly paths: readonly string[]
  readonly options: AnalysisOptions
  /** Names of the options that were given. */
  readonly given: ReadonlySet<string>
  readonly isOnline: boolean
  /** A golden workflow besides those of the policy. */
  readonly golden?: GoldenWorkflow | null
  /** Of the repository; null where nobody said them. */
  readonly topics?: readonly string[] | null
}

/** Throws UsageError for a path or a policy file that does not exist. */
export async function runAnalysis(world: World, { paths, options, given, isOnline, golden = null, topics = null }: Request): Promise<readonly Run[]> {
  const progress = createProgress(world)
  const ask = isOnline ? (await import('./ask-code-host.ts')).createAskCodeHost(world, progress) : null
  const runs: Run[] = []
  try {
    for (const target of findTargets(world, paths.length === 0 ? ['.'] : paths)) {
      const policy = readPolicy(world, target, { options, given, golden, topics })
      const input = inputOf(target, { policy, options, today: options['as-of'] ?? todayOf(world), repositoryName: world.env.GITHUB_REPOSITORY, progress })
      runs.push({ target, notChecked: policy.notChecked, ...(await analyseWith(input, (path) => target.worktree.read(path), ask)) })
    }
  } finally {
    progress.end()
  }
  return runs
}

async function analyseWith(input: AnalyseInput, read: (path: string) => SourceFile, ask: Answering['ask'] | null): Promise<Pick<Run, 'input' | 'result'>> {
  return ask === null ? analyseWithManifests(input, read) : analyseWithFacts(input, { ask, read: (paths) => Promise.resolve(paths.map(read)) })
}

/** What a person asked about: the named files, and the policy and lock files, which decide how they are judged. */
export const isAsked = ({ target, input }: Pick<Run, 'target' | 'input'>, path: string): boolean => target.files.has(path) || path === input.policy.source || path === target.worktree.lockPath

/** All repositories in one report, with paths as the person sees them. */
export function reportOf(runs: readonly Run[], selection: Selection): Report {
  const hidden = new Map<string, number>()
  const texts = new Map<string, string>()
  const calendar: CalendarEntry[] = []
  const report: { -readonly [K in keyof Report]: Report[K] extends readonly (infer E)[] ? E[] : Report[K] } =
    { files: [], findings: [], notChecked: [], failures: [], score: runs.length === 1 ? (runs[0]?.result.score ?? null) : null, texts, notShown: [] }
  for (const { target, input, result, notChecked } of runs) {
    const isMeant = ({ path }: { readonly path: string }): boolean => isAsked({ target, input }, path)
    // The lock is listed for what is found in it, and not for being read along.
    const isListed = (path: string): boolean => isMeant({ path }) && (path !== target.worktree.lockPath || target.files.has(path) || result.findings.some((finding) => finding.path === path))
    const show = (path: string): string => target.files.get(path) ?? path
    for (const source of input.files) if ('text' in source) texts.set(show(source.path), source.text)
    for (const file of result.files.filter((file) => isListed(file.path))) report.files.push({ ...file, path: show(file.path) })
    for (const finding of result.findings) {
      if (!isMeant(finding)) continue
      const verdict = selection(target, finding)
      if (verdict === 'shown') report.findings.push({ ...finding, path: show(finding.path) })
      else if (verdict !== 'filtered') hidden.set(verdict, (hidden.get(verdict) ?? 0) + 1)
    }
    for (const entry of result.calendar) {
      const places = entry.places.filter(isMeant).map((place) => ({ ...place, path: show(place.path) }))
      if (places.length > 0) calendar.push({ ...entry, places })
    }
    for (const failure of result.failures) report.failures.push({ ...failure, path: show(failure.path) })
    report.notChecked.push(...result.notChecked, ...notChecked, ...unlisted(target))
  }
  const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
  if (runs.length > 1) {
    report.files.sort(byPath)
    report.findings.sort(byPath)
  }
  return { ...report, calendar: mergeCalendars(calendar), notChecked: merged(report.notChecked), notShown: [...hidden].map(([reason, count]) => ({ reason, count })) }
}

function inputOf({ worktree, files }: Target, run: { policy: TargetPolicy; options: AnalysisOptions; today: string; repositoryName: string | undefined; progress: Progress }): AnalyseInput {
  const { policy: { policy, file: policyFile }, options, today, repositoryName, progress } = run
  const paths = [...files.keys()]
  const read = paths.map((path, index) => {
    progress.update(`reading ${index + 1} of ${paths.length}`)
    return path === policyFile?.path ? policyFile : worktree.read(path)
  })
  const defaultBranch = worktree.defaultBranch()
  const codeOwners = worktree.codeOwners()
  if (policyFile !== null && !files.has(policyFile.path)) read.push(policyFile)
  // The lock file is read along: it says which actions are pinned, and is not reported on unless it was asked for.
  if (worktree.lockPath !== null && !files.has(worktree.lockPath)) read.push(worktree.read(worktree.lockPath))
  return {
    files: read,
    neighbours: readNeighbours(worktree, read),
    paths: worktree.incomplete === null ? worktree.paths : null,
    ...(repositoryName ? { repositoryName } : {}),
    ...(defaultBranch === null ? {} : { defaultBranch }),
    ...(codeOwners === null ? {} : { codeOwners }),
    policy,
    facts: NO_FACTS,
    today,
    host: options.host === 'ghes' ? { kind: 'ghes', version: null } : { kind: 'github.com' },
  }
}

function unlisted({ worktree, isListed }: Target): NotChecked[] {
  const { incomplete, source, sparsePaths } = worktree
  return [
    ...(isListed && source === 'walk' && incomplete !== null ? [{ what: 'files that were not found', reason: incomplete, count: 1 }] : []),
    ...(sparsePaths.length > 0 ? [{ what: 'CI files', reason: 'a sparse checkout leaves them out', count: sparsePaths.length }] : []),
  ]
}

function merged(list: readonly NotChecked[]): NotChecked[] {
  const groups = new Map<string, NotChecked>()
  for (const entry of list) {
    const key = `${entry.what}\n${entry.reason}`
    groups.set(key, { ...entry, count: (groups.get(key)?.count ?? 0) + entry.count })
  }
  return [...groups.values()].sort((a, b) => b.count - a.count)
}

/** YYYY-MM-DD in UTC, as the service counts days. */
export const todayOf = ({ now }: Pick<World, 'now'>): string => now().toISOString().slice(0, 10)
