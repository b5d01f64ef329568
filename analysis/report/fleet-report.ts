// How the pipelines of many repositories stand, as one value: rows, rules, the week, the calendar and what came apart. Every format
// of the fleet report is made from it. Pure: whoever knows the repositories brings them, from checkouts or from a database.
import type { Severity } from '../finding.ts'
import type { RuleMeta } from '../rules/rule.ts'
import type { Score } from '../score.ts'
import { fleetDivergence, type FleetDivergence, type FleetWorkflow } from '../drift/fleet-divergence.ts'
import { compare } from '../examine.ts'
import { rankOf } from '../finding.ts'
import { ruleById } from '../rules/index.ts'
import type { RuleCount } from './count-rules.ts'
import { fleetCalendar, type FleetEnd, type MemberEnd } from './fleet-calendar.ts'

export type Category = RuleMeta['category']
export const CATEGORIES = ['security', 'reliability', 'dependencies', 'performance', 'maintainability'] as const satisfies readonly Category[]

/** What the report is told of one repository. */
export interface FleetMember {
  /** `owner/name`, or the folder as the person sees it. */
  readonly name: string
  /** Null when it was not analysed; `problem` says why. */
  readonly score: Score | null
  /** Days since the oldest open finding came; null without one, or where nobody knows. */
  readonly driftAgeDays: number | null
  /** Open findings. */
  readonly rules: readonly RuleCount[]
  /** Null where nobody knows how it stood a week ago. */
  readonly week: WeekChange | null
  readonly calendar: readonly MemberEnd[]
  readonly workflows: readonly FleetWorkflow[]
  readonly problem: string | null
  /** Fingerprints of its open findings, with the day on which a run first saw each (YYYY-MM-DD), for the next run to compare with. */
  readonly open?: Readonly<Record<string, string>>
  /** Its open fix pull request; null without one. Absent where nobody keeps any. */
  readonly pullRequest?: { readonly number: number; readonly url: string | null } | null
}

/** In the last week, or since the earlier run that the report names. */
export interface WeekChange {
  readonly appeared: number
  readonly fixed: number
  /** Score before that. */
  readonly scoreBefore: number | null
}

/** 0: nothing found; 1 to 4: the sub-score, from good to bad. */
export type HeatLevel = 0 | 1 | 2 | 3 | 4

export interface FleetRow extends Pick<FleetMember, 'name' | 'score' | 'driftAgeDays' | 'week' | 'problem' | 'open' | 'pullRequest'> {
  readonly counts: Readonly<Record<Severity, number>>
  readonly heat: Readonly<Record<Category, { readonly findings: number; readonly score: number | null; readonly level: HeatLevel }>>
  /** Days until the first thing that it uses ends; 0 and below: it is gone. Null: nothing has a known end. */
  readonly breaksInDays: number | null
}

export interface RuleRow {
  readonly ruleId: string
  readonly category: Category
  /** The worst that it was reported at. */
  readonly severity: Severity
  readonly findings: number
  readonly repositories: number
}

export interface FleetReport {
  readonly title: string
  /** YYYY-MM-DD. */
  readonly today: string
  /** YYYY-MM-DD of the earlier run that changes are counted from; null: they are those of the last seven days. */
  readonly since: string | null
  /** The lowest score first; those without one come last. */
  readonly rows: readonly FleetRow[]
  readonly totals: { readonly repositories: number; readonly analysed: number; readonly score: number | null; readonly oldestDriftDays: number | null } & Readonly<Record<Severity, number>>
  /** In the most repositories first. */
  readonly rules: readonly RuleRow[]
  readonly week: FleetWeek
  /** Absent where nobody keeps any. */
  readonly pullRequests?: PullRequestUse
  readonly calendar: readonly FleetEnd[]
  readonly divergence: FleetDivergence
}

/** How much of the budget of fix pull requests is used, and by how many. */
export interface PullRequestUse {
  readonly maxOpen: number
  /** Places that are taken: open ones, and those that are being opened. */
  readonly open: number
  readonly maxPerDay: number
  readonly openedToday: number
  /** Repositories that have fixes and wait for room. */
  readonly waiting: number
}

export interface FleetWeek {
  readonly appeared: number
  readonly fixed: number
  /** Repositories of which nobody knows how they stood. */
  readonly unknown: number
  /** The greatest change first. */
  readonly moved: readonly { readonly name: string; readonly from: number; readonly to: number }[]
}

