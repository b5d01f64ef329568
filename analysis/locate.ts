// Which job and step a place belongs to: the part of a finding's identity that survives moved lines.
import type { Job } from './workflow/job.ts'
import type { PipelineFile } from './workflow/pipeline-file.ts'
import type { Step } from './workflow/step.ts'
import { normalise } from './fingerprint.ts'

export interface Location {
  /** Job id, or ''. */
  readonly job: string
  /** The innermost step; null outside steps. */
  readonly step: Step | null
  /** Job and the step's place in the file's order: finds the same place again after an edit that keeps jobs and steps. */
  readonly bucket: string
}

/** Jobs and steps are found by bisection, so many findings in a large file stay cheap. */
export function locate(file: PipelineFile, offset: number): Location {
  const { job, steps } = enclosing(file, offset)
  return { job: job?.id ?? '', step: steps.at(-1) ?? null, bucket: [job?.id ?? '', ...steps.map(({ index }) => index)].join('/') }
}

/** The innermost step around the offset. */
export const stepAt = (file: PipelineFile, offset: number): Step | undefined => enclosing(file, offset).steps.at(-1)

/** The step, or the job that calls a workflow, whose `uses` begins at the offset. */
export function usedAt(file: PipelineFile, offset: number): Step | Job | null {
  const { job, steps } = enclosing(file, offset)
  return [steps.at(-1), job].find((user) => user?.uses?.node.start === offset) ?? null
}

/** The job, and the steps from the outermost group inwards. */
function enclosing(file: PipelineFile, offset: number): { readonly job: Job | null; readonly steps: readonly Step[] } {
  const job = file.workflow === null ? null : enclosingJob(file.workflow.jobs, offset)
  const steps: Step[] = []
  for (let list = job?.steps ?? file.action?.steps ?? []; list.length > 0; ) {
    const inner = enclosingStep(list, offset)
    if (inner === null) break
    steps.push(inner)
    list = inner.steps
  }
  return { job, steps }
}

function enclosingJob(jobs: readonly Job[], offset: number): Job | null {
  const job = lastBefore(jobs, (candidate) => candidate.key.start, offset)
  return job !== null && offset < Math.max(job.pair.value.end, job.key.end) ? job : null
}

function enclosingStep(steps: readonly Step[], offset: number): Step | null {
  const step = lastBefore(steps, (candidate) => candidate.node.start, offset)
  return step !== null && offset < step.node.end ? step : null
}

/** The last element that starts at or before the offset; starts ascend except for what aliases name. */
function lastBefore<T>(list: readonly T[], startOf: (element: T) => number, offset: number): T | null {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    const element = list[middle]
    if (element !== undefined && startOf(element) <= offset) low = middle + 1
    else high = middle
  }
  return list[low - 1] ?? null
}

/** The step's id, else what it uses (without the ref), else its name, else its content; '' outside steps. */
export function stepIdentity(step: Step | null): string {
  if (step === null) return ''
  if (step.id !== null) return `id:${step.id.text}`
  if (step.uses !== null) return `uses:${step.uses.name.toLowerCase()}`
  if (step.name !== null) return `name:${normalise(step.name.text)}`
  return `content:${normalise(step.file.text.slice(step.node.start, step.node.end))}`
}
