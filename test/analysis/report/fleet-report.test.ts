// The fleet report as a value and in each format, from members made by hand.
import { describe, expect, it } from 'vitest'
import { renderFleetCsv } from '../../../analysis/report/fleet-csv.ts'
import { renderFleetHtml } from '../../../analysis/report/fleet-html.ts'
import { renderFleetJson } from '../../../analysis/report/fleet-json.ts'
import { FLEET_MARKER, MAX_ISSUE_CHARACTERS, renderFleetMarkdown } from '../../../analysis/report/fleet-markdown.ts'
import { fleetReport, type FleetMember } from '../../../analysis/report/fleet-report.ts'

const HOSTILE = '<img src=x onerror=alert(1)>"\'&|`@mona'

const member = (name: string, changes: Partial<FleetMember> = {}): FleetMember => ({
  name, score: { total: 80, security: 60, reliability: 95, dependencies: 100, performance: 100, maintainability: 30 }, driftAgeDays: 12,
  rules: [{ ruleId: 'unpinned-action', severity: 'high', count: 3 }, { ruleId: 'missing-timeout', severity: 'low', count: 1 }],
  week: { appeared: 2, fixed: 1, scoreBefore: 70 },
  calendar: [{ subject: "the image 'ubuntu-22.04'", date: '2027-04-17', days: 141, brownouts: ['2027-03-23'], source: 'a changelog', places: [{ path: '.github/workflows/ci.yml', line: 7 }] }],
  workflows: [], problem: null, ...changes,
})

const AT = { title: 'acme', today: '2026-11-27' }
const FLEET = fleetReport([
  member('acme/web'), member('acme/api', { score: { total: 40, security: 20, reliability: 60, dependencies: 60, performance: 60, maintainability: 60 }, week: { appeared: 0, fixed: 0, scoreBefore: 55 } }),
  member('acme/new', { score: null, driftAgeDays: null, rules: [], week: null, calendar: [], problem: 'not analysed yet' }),
], AT)

