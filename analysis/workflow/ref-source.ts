// Which ref a run has: on most events the default branch or a number, so that nobody chooses a name; on a push, a release or
// a dispatch whoever may write does, unless the filters name all there can be.
import type { Job } from './job.ts'
import type { Trigger } from './workflow.ts'
import { findPair, hasExpression, scalarsOf } from './nodes.ts'

const OWN_REFS: ReadonlySet<string> = new Set(['github.ref', 'github.ref_name', 'github.event.ref'])
/** Events whose runs have a ref that somebody named. */
const NAMED: ReadonlySet<string> = new Set([
  'push', 'create', 'delete', 'release', 'workflow_dispatch', 'workflow_call', 'merge_group', 'deployment', 'deployment_status',
  'registry_package', 'package',
])
const PLAIN = /^[\w./-]+$/

/** Whether the ref at that path has no freely chosen name on any trigger of the job's workflow. */
export function fixesRef(path: readonly string[], job: Job | null): boolean {
  return job !== null && OWN_REFS.has(path.join('.')) && job.workflow.triggers.every(isFixed)
}

function isFixed({ name, config }: Trigger): boolean {
  if (!NAMED.has(name)) return true
  if (name !== 'push') return false
  const filters = ['branches', 'tags'].map((key) => findPair(config, key)).filter((pair) => pair !== undefined)
  if (filters.length === 0 || findPair(config, 'branches-ignore') !== undefined || findPair(config, 'tags-ignore') !== undefined) return false
  return filters.every(({ value }) => scalarsOf(value).every(({ text }) => PLAIN.test(text) && !hasExpression(text)))
}
