// The fleet report for people at a terminal: sums, then the worst repositories, what breaks when, and what came apart.
import type { FleetReport } from './fleet-report.ts'
import type { Palette } from './text.ts'
import { divergenceInWords } from '../drift/fleet-divergence.ts'
import { ageInWords, endInWords, fleetWeekInWords, newestInWords, periodAsHeading, periodInWords, repositoriesInWords, someOf, versionsInWords, weekInWords } from './fleet-words.ts'
import { onOneLine } from './plain-text.ts'

const MOST_REPOSITORIES = 20
const MOST_LINES = 10

/** Ends with a line break. */
export function renderFleetText(report: FleetReport, palette: Palette): string {
  const { totals, rows, rules, calendar, divergence } = report
  const list = (title: string, items: readonly string[], most = MOST_LINES): string[] => (items.length === 0 ? [] : [
    '', palette.bold(title), ...items.slice(0, most).map((item) => `  ${onOneLine(item)}`), ...(items.length > most ? [`  and ${items.length - most} more`] : []),
  ])
  const counts = `${palette.red(`${totals.high} high`)}, ${palette.yellow(`${totals.medium} medium`)}, ${palette.blue(`${totals.low} low`)}, ${totals.info} info`
  return `${[
    `${palette.bold(onOneLine(report.title))}: score ${totals.score ?? 'not known'}, ${totals.analysed} of ${repositoriesInWords(totals.repositories)} analysed, ${counts}`,
    ...list('Repositories, lowest score first', rows.map((row) => `${String(row.score?.total ?? '-').padStart(3)}  ${row.name}  ${row.counts.high} high, ${row.counts.medium} medium, ${row.counts.low} low${row.driftAgeDays === null ? '' : `; drift age ${ageInWords(row)}`}${row.week === null ? '' : `; ${periodInWords(report)} ${weekInWords(row)}`}${row.problem === null ? '' : `; ${row.problem}`}`), MOST_REPOSITORIES),
    ...list(periodAsHeading(report), report.week.unknown === rows.length ? [] : [fleetWeekInWords(report)]),
    ...list('What breaks when', calendar.map((end) => `${endInWords(end)}: ${end.subject}, in ${repositoriesInWords(end.repositories.length)} (${someOf(end.repositories)})`)),
    ...list('Pipelines that came apart', divergence.pipelines.map((pipeline) => `${pipeline.path}: ${divergenceInWords(pipeline)}; ${newestInWords(pipeline)}`)),
    ...list('Actions at several versions', divergence.actions.map((action) => `${action.action}: ${versionsInWords(action)}`)),
    ...list('Top rules', rules.map(({ ruleId, severity, findings, repositories }) => `${ruleId} (${severity}): ${findings} in ${repositoriesInWords(repositories)}`)),
  ].join('\n')}\n`
}
