// The fleet report as one issue that is updated in place: it begins with a marker, by which the next run finds it, and stays under
// GitHub's limit. What does not fit is left out from the end of the longest table, and the page says how much.
import type { FleetReport, FleetRow } from './fleet-report.ts'
import { divergenceInWords } from '../drift/fleet-divergence.ts'
import { ruleDocsUrl } from './docs-url.ts'
import { ageInWords, breaksInWords, endInWords, fleetWeekInWords, newestInWords, periodAsHeading, periodInWords, pullRequestInWords, pullRequestLink, pullRequestsInWords, repositoriesInWords, someOf, versionsInWords, weekInWords } from './fleet-words.ts'
import { CATEGORIES } from './fleet-report.ts'
import { escapeMarkdown } from './markdown.ts'
import { counted } from './report.ts'

/** By which an issue is known as this report's. */
export const FLEET_MARKER = '<!-- autodevops:fleet-report -->'
/** What GitHub accepts as an issue's text. */
export const MAX_ISSUE_CHARACTERS = 65_536

const MOST_RULES = 15
const MOST_LINES = 12
const MAX_CELL = 200
/** A level of the heat map; the number stands beside it, so that nothing is said by colour alone. */
const SQUARES = ['⬜', '🟩', '🟨', '🟧', '🟥'] as const
const NOTE_CHARACTERS = 200

export function renderFleetMarkdown(report: FleetReport, most: number = MAX_ISSUE_CHARACTERS): string {
  const { title, today, totals, rows, pullRequests } = report
  const head = [
    FLEET_MARKER, `# ${cell(title)}`, '',
    `**Score ${totals.score ?? 'not known'}** over ${repositoriesInWords(totals.analysed)} of ${totals.repositories}: ${totals.high} high, ${totals.medium} medium, ${totals.low} low, ${totals.info} info.${totals.oldestDriftDays === null ? '' : ` The oldest drift is ${counted(totals.oldestDriftDays, 'day')} old.`} As of ${today}.`,
    '', `## ${periodAsHeading(report)}`, '', fleetWeekInWords(report), ...movedLines(report),
    ...(pullRequests === undefined ? [] : ['', '## Fix pull requests', '', pullRequestsInWords(pullRequests, rows)]),
    ...section('What breaks when', report.calendar.map((end) => `${endInWords(end)}: ${end.subject}, in ${repositoriesInWords(end.repositories.length)} (${someOf(end.repositories)})`)),
    ...section('Pipelines that came apart', report.divergence.pipelines.map((pipeline) => `${pipeline.path}: ${divergenceInWords(pipeline)}; ${newestInWords(pipeline)}`)),
    ...section('Actions at several versions', report.divergence.actions.map((action) => `${action.action}: ${versionsInWords(action)}`)),
    ...rulesTable(report), '', '## Repositories', '',
    `| repository | score | drift age | high / medium / low | ${periodInWords(report)} | ${pullRequests === undefined ? '' : 'open fix | '}breaks in | ${CATEGORIES.join(' | ')} |`, `| --- | ---: | --- | --- | --- |${pullRequests === undefined ? '' : ' --- |'} ---: |${' --- |'.repeat(CATEGORIES.length)}`,
  ]
  let room = most - NOTE_CHARACTERS - lengthOf(head)
  const table = rows.map((row) => rowOf(row, pullRequests === undefined ? '' : `${pullRequestOf(row)} | `))
  let count = 0
  while (count < table.length && (room -= (table[count]?.length ?? 0) + 1) >= 0) count++
  const more = count < rows.length ? ['', `${repositoriesInWords(rows.length - count)} with better scores not shown: an issue holds no more. The HTML and CSV reports have all of them.`] : []
  return `${[...head, ...table.slice(0, count), ...more].join('\n')}\n`
}

/** `pullRequest` is that cell, where the table has it. */
function rowOf({ name, score, counts, breaksInDays, heat, problem, ...row }: FleetRow, pullRequest: string): string {
  const squares = CATEGORIES.map((category) => `${SQUARES[heat[category].level]} ${heat[category].findings}`).join(' | ')
  return `| ${cell(name)}${problem === null ? '' : ` (${cell(problem)})`} | ${score?.total ?? ''} | ${ageInWords({ ...row, score, counts })} | ${score === null ? '' : `${counts.high} / ${counts.medium} / ${counts.low}`} | ${weekInWords({ ...row, score })} | ${pullRequest}${breaksInWords({ breaksInDays })} | ${squares} |`
}

function pullRequestOf(row: FleetRow): string {
  const [text, link] = [pullRequestInWords(row), pullRequestLink(row)]
  return link === null ? text : `[${text}](${link})`
}

function movedLines({ week: { moved } }: FleetReport): string[] {
  return moved.length === 0 ? [] : ['', ...listOf(moved.map(({ name, from, to }) => `${name}: score ${from} to ${to}`))]
}

const section = (title: string, items: readonly string[]): string[] => (items.length === 0 ? [] : ['', `## ${title}`, '', ...listOf(items)])

function listOf(items: readonly string[]): string[] {
  const lines = items.slice(0, MOST_LINES).map((item) => `- ${cell(item, MAX_CELL * 3)}`)
  return items.length > MOST_LINES ? [...lines, `- and ${items.length - MOST_LINES} more`] : lines
}

function rulesTable({ rules }: FleetReport): string[] {
  if (rules.length === 0) return []
  const rows = rules.slice(0, MOST_RULES).map(({ ruleId, category, severity, findings, repositories }) => `| [${cell(ruleId)}](${ruleDocsUrl(encodeURIComponent(ruleId))}) | ${category} | ${severity} | ${findings} | ${repositories} |`)
  return ['', '## Top rules', '', '| rule | category | severity | findings | repositories |', '| --- | --- | --- | ---: | ---: |', ...rows, ...(rules.length > MOST_RULES ? ['', `and ${rules.length - MOST_RULES} more rules`] : [])]
}

const cell = (text: string, most = MAX_CELL): string => escapeMarkdown(text.length > most ? `${text.slice(0, most)} ...` : text).replaceAll('\t', ' ')

const lengthOf = (lines: readonly string[]): number => lines.reduce((sum, { length }) => sum + length + 1, 0)
