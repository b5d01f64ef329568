// The fleet report as one page that needs nothing else: no network, no script, light and dark. Colours only repeat what a number says.
import type { FleetReport, FleetRow } from './fleet-report.ts'
import { divergenceInWords } from '../drift/fleet-divergence.ts'
import { ruleDocsUrl } from './docs-url.ts'
import { CATEGORIES } from './fleet-report.ts'
import { ageInWords, breaksInWords, endInWords, fleetWeekInWords, newestInWords, periodAsHeading, periodInWords, pullRequestInWords, pullRequestLink, pullRequestsInWords, repositoriesInWords, someOf, versionsInWords, weekInWords } from './fleet-words.ts'
import { onOneLine } from './plain-text.ts'
import { counted } from './report.ts'

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5a6675;--line:#d7dde5;--paper:#fff;--card:#f5f7fa;--l0:transparent;--l1:#cdeed8;--l2:#f6e7a6;--l3:#f8cfa0;--l4:#f3b3ae;--link:#0b57b8}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#9aa7b6;--line:#333d4a;--paper:#12161c;--card:#1b2129;--l1:#1f4a30;--l2:#544a15;--l3:#64401a;--l4:#6e2a28;--link:#7fb4ff}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1360px;margin:0 auto;padding:32px 20px 64px}h1{margin:0;font-size:26px}h2{margin:40px 0 10px;font-size:18px}p{margin:4px 0}.soft{color:var(--soft)}a{color:var(--link)}
.cards{display:flex;flex-wrap:wrap;gap:12px;margin:20px 0 0;padding:0;list-style:none}.cards li{flex:1 1 150px;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 16px}
.cards b{display:block;font-size:26px;line-height:1.2;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:6px 8px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
thead th{position:sticky;top:0;background:var(--paper);font-size:13px;color:var(--soft);white-space:nowrap}tbody th{font-weight:600;overflow-wrap:anywhere;min-width:150px}td{white-space:nowrap}td.n,th.n{text-align:right}
td.heat{text-align:center;border-left:2px solid var(--paper)}.l1{background:var(--l1)}.l2{background:var(--l2)}.l3{background:var(--l3)}.l4{background:var(--l4)}
.legend{display:flex;flex-wrap:wrap;gap:8px;margin:8px 0;font-size:13px;color:var(--soft)}.legend span{padding:1px 8px;border-radius:4px;border:1px solid var(--line);color:var(--ink)}
ul.plain{margin:0;padding-left:20px}ul.plain li{margin:3px 0;overflow-wrap:anywhere}
@media print{thead th{position:static}body{font-size:12px}}`

/** The table below has all of them. */
const MOST_MOVED = 12

/** A whole document; ends with a line break. */
export function renderFleetHtml(report: FleetReport): string {
  const { title, today, rows, rules, pullRequests, calendar, divergence } = report
  // What nobody knows of any repository is no column: a folder of checkouts has no past.
  const knowsWeek = rows.some(({ week }) => week !== null)
  const columns = columnsOf(report).filter(({ needs }) => needs === undefined || rows.some(needs))
  const body = [
    `<header><h1>${safe(title)}</h1><p class="soft">As of ${safe(today)}</p></header>`,
    cards(report),
    !knowsWeek ? '' : `<section><h2>${safe(periodAsHeading(report))}</h2><p>${safe(fleetWeekInWords(report))}</p>${list(movedIn(report))}</section>`,
    pullRequests === undefined ? '' : `<section><h2>Fix pull requests</h2><p>${safe(pullRequestsInWords(pullRequests, rows))}</p></section>`,
    section('What breaks when', calendar.map((end) => `<b>${safe(endInWords(end))}</b>: ${safe(end.subject)}, in ${repositoriesInWords(end.repositories.length)} <span class="soft">(${safe(someOf(end.repositories))})</span>`)),
    `<section><h2>Repositories</h2>${LEGEND}<div class="wide"><table><thead><tr>${columns.map(({ heading }) => heading).join('')}</tr></thead><tbody>\n${rows.map((row) => `<tr>${columns.map(({ cellOf }) => cellOf(row)).join('')}</tr>`).join('\n')}\n</tbody></table></div></section>`,
    rules.length === 0 ? '' : `<section><h2>Top rules</h2><div class="wide"><table><thead><tr><th scope="col">rule</th><th scope="col">category</th><th scope="col">severity</th><th scope="col" class="n">findings</th><th scope="col" class="n">repositories</th></tr></thead><tbody>\n${rules.map(ruleRow).join('\n')}\n</tbody></table></div></section>`,
    section('Pipelines that came apart', divergence.pipelines.map((pipeline) => `<b>${safe(pipeline.path)}</b>: ${safe(divergenceInWords(pipeline))}; ${safe(newestInWords(pipeline))}`)),
    section('Actions at several versions', divergence.actions.map((action) => `<b>${safe(action.action)}</b>: ${safe(versionsInWords(action))}`)),
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${safe(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body.filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`
}