describe('the fleet report', () => {
  it('has the worst repository first, sums, top rules, the week, and each end once', () => {
    expect(FLEET.rows.map(({ name }) => name)).toEqual(['acme/api', 'acme/web', 'acme/new'])
    expect(FLEET.totals).toEqual({ repositories: 3, analysed: 2, score: 60, oldestDriftDays: 12, high: 6, medium: 0, low: 2, info: 0 })
    expect(FLEET.rules).toEqual([
      { ruleId: 'unpinned-action', category: 'security', severity: 'high', findings: 6, repositories: 2 },
      { ruleId: 'missing-timeout', category: 'reliability', severity: 'low', findings: 2, repositories: 2 },
    ])
    expect(FLEET.week).toEqual({ appeared: 2, fixed: 1, unknown: 1, moved: [{ name: 'acme/api', from: 55, to: 40 }, { name: 'acme/web', from: 70, to: 80 }] })
    expect(FLEET.calendar).toMatchObject([{ date: '2027-04-17', days: 141, places: 2, repositories: ['acme/api', 'acme/web'] }])
    expect(FLEET.rows[1]?.heat.security).toEqual({ findings: 3, score: 60, level: 3 })
    expect(fleetReport([...[member('b'), member('a')]].reverse(), AT)).toEqual(fleetReport([member('b'), member('a')], AT))
  })

  it('is one JSON document, and a line a repository as CSV that no spreadsheet takes for a formula', () => {
    expect(JSON.parse(renderFleetJson(FLEET))).toMatchObject({ schemaVersion: 1, title: 'acme', repositories: [{ name: 'acme/api' }, { name: 'acme/web' }, { name: 'acme/new' }] })
    const lines = renderFleetCsv(fleetReport([member('=cmd|x,"y"')], AT)).split('\r\n')
    expect(lines).toHaveLength(3)
    expect(lines[1]).toMatch(/^"'=cmd\|x,""y""",80,60,95,100,100,30,12,3,0,1,0,/)
  })

  it('as an issue begins with its marker, escapes names, and stays under the limit with 2,000 repositories', () => {
    const text = renderFleetMarkdown(FLEET)
    expect(text.startsWith(FLEET_MARKER)).toBe(true)
    expect(text).toContain('breaks in 141 days, on 2027-04-17')
    expect(renderFleetMarkdown(fleetReport([member(HOSTILE)], AT))).not.toMatch(/<img|[^\\]\|`/)
    const many = renderFleetMarkdown(fleetReport(Array.from({ length: 2_000 }, (_, n) => member(`acme/service-${n}`)), AT))
    expect(many.length).toBeLessThanOrEqual(MAX_ISSUE_CHARACTERS)
    expect(many).toMatch(/\n\d+ repositories with better scores not shown: /)
  })

  it('as a page asks for nothing from anywhere, runs nothing, and shows names as text', () => {
    const page = renderFleetHtml(fleetReport([member(HOSTILE)], { ...AT, title: HOSTILE }))
    expect(page).toContain('<title>&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;|`@mona</title>')
    expect(page).not.toMatch(/<img|<script|<link|@import|url\(|\son\w+=(?!alert)/)
    expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'")
    expect([...page.matchAll(/href="([^"]*)"/g)].every(([, address]) => address?.startsWith('https://github.com/'))).toBe(true)
    expect(page).toContain('title="security: 3 findings, score 60">3</td>')
  })

  it('as a page names the greatest changes of the week and counts the others, which the table has', () => {
    const page = renderFleetHtml(fleetReport(Array.from({ length: 20 }, (_, n) => member(`acme/service-${n}`)), AT))
    expect(page.match(/: score 70 to 80<\/li>/g)).toHaveLength(12)
    expect(page).toContain('<li>and 8 more</li>')
  })

  it('tells in every format which fix pull requests are open, and how much of their budget is used', () => {
    const pullRequests = { maxOpen: 20, open: 2, maxPerDay: 5, openedToday: 1, waiting: 3 }
    const report = fleetReport([
      member('acme/web', { pullRequest: { number: 4, url: 'https://github.test/acme/web/pull/4' } }), member('acme/api', { pullRequest: { number: 5, url: null } }),
      member('acme/odd', { pullRequest: { number: 6, url: 'javascript:alert(1)//https://github.test' } }), member('acme/none', { pullRequest: null }),
    ], { ...AT, pullRequests })
    const said = '3 open; 2 of 20 places are taken, 1 of 5 of today; 3 repositories wait for room.'
    expect(JSON.parse(renderFleetJson(report))).toMatchObject({ pullRequests, repositories: expect.arrayContaining([expect.objectContaining({ name: 'acme/web', pullRequest: { number: 4, url: 'https://github.test/acme/web/pull/4' } })]) as unknown })
    const cells = renderFleetCsv(report).split('\r\n').map((line) => [line.split(',')[0], ...line.split(',').slice(-2)].join(' '))
    expect(cells).toEqual(expect.arrayContaining(['repository fix_pull_request fix_pull_request_url', 'acme/web 4 https://github.test/acme/web/pull/4', 'acme/api 5 ', 'acme/none  ']))
    const markdown = renderFleetMarkdown(report)
    expect(markdown).toContain('| open fix | breaks in |')
    expect(markdown).toContain(`\n## Fix pull requests\n\n${said}\n`)
    for (const part of ['| [#4](https://github.test/acme/web/pull/4) | 141 days |', '| #5 | 141 days |', '| #6 | 141 days |', '|  | 141 days |']) expect(markdown).toContain(part)
    const columns = markdown.split('\n').filter((line) => /^\| (?:repository \| score|--- \| ---: \| --- \| --- \| --- \||acme)/.test(line)).map((line) => line.split('|').length)
    expect(columns).toEqual([14, 14, 14, 14, 14, 14])
    const page = renderFleetHtml(report)
    expect(page).toContain(`<h2>Fix pull requests</h2><p>${said}</p>`)
    expect(page).toContain('<th scope="col">open fix</th>')
    for (const part of ['<td><a href="https://github.test/acme/web/pull/4">#4</a></td>', '<td>#5</td>', '<td>#6</td>']) expect(page).toContain(part)
    for (const text of [renderFleetMarkdown(FLEET), renderFleetHtml(FLEET)]) expect(text).not.toMatch(/fix pull request|open fix/i)
  })

  it('as a page has no column for what nobody knows', () => {
    const page = renderFleetHtml(fleetReport([member('a', { driftAgeDays: null, week: null, calendar: [] })], AT))
    expect(page).not.toMatch(/drift age|this week|breaks in|This week/)
    expect(renderFleetHtml(FLEET)).toMatch(/drift age.*this week.*breaks in/s)
  })
})
