// The fleet report for programs: stable, schemaVersion 1. A key is added, never renamed or given another meaning.
import type { FleetReport } from './fleet-report.ts'

/** One JSON document with a line break behind it. */
export const renderFleetJson = ({ title, today, totals, rows, rules, week, calendar, divergence }: FleetReport): string =>
  `${JSON.stringify({ schemaVersion: 1, title, today, totals, repositories: rows, rules, week, calendar, divergence }, null, 2)}\n`
