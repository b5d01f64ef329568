// The fleet report for programs: stable, schemaVersion 1. A key is added, never renamed or given another meaning.
import type { FleetReport } from './fleet-report.ts'

export const toFleetJson = ({ title, today, since, totals, rows, rules, week, pullRequests, calendar, divergence }: FleetReport) =>
  ({ schemaVersion: 1, title, today, since, totals, repositories: rows, rules, week, ...(pullRequests === undefined ? {} : { pullRequests }), calendar, divergence }) as const

/** One JSON document with a line break behind it. */
export const renderFleetJson = (report: FleetReport): string => `${JSON.stringify(toFleetJson(report), null, 2)}\n`
