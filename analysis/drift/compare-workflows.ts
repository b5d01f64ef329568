// The structural difference of two workflows, by job and step identity. Reformatting is none, and neither is what is stricter:
// a narrower permission, a firmer pin, a shorter timeout. Serves golden workflows and the baseline alike.
import type { Job } from '../workflow/job.ts'
import type { Workflow } from '../workflow/workflow.ts'
import type { Difference, Sides } from './difference.ts'
import { compareAs, compareDeep, compareFields, compareValue } from './compare-fields.ts'
import { canonicalText } from './canonical-text.ts'
import { compareJob, jobIdentityOf } from './compare-job.ts'
import { comparePermissions } from './compare-permissions.ts'
import { compareName } from './compare-step.ts'
import { compareTriggers } from './compare-triggers.ts'
import { BY_HAND } from './difference.ts'
import { pairParts } from './pair-parts.ts'
import { insertPair } from './restore.ts'

/** In the order of the expected workflow. */
export function compareWorkflows(expected: Workflow, found: Workflow): readonly Difference[] {
  if (canonicalText(expected.node) === canonicalText(found.node)) return []
  const sides: Sides = { expected: expected.file, found: found.file, differences: [] }
  const owner = found.name ?? found.onPair?.key ?? { start: found.node.start, end: found.node.start }
  compareFields({ sides, place: '', expected: expected.node, found: found.node, owner }, {
    name: compareName,
    'run-name': compareName,
    on: (field) => { compareTriggers(field, expected, found) },
    permissions: (field) => {
      // Where every job declares its own, nothing is left to a default.
      if (found.permissions !== null || found.jobs.some(({ permissions }) => permissions === null)) comparePermissions(field, { expected: expected.permissions, found: found.permissions })
    },
    env: compareDeep(),
    defaults: compareDeep(compareAs('outdated', 'paths')),
    concurrency: (field) => { compareAs(field.found === null ? 'weakened' : 'outdated')(field) },
    jobs: () => { compareJobs(sides, expected, found) },
    '*': compareValue,
  })
  return sides.differences
}

function compareJobs(sides: Sides, expected: Workflow, found: Workflow): void {
  const { pairs, missing, extra } = pairParts(expected.jobs, found.jobs, jobIdentityOf)
  for (const [job, other] of pairs) compareJob(sides, job, other)
  for (const job of missing) {
    sides.differences.push({
      kind: 'missing', place: `jobs.${job.id}`, text: `the job '${job.id}' is missing`, at: found.jobsPair?.key ?? found.node, parameter: null,
      restore: () => insertJob(job, found),
    })
  }
  for (const job of extra) {
    sides.differences.push({ kind: 'extra', place: `jobs.${job.id}`, text: `the job '${job.id}' is added`, at: job.key, parameter: null, restore: BY_HAND })
  }
}

function insertJob({ pair, workflow }: Job, found: Workflow) {
  const [from, to] = [workflow.jobsPair?.value, found.jobsPair?.value]
  if (from?.kind !== 'mapping' || to?.kind !== 'mapping') return null
  const edit = insertPair({ file: workflow.file, node: from }, pair, { file: found.file, node: to })
  return edit && [edit]
}
