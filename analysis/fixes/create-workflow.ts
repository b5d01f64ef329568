// A fix that adds a workflow, under a path and a name that are free: runs of two workflows of one name cancel each other where they
// share a group by name, and a workflow that waits for the name would start.
import type { FileFix } from '../rules/rule.ts'
import type { Repository } from '../workflow/repository.ts'
import { findPair, scalarsOf } from '../workflow/nodes.ts'
import { workflowsOf } from '../workflow/pull-request-run.ts'

export interface NewWorkflow {
  readonly path: string
  readonly name: string
}

/** The first of them that is free; null where none is. */
export function freeWorkflow<T extends NewWorkflow>(candidates: readonly T[], repository: Repository): T | null {
  const paths = new Set([...(repository.paths ?? [])].map((path) => path.toLowerCase()))
  const names = new Set(workflowsOf(repository).workflows.flatMap(({ name, triggers }) =>
    [...(name === null ? [] : [name]), ...triggers.flatMap((trigger) => scalarsOf(findPair(trigger.config, 'workflows')?.value))].map(({ text }) => text.toLowerCase())))
  return candidates.find(({ path, name }) => !paths.has(path) && !names.has(name.toLowerCase())) ?? null
}

/** `what` continues "create PATH, which". */
export const createWorkflow = ({ path }: NewWorkflow, text: string, what: string): FileFix =>
  ({ kind: 'file', safety: 'unsafe', description: `create ${path}, which ${what}`, file: { kind: 'create', path, text } })
