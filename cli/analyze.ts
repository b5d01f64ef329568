// `autodevops analyze`: paths in, one report out. Reads only.
import type { Report } from '../analysis/report/report.ts'
import type { ExitCode } from './exit-code.ts'
import type { ValuesOf } from './options.ts'
import type { World } from './world.ts'
import { VERSION } from '../analysis/version.ts'
import { paletteFor } from './colours.ts'
import { isOnline } from './online.ts'
import { ANALYZE_OPTIONS } from './options.ts'
import { parseOptions } from './parse-options.ts'
import { reportOf, runAnalysis } from './run-analysis.ts'
import { verdictOn } from './verdict.ts'

export async function analyze(world: World, args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, ANALYZE_OPTIONS)
  const online = isOnline(args, values)
  const runs = await runAnalysis(world, positionals, { ...values, isOnline: online })
  const report = reportOf(runs, values)
  world.stdout.write(await render(world, report, values))
  if (report.files.length === 0) world.stderr.write('autodevops: no CI files found: no .github/workflows/*.yml, no action.yml, no .github/dependabot.yml\n')
  if (values.format === 'text' && !online && report.notChecked.length > 0) world.stderr.write('--online asks the code host for what was not checked\n')
  return verdictOn(report, values['fail-on'])
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
