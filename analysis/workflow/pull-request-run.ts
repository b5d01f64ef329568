// The workflows that a pull request starts: by its own events, by the merge queue, or by any push of a branch.
// Leaves out path filters: what runs for some pull requests counts.
import type { Repository } from './repository.ts'
import type { Workflow } from './workflow.ts'
import { findPair } from './nodes.ts'
import { isPipelinePath } from '../pipeline-path.ts'

const EVENTS = new Set(['pull_request', 'pull_request_target', 'merge_group', 'workflow_call'])

/** A push without a filter of branches or tags runs for every branch. */
export const isUnfilteredPush = ({ triggers }: Workflow): boolean =>
  triggers.some(({ name, config }) => name === 'push' && !['branches', 'branches-ignore', 'tags', 'tags-ignore'].some((filter) => findPair(config, filter) !== undefined))

/** Called workflows count: who calls them is not followed. */
export const runsForPullRequests = (workflow: Workflow): boolean => isUnfilteredPush(workflow) || workflow.triggers.some(({ name }) => EVENTS.has(name))

/** Those of the repository that could be read; `isComplete` is false where one could not. */
export function workflowsOf(repository: Repository): { readonly workflows: readonly Workflow[]; readonly isComplete: boolean } {
  const paths = [...(repository.paths ?? [])].filter((path) => path.startsWith('.github/workflows/') && isPipelinePath(path))
  const workflows = paths.flatMap((path) => repository.file(path)?.workflow ?? [])
  return { workflows, isComplete: workflows.length === paths.length }
}