/** The order of the members does not count. */
export function fleetReport(members: readonly FleetMember[], { title, today, since = null, pullRequests }: Pick<FleetReport, 'title' | 'today' | 'pullRequests'> & Partial<Pick<FleetReport, 'since'>>): FleetReport {
  const rows = members.map(rowOf).sort((a, b) => (a.score?.total ?? 101) - (b.score?.total ?? 101) || compare(a.name, b.name))
  return {
    title, today, since, rows, totals: totalsOf(rows), rules: rulesOf(members), week: weekOf(rows), ...(pullRequests === undefined ? {} : { pullRequests }),
    calendar: fleetCalendar(members, today), divergence: fleetDivergence(members),
  }
}

function rowOf({ name, score, driftAgeDays, week, problem, open, pullRequest, rules, calendar }: FleetMember): FleetRow {
  const counts = { high: 0, medium: 0, low: 0, info: 0 }
  const found: Record<Category, number> = { security: 0, reliability: 0, dependencies: 0, performance: 0, maintainability: 0 }
  for (const { ruleId, severity, count } of rules) {
    counts[severity] += count
    found[categoryOf(ruleId)] += count
  }
  const cell = (category: Category) => ({ findings: found[category], score: score?.[category] ?? null, level: levelOf(found[category], score?.[category] ?? null) })
  const heat = { security: cell('security'), reliability: cell('reliability'), dependencies: cell('dependencies'), performance: cell('performance'), maintainability: cell('maintainability') }
  return { name, score, driftAgeDays, week, problem, counts, heat, breaksInDays: calendar.length === 0 ? null : Math.min(...calendar.map(({ days }) => days)), ...(open === undefined ? {} : { open }), ...(pullRequest === undefined ? {} : { pullRequest }) }
}

function levelOf(findings: number, score: number | null): HeatLevel {
  if (findings === 0 || score === null) return 0
  return score >= 90 ? 1 : score >= 70 ? 2 : score >= 40 ? 3 : 4
}

/** As in the score: a finding of a rule that this version does not know counts as reliability. */
const categoryOf = (ruleId: string): Category => ruleById(ruleId)?.meta.category ?? 'reliability'

function totalsOf(rows: readonly FleetRow[]): FleetReport['totals'] {
  const scores = rows.flatMap(({ score }) => (score === null ? [] : [score.total]))
  const ages = rows.flatMap(({ driftAgeDays }) => (driftAgeDays === null ? [] : [driftAgeDays]))
  const sum = (severity: Severity): number => rows.reduce((total, { counts }) => total + counts[severity], 0)
  return {
    repositories: rows.length, analysed: scores.length,
    score: scores.length === 0 ? null : Math.round(scores.reduce((total, score) => total + score, 0) / scores.length),
    oldestDriftDays: ages.reduce<number | null>((oldest, age) => Math.max(oldest ?? 0, age), null),
    high: sum('high'), medium: sum('medium'), low: sum('low'), info: sum('info'),
  }
}

function rulesOf(members: readonly FleetMember[]): readonly RuleRow[] {
  const rules = new Map<string, { severity: Severity; findings: number; repositories: Set<string> }>()
  for (const { name, rules: own } of members) {
    for (const { ruleId, severity, count } of own) {
      const rule = rules.get(ruleId) ?? { severity, findings: 0, repositories: new Set<string>() }
      rules.set(ruleId, rule)
      rule.findings += count
      rule.repositories.add(name)
      if (rankOf(severity) > rankOf(rule.severity)) rule.severity = severity
    }
  }
  return [...rules].map(([ruleId, { severity, findings, repositories }]) => ({ ruleId, category: categoryOf(ruleId), severity, findings, repositories: repositories.size }))
    .sort((a, b) => b.repositories - a.repositories || b.findings - a.findings || compare(a.ruleId, b.ruleId))
}

function weekOf(rows: readonly FleetRow[]): FleetWeek {
  const known = rows.flatMap(({ name, score, week }) => (week === null ? [] : [{ name, score, week }]))
  const moved = known.flatMap(({ name, score, week }) => (score === null || week.scoreBefore === null || week.scoreBefore === score.total ? [] : [{ name, from: week.scoreBefore, to: score.total }]))
  return {
    appeared: known.reduce((sum, { week }) => sum + week.appeared, 0),
    fixed: known.reduce((sum, { week }) => sum + week.fixed, 0),
    unknown: rows.length - known.length,
    moved: moved.sort((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from) || compare(a.name, b.name)),
  }
}
