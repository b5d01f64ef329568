// One walk over a file's typed view for all rules: their visitors are sorted by hook first, then each place is met once.
import type { PipelineFile } from './workflow/pipeline-file.ts'
import type { Step } from './workflow/step.ts'
import type { Uses } from './workflow/uses.ts'
import type { Visitor } from './rules/rule.ts'
import type { YamlNode } from './source/node.ts'

export type Hook = Exclude<keyof Visitor, 'suppressions'>
type Subject<K extends Hook> = Parameters<NonNullable<Visitor[K]>>[0]

/** A hook of one rule's visitor, looked up once for a file: it is called at every place. */
export interface Listener {
  readonly rule: number
  readonly run: (this: void, at: never) => void
}

/** Calls a hook; it catches what that throws. */
export type Call = (listener: Listener, at: unknown) => void

/** Walks in document order. `visitors[i]` belongs to rule i; undefined ones are skipped. */
export function walk(file: PipelineFile, visitors: readonly (Visitor | undefined)[], call: Call): void {
  const listenersOf = (hook: Hook): readonly Listener[] => {
    const listeners: Listener[] = []
    for (let rule = 0; rule < visitors.length; rule++) {
      const run = visitors[rule]?.[hook]
      if (run !== undefined) listeners.push({ rule, run })
    }
    return listeners
  }
  const emit = <K extends Hook>(hook: K, at: Subject<K>, listeners = listenersOf(hook)): void => {
    listeners.forEach((listener) => { call(listener, at) })
  }
  const jobs = listenersOf('job')
  const steps = listenersOf('step')
  const uses = listenersOf('uses')
  // What carries an anchor can be met again through its aliases; everything else cannot.
  const met = new Set<YamlNode>()
  const first = (node: YamlNode): boolean => node.anchor === null || (!met.has(node) && met.add(node).size > 0)

  const visitUses = (at: Uses | null): void => {
    if (at !== null && first(at.node)) emit('uses', at, uses)
  }
  // An anchored list is one array however often it is named (readSteps): walking it again would make nested aliases explode.
  const walked = new Set<readonly Step[]>()
  const visitSteps = (list: readonly Step[]): void => {
    if (file.shared.lists.size > 0) {
      if (walked.has(list)) return
      walked.add(list)
    }
    for (const step of list) {
      if (!first(step.node)) continue
      emit('step', step, steps)
      visitUses(step.uses)
      visitSteps(step.steps)
    }
  }

  emit('file', file)
  if (file.workflow !== null) {
    emit('workflow', file.workflow)
    for (const job of file.workflow.jobs) {
      if (!first(job.node)) continue
      emit('job', job, jobs)
      visitUses(job.uses)
      visitSteps(job.steps)
    }
  }
  if (file.action !== null) {
    emit('action', file.action)
    visitSteps(file.action.steps)
  }
  if (file.dependabot !== null) emit('dependabot', file.dependabot)
  emit('end', undefined)
}
