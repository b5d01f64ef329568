// What breaks when, in an analysis, its reports and as iCalendar.
import { describe, expect, it } from 'vitest'
import { lastTurn, type CalendarEntry } from '../../../analysis/drift/calendar.ts'
import { analyse } from '../../../analysis/analyse.ts'
import { renderIcalendar } from '../../../analysis/report/icalendar.ts'
import { calendarInWords } from '../../../analysis/report/report.ts'
import { inputOf } from '../engine-input.ts'

const WORKFLOW = `on: push
jobs:
  a:
    runs-on: ubuntu-22.04
    steps:
      - uses: actions/checkout@v4
  b:
    runs-on: \${{ matrix.os }}
    strategy: {matrix: {os: [ubuntu-22.04, ubuntu-24.04]}}
    steps:
      - run: make
`
const OPTIONS = { name: 'acme, all; pipelines', today: '2026-11-24', scope: 'acme/web' }
const ENTRY: CalendarEntry = { subject: "the image 'ubuntu-22.04'", date: '2027-02-28', days: 96, brownouts: ['2027-02-21'], source: 'a\\b', places: [{ path: `.github/workflows/${'ä'.repeat(60)}.yml`, line: 3 }] }

const linesOf = (text: string): readonly string[] => text.split('\r\n')
const unfold = (text: string): string => text.replaceAll('\r\n ', '')
const uidsOf = (text: string): readonly string[] => unfold(text).split('\r\n').filter((line) => line.startsWith('UID:'))

describe('the calendar of an analysis', () => {
  it('names each end once, soonest first, with all its places', () => {
    expect(analyse(inputOf(WORKFLOW)).calendar).toMatchObject([
      { subject: 'actions on Node 20', date: '2026-09-16', days: -69, places: [{ line: 6 }] },
      { subject: "the image 'ubuntu-22.04'", date: '2027-04-17', days: 144, brownouts: ['2027-03-23', '2027-03-30', '2027-04-06', '2027-04-13'], places: [{ line: 4 }, { line: 9 }] },
    ])
  })

  it('counts from the day of the analysis, and leaves passed brownouts out', () => {
    const [, image] = analyse(inputOf(WORKFLOW, { today: '2027-04-10' })).calendar
    expect(image).toMatchObject({ days: 7, brownouts: ['2027-04-13'] })
    expect(image && calendarInWords(image)).toBe("breaks in 7 days, on 2027-04-17: the image 'ubuntu-22.04' (.github/workflows/ci.yml:4 and 1 more)")
  })

  it('knows no dates for a server of one\'s own, and none before they were announced', () => {
    expect(analyse(inputOf(WORKFLOW, { host: { kind: 'ghes', version: null } })).calendar).toEqual([])
    expect(analyse(inputOf(WORKFLOW, { today: '2026-01-01' })).calendar.map(({ subject }) => subject)).toEqual(['actions on Node 20'])
  })
})

describe('renderIcalendar', () => {
  it('names the first 50 places of an event and counts the others', () => {
    const places = Array.from({ length: 60 }, (_, n) => ({ path: 'ci.yml', line: n + 1 }))
    const text = renderIcalendar([{ ...ENTRY, places, unlisted: 5 }], OPTIONS).replaceAll('\r\n ', '')
    expect(text).toContain('DESCRIPTION:65 places:\\nci.yml:1\\n')
    expect(text).toContain('\\nci.yml:50\\nand 15 more\\nSource:')
  })

  it('writes one whole day per end and brownout, and ends every line with CRLF', () => {
    const text = renderIcalendar([ENTRY], OPTIONS)
    expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true)
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(linesOf(text).filter((line) => /^DT(?:START|END)/.test(line))).toEqual([
      'DTSTART;VALUE=DATE:20270221', 'DTEND;VALUE=DATE:20270222', 'DTSTART;VALUE=DATE:20270228', 'DTEND;VALUE=DATE:20270301',
    ])
  })

  it('folds at 75 octets and never inside a character', () => {
    const text = renderIcalendar([ENTRY], OPTIONS)
    for (const line of linesOf(text)) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75)
    expect(linesOf(text).some((line) => line.startsWith(' '))).toBe(true)
    expect(unfold(text)).toContain(`DESCRIPTION:1 place:\\n.github/workflows/${'ä'.repeat(60)}.yml:3\\nSource: a\\\\b\r\n`)
    expect(unfold(text)).toContain('X-WR-CALNAME:acme\\, all\\; pipelines\r\n')
  })

  it('keeps the UID of an event when places and days change, and has another for another repository', () => {
    const before = uidsOf(renderIcalendar([ENTRY], OPTIONS))
    expect(uidsOf(renderIcalendar([{ ...ENTRY, days: 1, places: [] }], { ...OPTIONS, today: '2027-01-01' }))).toEqual(before)
    expect(new Set([...before, ...uidsOf(renderIcalendar([ENTRY], { ...OPTIONS, scope: 'acme/api' }))]).size).toBe(4)
  })
})

it('turns on the days of its facts, and on no other', () => {
  expect(lastTurn('2027-04-17')).toBe('2027-04-17')
  expect(lastTurn('2027-04-16')).toBe('2027-04-13')
  expect(lastTurn('2026-11-29')).toBe(lastTurn('2026-11-03'))
  expect(lastTurn('2026-09-16')).toBe('2026-09-16')
  expect(lastTurn('1999-01-01')).toBe('')
})
