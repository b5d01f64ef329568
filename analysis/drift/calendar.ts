// What of a repository breaks when: runner images and action runtimes with a known end, from the dated facts of analysis/data.
// Leaves out what ended so long ago that no date is known, and GHES, whose owners choose its dates.
import type { Host } from '../analyse.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import { IMAGE_DATES, imageEnd, stateOf } from '../data/runner-images.ts'
import { daysBetween, RUNTIME_DATES, runtimeName, runtimeState, RUNTIMES_SOURCE } from '../data/runtimes.ts'
import { usedVersion } from '../data/used-version.ts'
import { hostedLabels } from '../workflow/runs-on.ts'
import { everyStep } from '../workflow/step.ts'

export interface CalendarPlace {
  readonly path: string
  /** 1-based. */
  readonly line: number
}

export interface CalendarEntry {
  /** "the image 'ubuntu-22.04'": the same subject has the same date everywhere. */
  readonly subject: string
  /** YYYY-MM-DD: the first day without it. */
  readonly date: string
  /** From the day of the analysis; 0 and below: it is gone. */
  readonly days: number
  /** Days before that on which it fails on purpose. */
  readonly brownouts: readonly string[]
  readonly source: string
  readonly places: readonly CalendarPlace[]
}

export interface Calendar {
  add(file: PipelineFile): void
  entries(): readonly CalendarEntry[]
}

type End = Omit<CalendarEntry, 'days' | 'places'>

/** Collects file by file, so that no tree has to stay. */
export function createCalendar(at: { readonly today: string; readonly host: Host }): Calendar {
  const found: CalendarEntry[] = []
  return {
    add(file) {
      if (at.host.kind !== 'github.com') return
      const note = (end: End | null, offset: number): void => {
        if (end !== null) found.push({ ...end, days: daysBetween(at.today, end.date), places: [{ path: file.path, line: file.lines.lineOf(offset) }] })
      }
      for (const job of file.workflow?.jobs ?? []) {
        for (const label of hostedLabels(job.runsOn)) note(endOfImage(label.text, at.today), label.start)
      }
      for (const steps of [...(file.workflow?.jobs ?? []).map((job) => job.steps), file.action?.steps ?? []]) {
        for (const { uses } of everyStep(steps)) if (uses !== null) note(endOfRuntime(usedVersion(uses)?.version.runtime ?? null, at), uses.node.start)
      }
      const using = file.action?.using ?? null
      if (using !== null) note(endOfRuntime(using.text.toLowerCase(), at), using.start)
    },
    entries: () => mergeCalendars(found),
  }
}

/** The newest dated fact that holds on this day, as its date: while it is the same, the calendar says nothing new. Empty before the first. */
export const lastTurn = (today: string): string => [...IMAGE_DATES, ...RUNTIME_DATES].filter((date) => date <= today).sort().at(-1) ?? ''

/** One entry per subject and date, soonest first; each place once. */
export function mergeCalendars(entries: readonly CalendarEntry[]): readonly CalendarEntry[] {
  const merged = new Map<string, { entry: CalendarEntry; places: Map<string, CalendarPlace> }>()
  for (const entry of entries) {
    const key = `${entry.date} ${entry.subject}`
    const known = merged.get(key) ?? { entry, places: new Map<string, CalendarPlace>() }
    merged.set(key, known)
    for (const place of entry.places) known.places.set(`${place.path}:${place.line}`, place)
  }
  return [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { entry, places }]) => ({ ...entry, places: [...places.values()] }))
}

function endOfImage(label: string, today: string): End | null {
  const end = imageEnd(label)
  if (end === undefined || stateOf(end, today) === null) return null
  return { subject: `the image '${end.label}'`, date: end.removed, brownouts: end.brownouts.filter((day) => day >= today), source: end.source }
}

function endOfRuntime(runtime: string | null, at: { readonly today: string; readonly host: Host }): End | null {
  const state = runtimeState(runtime, at)
  if (state.state !== 'removed' && state.state !== 'retiring') return null
  return { subject: `actions on ${runtimeName(runtime)}`, date: state.on, brownouts: [], source: RUNTIMES_SOURCE }
}
