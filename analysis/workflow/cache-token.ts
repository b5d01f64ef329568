// Which runs get a token that may only read the cache, on github.com since 2026-06-26: those that outsiders can start in the place of
// the default branch. Source: GitHub's changelog of that day.
import type { Workflow } from './workflow.ts'

const READ_ONLY: ReadonlySet<string> = new Set(['pull_request_target', 'issue_comment', 'workflow_run'])

/** The first of a workflow's events when every one of them gets such a token; null otherwise. */
export function readOnlyCacheEvent(workflow: Workflow | null): string | null {
  const [first, ...rest] = workflow?.triggers ?? []
  return first !== undefined && [first, ...rest].every(({ name }) => READ_ONLY.has(name)) ? first.name : null
}
