// One walk over a file's typed view for all rules: their visitors are sorted by hook first, then each place is met once.
import type { ActionMetadata } from './workflow/action-metadata.ts'
import type { DependabotConfig } from './workflow/dependabot-config.ts'
import type { Job } from './workflow/job.ts'
import type { PipelineFile } from './workflow/pipeline-file.ts'
import type { Step } from './workflow/step.ts'
import type { Uses } from './workflow/uses.ts'
import type { Visitor } from './rules/rule.ts'
import type { Workflow } from './workflow/workflow.ts'
import type { YamlNode } from './source/node.ts'

/** Calls one visitor; the caller catches what it throws. */
export type Call = (rule: number, run: () => void) => void

interface Hook<T> {
  readonly rule: number
  readonly visit: (at: T) => void
}

/** Walks in document order. `visitors[i]` belongs to rule i; undefined ones are skipped. */
export function walk(file: PipelineFile, visitors: readonly (Visitor | undefined)[], call: Call): void {
  const collect = <T>(pick: (visitor: Visitor) => ((at: T) => void) | undefined): Hook<T>[] => {
    const hooks: Hook<T>[] = []
    for (const [rule, visitor] of visitors.entries()) {
      const visit = visitor === undefined ? undefined : pick(visitor)
      if (visitor !== undefined && visit !== undefined) hooks.push({ rule, visit: (at) => { visit.call(visitor, at) } })
    }
    return hooks
  }
  const emit = <T>(hooks: readonly Hook<T>[], at: T): void => {
    for (const { rule, visit } of hooks) call(rule, () => { visit(at) })
  }
  const steps = collect<Step>((visitor) => visitor.step)
  const uses = collect<Uses>((visitor) => visitor.uses)
  const jobs = collect<Job>((visitor) => visitor.job)
  // What carries an anchor can be met again through its aliases; everything else cannot.
  const met = new Set<YamlNode>()
  const first = (node: YamlNode): boolean => node.anchor === null || (!met.has(node) && met.add(node).size > 0)

  const visitUses = (at: Uses | null): void => {
    if (at !== null && first(at.node)) emit(uses, at)
  }
  const visitSteps = (list: readonly Step[]): void => {
    for (const step of list) {
      if (!first(step.node)) continue
      emit(steps, step)
      visitUses(step.uses)
      visitSteps(step.steps)
    }
  }

  emit(collect<PipelineFile>((visitor) => visitor.file), file)
  if (file.workflow !== null) {
    emit(collect<Workflow>((visitor) => visitor.workflow), file.workflow)
    for (const job of file.workflow.jobs) {
      if (!first(job.node)) continue
      emit(jobs, job)
      visitUses(job.uses)
      visitSteps(job.steps)
    }
  }
  if (file.action !== null) {
    emit(collect<ActionMetadata>((visitor) => visitor.action), file.action)
    visitSteps(file.action.steps)
  }
  if (file.dependabot !== null) emit(collect<DependabotConfig>((visitor) => visitor.dependabot), file.dependabot)
  emit(collect<void>((visitor) => visitor.end), undefined)
}
