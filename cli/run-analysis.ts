// Paths to analysed repositories: reads the files, runs the engine, and with --online answers what it asked for and runs it again.
import type { AnalyseInput, AnalyseResult, NotChecked } from '../analysis/analyse.ts'
import type { Finding } from '../analysis/finding.ts'
import type { Report } from '../analysis/report/report.ts'
import type { AnalysisOptions } from './options.ts'
import type { Progress } from './progress.ts'
import type { Target } from './targets.ts'
import type { World } from './world.ts'
import { analyse } from '../analysis/analyse.ts'
import { NO_FACTS } from '../analysis/fact.ts'
import { CONFIDENCES, isAtLeast } from '../analysis/finding.ts'
import { DEFAULT_POLICY } from '../analysis/policy/policy.ts'
import { analyseWithFacts } from '../facts/analyse-with-facts.ts'
import { readNeighbours } from '../worktree/read-neighbours.ts'
import { createProgress } from './progress.ts'
import { findTargets } from './targets.ts'

/** One repository with what the engine said about it. */
export interface Run {
  readonly target: Target
  readonly input: AnalyseInput
  readonly result: AnalyseResult
}

/** Throws UsageError for a path that does not exist. */
export async function runAnalysis(world: World, paths: readonly string[], options: AnalysisOptions & { readonly isOnline: boolean }): Promise<readonly Run[]> {
  const progress = createProgress(world)
  const ask = options.isOnline ? (await import('./ask-code-host.ts')).createAskCodeHost(world, progress) : null
  const runs: Run[] = []
  try {
    for (const target of findTargets(world, paths.length === 0 ? ['.'] : paths)) {
      const input = inputOf(target, { options, today: options['as-of'] ?? dateOf(world.now()), progress })
      runs.push({ target, ...(ask === null ? { input, result: analyse(input) } : await analyseWithFacts(input, ask)) })
    }
  } finally {
    progress.end()
  }
  return runs
}

/** The filters of --min-severity and --min-confidence. */
export function isShown({ severity, confidence }: Pick<Finding, 'severity' | 'confidence'>, options: AnalysisOptions): boolean {
  return isAtLeast(severity, options['min-severity']) && CONFIDENCES.indexOf(confidence) >= CONFIDENCES.indexOf(options['min-confidence'])
}

/** All repositories in one report, with paths as the person sees them. */
export function reportOf(runs: readonly Run[], options: AnalysisOptions): Report {
  const texts = new Map<string, string>()
  const report: { -readonly [K in keyof Report]: Report[K] extends readonly (infer E)[] ? E[] : Report[K] } =
    { files: [], findings: [], notChecked: [], failures: [], score: runs.length === 1 ? (runs[0]?.result.score ?? null) : null, texts }
  for (const { target, input, result } of runs) {
    const show = (path: string): string => target.files.get(path) ?? path
    const isAsked = ({ path }: { readonly path: string }): boolean => target.files.has(path)
    for (const source of input.files) if ('text' in source) texts.set(show(source.path), source.text)
    for (const file of result.files.filter(isAsked)) report.files.push({ ...file, path: show(file.path) })
    for (const finding of result.findings) {
      if (isAsked(finding) && isShown(finding, options)) report.findings.push({ ...finding, path: show(finding.path) })
    }
    for (const failure of result.failures) report.failures.push({ ...failure, path: show(failure.path) })
    report.notChecked.push(...result.notChecked, ...unlisted(target))
  }
  const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
  if (runs.length > 1) {
    report.files.sort(byPath)
    report.findings.sort(byPath)
  }
  return { ...report, notChecked: merged(report.notChecked) }
}

function inputOf({ worktree, files }: Target, run: { options: AnalysisOptions; today: string; progress: Progress }): AnalyseInput {
  const { options, today, progress } = run
  const paths = [...files.keys()]
  const read = paths.map((path, index) => {
    progress.update(`reading ${index + 1} of ${paths.length}`)
    return worktree.read(path)
  })
  // The lock file is read along: it says which actions are pinned, and is not reported on unless it was asked for.
  if (worktree.lockPath !== null && !files.has(worktree.lockPath)) read.push(worktree.read(worktree.lockPath))
  return {
    files: read,
    neighbours: readNeighbours(worktree, read),
    paths: worktree.incomplete === null ? worktree.paths : null,
    policy: { ...DEFAULT_POLICY, profile: options.profile, honourSuppressions: !options['no-ignores'] },
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
const dateOf = (date: Date): string => date.toISOString().slice(0, 10)