function movedIn({ week: { moved } }: FleetReport): readonly string[] {
  const lines = moved.slice(0, MOST_MOVED).map(({ name, from, to }) => safe(`${name}: score ${from} to ${to}`))
  return moved.length > MOST_MOVED ? [...lines, `and ${moved.length - MOST_MOVED} more`] : lines
}

interface Column {
  readonly heading: string
  readonly cellOf: (row: FleetRow) => string
  /** Shown where it holds for a row. */
  readonly needs?: (row: FleetRow) => boolean
}

/** Empty for what was not analysed. */
const number = (name: string, valueOf: (row: FleetRow) => number | undefined): Column =>
  ({ heading: `<th scope="col" class="n">${name}</th>`, cellOf: (row) => `<td class="n">${row.score === null ? '' : (valueOf(row) ?? '')}</td>` })

const words = (name: string, textOf: (row: FleetRow) => string, needs: (row: FleetRow) => boolean): Column =>
  ({ heading: `<th scope="col">${name}</th>`, cellOf: (row) => `<td>${safe(textOf(row))}</td>`, needs })

const columnsOf = (report: FleetReport): readonly Column[] => [
  { heading: '<th scope="col">repository</th>', cellOf: ({ name, problem }) => `<th scope="row">${safe(name)}${problem === null ? '' : `<br><span class="soft">${safe(problem)}</span>`}</th>` },
  number('score', ({ score }) => score?.total),
  words('drift age', ageInWords, ({ driftAgeDays }) => driftAgeDays !== null),
  number('high', ({ counts }) => counts.high),
  number('medium', ({ counts }) => counts.medium),
  number('low', ({ counts }) => counts.low),
  words(safe(periodInWords(report)), weekInWords, ({ week }) => week !== null),
  { heading: '<th scope="col">open fix</th>', cellOf: pullRequestCell, needs: ({ pullRequest }) => Boolean(pullRequest) },
  words('breaks in', breaksInWords, ({ breaksInDays }) => breaksInDays !== null),
  ...CATEGORIES.map((category): Column => ({ heading: `<th scope="col">${category}</th>`, cellOf: ({ heat }) => heatCell(category, heat[category]) })),
]

function pullRequestCell(row: FleetRow): string {
  const [text, link] = [safe(pullRequestInWords(row)), pullRequestLink(row)]
  return `<td>${link === null ? text : `<a href="${safe(link)}">${text}</a>`}</td>`
}

function heatCell(category: string, { findings, score, level }: FleetRow['heat']['security']): string {
  const text = score === null ? 'not analysed' : `${category}: ${counted(findings, 'finding')}, score ${score}`
  return `<td class="heat l${level}" title="${text}">${score === null ? '' : findings}</td>`
}

const LEGEND = `<p class="legend">findings by category, coloured by its score: <span>none</span><span class="l1">90 to 100</span><span class="l2">70 to 89</span><span class="l3">40 to 69</span><span class="l4">below 40</span></p>`

function cards({ totals }: FleetReport): string {
  const list: readonly (readonly [string | number, string])[] = [
    [totals.score ?? 'not known', 'mean score of 100'],
    [totals.analysed, totals.analysed === totals.repositories ? 'repositories' : `of ${repositoriesInWords(totals.repositories)} analysed`],
    [totals.high, 'high findings'], [totals.medium, 'medium findings'], [totals.low, 'low findings'],
    ...(totals.oldestDriftDays === null ? [] : [[totals.oldestDriftDays, 'days old, the oldest drift'] as const]),
  ]
  return `<ul class="cards">${list.map(([value, label]) => `<li><b>${value}</b>${safe(label)}</li>`).join('')}</ul>`
}

const ruleRow = ({ ruleId, category, severity, findings, repositories }: FleetReport['rules'][number]): string =>
  `<tr><th scope="row"><a href="${safe(ruleDocsUrl(encodeURIComponent(ruleId)))}">${safe(ruleId)}</a></th><td>${safe(category)}</td><td>${safe(severity)}</td><td class="n">${findings}</td><td class="n">${repositories}</td></tr>`

const section = (title: string, items: readonly string[]): string => (items.length === 0 ? '' : `<section><h2>${safe(title)}</h2>${list(items)}</section>`)

/** Items are HTML already. */
const list = (items: readonly string[]): string => (items.length === 0 ? '' : `<ul class="plain">${items.map((item) => `<li>${item}</li>`).join('')}</ul>`)

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const safe = (text: string): string => onOneLine(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
