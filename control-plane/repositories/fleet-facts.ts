// What of an analysis the organisation's view needs beyond scores, small enough to keep with each repository: open findings by rule and
// severity, what ends when, and what each workflow does as a hash. Leaves out findings and texts.
import type { AnalyseInput, AnalyseResult } from '../../analysis/analyse.ts'
import type { CalendarEntry } from '../../analysis/drift/calendar.ts'
import type { FleetWorkflow } from '../../analysis/drift/fleet-divergence.ts'
import { workflowFingerprints } from '../../analysis/drift/workflow-fingerprint.ts'
import { countRules, type RuleCount } from '../../analysis/report/count-rules.ts'
import { createRoom, thatFit } from '../database/room.ts'

/** Days are counted when somebody asks. */
export interface KeptEnd extends Omit<CalendarEntry, 'days'> {
  /** Places that found no room. */
  readonly unlisted: number
}

export interface FleetFacts {
  /** Open findings. */
  readonly rules: readonly RuleCount[]
  readonly calendar: readonly KeptEnd[]
  readonly workflows: readonly FleetWorkflow[]
  /** Workflows that found no room. */
  readonly uncompared: number
  /** Files that could not be read. */
  readonly unreadable: number
}

/** As JSON, of one repository: some hundred workflows of the usual size. */
const MOST_WORKFLOW_CHARACTERS = 48_000
const MOST_PLACE_CHARACTERS = 16_000

export function fleetFactsOf({ files }: Pick<AnalyseInput, 'files'>, { findings, calendar, files: outcomes }: Pick<AnalyseResult, 'findings' | 'calendar' | 'files'>): FleetFacts {
  const prints = workflowFingerprints(files)
  const workflows = thatFit(prints.map((print) => ({ ...print, changedAt: null })), createRoom(MOST_WORKFLOW_CHARACTERS))
  const room = createRoom(MOST_PLACE_CHARACTERS)
  return {
    rules: countRules(findings.filter(({ suppressed }) => suppressed === undefined)),
    calendar: calendar.map(({ days: _days, places, ...end }) => {
      const kept = thatFit(places, room)
      return { ...end, places: kept, unlisted: places.length - kept.length }
    }),
    workflows,
    uncompared: prints.length - workflows.length,
    unreadable: outcomes.filter(({ status }) => status === 'unreadable').length,
  }
}

/** With the time at which each workflow was first seen as it is now; null for what nobody saw otherwise. */
export function dateWorkflows(facts: FleetFacts, before: FleetFacts | undefined, at: Date): FleetFacts {
  const known = new Map(before?.workflows.map((workflow) => [workflow.path, workflow]))
  return {
    ...facts,
    workflows: facts.workflows.map((workflow) => {
      const earlier = known.get(workflow.path)
      const changedAt = earlier?.hash === workflow.hash ? earlier.changedAt : before === undefined ? null : at.toISOString()
      return { ...workflow, changedAt }
    }),
  }
}
