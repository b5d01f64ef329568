// One repository as the fleet's report takes it, from what its analyses left behind.
import { daysBetween } from '../../analysis/data/runtimes.ts'
import type { FleetMember, WeekChange } from '../../analysis/report/fleet-report.ts'
import { counted } from '../../analysis/report/report.ts'
import { DAY_MS } from '../clock.ts'
import { toRepository, type RepositoryDocument } from '../repositories/repository-document.ts'

const WEEK_MS = 7 * DAY_MS

export function toFleetMember(repository: RepositoryDocument, now: Date): Omit<FleetMember, 'pullRequest'> {
  const { fleet, name, score } = repository
  const today = now.toISOString().slice(0, 10)
  return {
    name, score, driftAgeDays: toRepository(repository, now).driftAgeDays, week: weekOf(repository, now), problem: problemOf(repository),
    rules: fleet?.rules ?? [],
    calendar: (fleet?.calendar ?? []).map((end) => ({ ...end, days: daysBetween(today, end.date) })),
    workflows: fleet?.workflows ?? [],
  }
}

/** Null where the history does not reach back for a week, or an earlier version wrote it. */
function weekOf({ history }: Pick<RepositoryDocument, 'history'>, now: Date): WeekChange | null {
  const begin = now.getTime() - WEEK_MS
  const before = history.findLast(({ at }) => at.getTime() <= begin)
  if (before === undefined) return null
  const week = { appeared: 0, fixed: 0, scoreBefore: before.score }
  for (const { at, appeared, fixed } of history) {
    if (at.getTime() <= begin) continue
    if (appeared === undefined || fixed === undefined) return null
    week.appeared += appeared
    week.fixed += fixed
  }
  return week
}

function problemOf({ score, fleet }: Pick<RepositoryDocument, 'score' | 'fleet'>): string | null {
  if (score === null) return 'not analysed yet'
  if (fleet === undefined) return 'findings and calendar are known from its next analysis on'
  const problems = [...(fleet.unreadable === 0 ? [] : [`${fleet.unreadable} unreadable`]), ...(fleet.uncompared === 0 ? [] : [`${counted(fleet.uncompared, 'workflow')} not compared`])]
  return problems.length === 0 ? null : problems.join(', ')
}
