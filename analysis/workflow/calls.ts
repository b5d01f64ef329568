// Who calls a reusable workflow or uses a local action: the jobs and steps of the same repository. Callers in other
// repositories are never known, so an empty list says nothing about them.
import type { Job } from './job.ts'
import type { MappingNode } from '../source/node.ts'
import type { PipelineFile } from './pipeline-file.ts'
import type { Repository } from './repository.ts'
import type { Step } from './step.ts'
import { localPath } from './local-target.ts'
import { everyStep } from './step.ts'

/** A call: a job of a workflow, or a step of a job or composite action. */
export interface Call {
  readonly step: Step | null
  readonly job: Job | null
  readonly with: MappingNode | null
}

const NONE: readonly Call[] = []
const known = new WeakMap<Repository, Map<string, readonly Call[]>>()

/** The calls of a workflow or action file, in the order of the files. */
export function callsOf(file: PipelineFile, repository: Repository): readonly Call[] {
  const target = targetOf(file)
  if (target === null) return NONE
  const calls = known.get(repository) ?? new Map<string, readonly Call[]>()
  known.set(repository, calls)
  let found = calls.get(target)
  if (found === undefined) calls.set(target, (found = find(target, file, repository)))
  return found
}

/** What callers write behind `./`: the workflow's path, the action's folder; null for an action at the root, which everybody spells alike. */
function targetOf({ path, kind }: PipelineFile): string | null {
  if (kind === 'workflow') return path
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  return kind === 'action' && folder !== '' ? folder : null
}

function find(target: string, { kind }: PipelineFile, repository: Repository): readonly Call[] {
  return repository.pathsMentioning(target).flatMap((path) => {
    const file = repository.file(path)
    if (!file) return NONE
    const jobs = file.workflow?.jobs ?? []
    if (kind === 'workflow') return jobs.filter(({ uses }) => uses !== null && localPath(uses) === target).map((job) => ({ step: null, job, with: job.with }))
    return [...jobs.flatMap(({ steps }) => everyStep(steps)), ...everyStep(file.action?.steps ?? [])]
      .filter(({ uses }) => uses !== null && localPath(uses) === target)
      .map((step) => ({ step, job: step.job, with: step.with }))
  })
}
