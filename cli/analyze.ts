// `autodevops analyze`: paths in, one report out. Reads only.
import type { Finding } from '../analysis/finding.ts'
import type { Report } from '../analysis/report/report.ts'
import type { ExitCode } from './exit-code.ts'
import type { ValuesOf } from './options.ts'
import type { World } from './world.ts'
import { formatBaseline } from '../analysis/policy/baseline.ts'
import { VERSION } from '../analysis/version.ts'
import { paletteFor } from './colours.ts'
import { isOnline } from './online.ts'
import { ANALYZE_OPTIONS } from './options.ts'
import { parseOptions } from './parse-options.ts'
import { isAsked, reportOf, runAnalysis, type Run } from './run-analysis.ts'
import { createSelection, type Selection } from './selection.ts'
import { UsageError } from './usage-error.ts'
import { verdictOn } from './verdict.ts'
import { writeOutput } from './write-output.ts'

export async function analyze(world: World, args: readonly string[]): Promise<ExitCode> {
  const { values, given, positionals } = parseOptions(args, ANALYZE_OPTIONS)
  const target = values['write-baseline']
  if (target !== null && values['changed-since'] !== null) throw new UsageError('--write-baseline and --changed-since exclude each other: a baseline is about the whole')
  const online = isOnline(args, values)
  const selection = createSelection(world, target === null ? values : { ...values, baseline: null })
  const runs = await runAnalysis(world, { paths: positionals, options: values, given, isOnline: online, topics: values.topic })
  const accepted = target === null ? null : acceptedBy(runs, selection)
  if (target !== null && accepted !== null) {
    const failure = writeOutput(world, target, formatBaseline(accepted))
    if (failure !== null) {
      world.stderr.write(`autodevops: not written: ${target}: ${failure}\n`)
      return 3
    }
  }
  const report = reportOf(runs, accepted === null ? selection : withAccepted(selection, accepted))
  world.stdout.write(await render(world, report, values))
  if (report.files.length === 0) world.stderr.write('autodevops: no CI files found: no .github/workflows/*.yml, no action.yml, no .github/dependabot.yml\n')
  if (values.format === 'text' && !online && report.notChecked.length > 0) world.stderr.write('--online asks the code host for what was not checked\n')
  return verdictOn(report, values['fail-on'])
}

/** What a baseline takes in: everything that this run would report. */
function acceptedBy(runs: readonly Run[], selection: Selection): readonly Finding[] {
  return runs.flatMap((run) => run.result.findings.filter((finding) => isAsked(run, finding.path) && selection(run.target, finding) === 'shown'))
}

function withAccepted(selection: Selection, accepted: readonly Finding[]): Selection {
  const known = new Set(accepted.flatMap(({ suppressed, fingerprint }) => (suppressed === undefined ? [fingerprint] : [])))
  return (target, finding) => (known.has(finding.fingerprint) ? 'in the baseline' : selection(target, finding))
}

async function render(world: World, report: Report, { format, color }: ValuesOf<typeof ANALYZE_OPTIONS>): Promise<string> {
  switch (format) {
    case 'text': return (await import('../analysis/report/text.ts')).renderText(report, await paletteFor(world, color))
    case 'json': return (await import('../analysis/report/json.ts')).renderJson(report)
    case 'sarif': return (await import('../analysis/report/sarif.ts')).renderSarif(report, VERSION)
    case 'github': return (await import('../analysis/report/github.ts')).renderGithub(report)
    case 'markdown': return (await import('../analysis/report/markdown.ts')).renderMarkdown(report)
  }
}
