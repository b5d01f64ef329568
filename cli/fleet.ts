// `autodevops fleet`: one report about many repositories, each analysed by itself. Reads only. What was before, and how old a finding
// is, a folder does not say: the JSON of an earlier run does, from run to run.
import * as path from 'node:path'
import type { FleetMember, FleetReport } from '../analysis/report/fleet-report.ts'
import type { ExitCode } from './exit-code.ts'
import type { ValuesOf } from './options.ts'
import type { Run } from './run-analysis.ts'
import type { World } from './world.ts'
import { workflowFingerprints } from '../analysis/drift/workflow-fingerprint.ts'
import { countRules } from '../analysis/report/count-rules.ts'
import { fleetReport } from '../analysis/report/fleet-report.ts'
import { compareWithHistory, readFleetHistory, type FleetHistory } from '../analysis/report/fleet-history.ts'
import { paletteFor } from './colours.ts'
import { isOnline } from './online.ts'
import { FLEET_OPTIONS } from './options.ts'
import { parseOptions } from './parse-options.ts'
import { readNamedFile } from './read-named-file.ts'
import { isAsked, reportOf, runAnalysis, todayOf } from './run-analysis.ts'
import { createSelection, type Selection } from './selection.ts'
import { UsageError } from './usage-error.ts'
import { verdictOn } from './verdict.ts'

export async function fleet(world: World, args: readonly string[]): Promise<ExitCode> {
  const { values, given, positionals } = parseOptions(args, FLEET_OPTIONS)
  const selection = createSelection(world, values)
  const history = values.history === null ? null : readHistory(world, values.history)
  const runs = await runAnalysis(world, { paths: positionals, options: values, given, isOnline: isOnline(args, values) })
  const today = runs[0]?.input.today ?? todayOf(world)
  if (history !== null && history.today > today) throw new UsageError(`--history: '${values.history ?? ''}' is of ${history.today}, which is after ${today}`)
  const members = runs.filter(hasPipelines).map((run) => memberOf(world, run, { selection, history }))
  if (members.length === 0) world.stderr.write('autodevops: no repository with CI files found: no .github/workflows/*.yml, no action.yml, no .github/dependabot.yml\n')
  world.stdout.write(await render(world, fleetReport(members, { title: values.title ?? 'Pipelines', today, since: history?.today ?? null }), values))
  return verdictOn(reportOf(runs, selection), values['fail-on'])
}

const hasPipelines = ({ target }: Run): boolean => target.files.size > 0

function memberOf(world: World, run: Run, { selection, history }: { readonly selection: Selection; readonly history: FleetHistory | null }): FleetMember {
  const { target, input, result } = run
  const unreadable = result.files.filter(({ status }) => status === 'unreadable').length
  const name = path.relative(world.cwd, target.worktree.root).split(path.sep).join('/') || path.basename(target.worktree.root)
  const open = result.findings.filter((finding) => isAsked(run, finding.path) && finding.suppressed === undefined && selection(target, finding) === 'shown')
  return {
    name, score: result.score, calendar: result.calendar, rules: countRules(open),
    ...compareWithHistory(history, { name, fingerprints: open.map(({ fingerprint }) => fingerprint), today: input.today }),
    workflows: workflowFingerprints(input.files).map((print) => ({ ...print, changedAt: null })),
    problem: unreadable === 0 ? null : `${unreadable} unreadable`,
  }
}

/** Throws UsageError. */
function readHistory(world: World, file: string): FleetHistory {
  const history = readFleetHistory(readNamedFile(world, { option: '--history', name: file, writtenBy: "'fleet --format json'" }))
  if ('error' in history) throw new UsageError(`--history: '${file}' cannot be used: ${history.error}`)
  return history
}

async function render(world: World, report: FleetReport, { format, color }: ValuesOf<typeof FLEET_OPTIONS>): Promise<string> {
  switch (format) {
    case 'text': return (await import('../analysis/report/fleet-text.ts')).renderFleetText(report, await paletteFor(world, color))
    case 'json': return (await import('../analysis/report/fleet-json.ts')).renderFleetJson(report)
    case 'markdown': return (await import('../analysis/report/fleet-markdown.ts')).renderFleetMarkdown(report)
    case 'csv': return (await import('../analysis/report/fleet-csv.ts')).renderFleetCsv(report)
    case 'html': return (await import('../analysis/report/fleet-html.ts')).renderFleetHtml(report)
  }
}
