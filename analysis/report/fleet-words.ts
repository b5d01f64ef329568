// The fleet report's sentences, the same in every format.
import type { ActionDivergence, PipelineDivergence } from '../drift/fleet-divergence.ts'
import type { FleetEnd } from './fleet-calendar.ts'
import type { FleetReport, FleetRow, PullRequestUse } from './fleet-report.ts'
import { counted } from './report.ts'

/** "1 repository", "2 repositories". */
export const repositoriesInWords = (count: number): string => (count === 1 ? '1 repository' : `${count} repositories`)

/** "breaks in 144 days, on 2027-04-17". */
export const endInWords = ({ date, days }: Pick<FleetEnd, 'date' | 'days'>): string => (days > 0 ? `breaks in ${counted(days, 'day')}, on ${date}` : `broken since ${date}`)

/** "144 days", "broken"; empty where nothing has a known end. */
export const breaksInWords = ({ breaksInDays: days }: Pick<FleetRow, 'breaksInDays'>): string => (days === null ? '' : days > 0 ? counted(days, 'day') : 'broken')

/** "12 days"; what nobody knows is not none. Empty for what was not analysed. */
export const ageInWords = ({ score, driftAgeDays, counts }: Pick<FleetRow, 'score' | 'driftAgeDays' | 'counts'>): string =>
  score === null ? '' : driftAgeDays !== null ? counted(driftAgeDays, 'day') : counts.high + counts.medium + counts.low + counts.info === 0 ? 'none' : 'not known'

/** "+2 -1, score 71 to 80"; empty where nobody knows. */
export function weekInWords({ week, score }: Pick<FleetRow, 'week' | 'score'>): string {
  if (week === null) return ''
  const isMoved = score !== null && week.scoreBefore !== null && week.scoreBefore !== score.total
  return `+${week.appeared} -${week.fixed}${isMoved ? `, score ${week.scoreBefore ?? ''} to ${score.total}` : ''}`
}

/** "this week", "since 2026-11-20". */
export const periodInWords = ({ since }: Pick<FleetReport, 'since'>): string => (since === null ? 'this week' : `since ${since}`)

/** "This week", "Since 2026-11-20". */
export const periodAsHeading = ({ since }: Pick<FleetReport, 'since'>): string => (since === null ? 'This week' : `Since ${since}`)

/** "3 new findings, 5 fixed". */
export function fleetWeekInWords({ week, rows, since }: Pick<FleetReport, 'week' | 'rows' | 'since'>): string {
  if (week.unknown === rows.length) return since === null ? 'Nobody knows how these repositories stood a week ago.' : 'None of these repositories was in the earlier run.'
  const known = `${counted(week.appeared, 'new finding')}, ${week.fixed} fixed`
  return week.unknown === 0 ? `${known}.` : `${known}; not known for ${repositoriesInWords(week.unknown)}.`
}

/** "7 open; 8 of 20 places are taken, 3 of 5 of today; 4 repositories wait for room." */
export function pullRequestsInWords({ maxOpen, open, maxPerDay, openedToday, waiting }: PullRequestUse, rows: readonly Pick<FleetRow, 'pullRequest'>[]): string {
  const waits = waiting === 0 ? 'nobody waits for room' : `${repositoriesInWords(waiting)} ${waiting === 1 ? 'waits' : 'wait'} for room`
  return `${rows.filter(({ pullRequest }) => pullRequest).length} open; ${open} of ${counted(maxOpen, 'place')} ${open === 1 ? 'is' : 'are'} taken, ${openedToday} of ${maxPerDay} of today; ${waits}.`
}

/** "#12"; empty without one. */
export const pullRequestInWords = ({ pullRequest }: Pick<FleetRow, 'pullRequest'>): string => (pullRequest ? `#${pullRequest.number}` : '')

/** Its address, where it can stand in a link of every format as it is. */
export function pullRequestLink({ pullRequest }: Pick<FleetRow, 'pullRequest'>): string | null {
  const url = pullRequest?.url ?? ''
  return /^https?:\/\/[\w.:/~%@+-]+$/.test(url) ? url : null
}

/** "which one is newest", with the repositories that have it. */
export function newestInWords({ variants }: PipelineDivergence): string {
  const at = variants.findIndex(({ isNewest }) => isNewest)
  const newest = variants[at]
  return newest === undefined ? '' : `newest: variant ${at + 1}, in ${someOf(newest.repositories)}`
}

/** "v7.0.1 in 3 repositories, v4 in 12 repositories", the newest first. */
export const versionsInWords = ({ versions }: ActionDivergence): string =>
  `${versions.slice(0, MOST_VERSIONS).map(({ label, repositories }) => `${label} in ${repositoriesInWords(repositories.length)}`).join(', ')}${versions.length > MOST_VERSIONS ? ` and ${versions.length - MOST_VERSIONS} more` : ''}`

const MOST_VERSIONS = 8
const MOST_NAMES = 3

/** "a, b, c and 9 more". */
export const someOf = (names: readonly string[]): string => `${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''}`
