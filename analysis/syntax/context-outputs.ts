// What jobs and steps hand on: the outputs that this file, a local workflow or a local action declares. What another
// repository declares, and what a script writes, is open.
import type { Job } from '../workflow/job.ts'
import type { Repository } from '../workflow/repository.ts'
import type { Step } from '../workflow/step.ts'
import { localAction, localWorkflow } from '../workflow/local-target.ts'
import { asMapping, hasExpression, isNull, lookup } from '../workflow/nodes.ts'
import { STRING, mapOf, objectOf, type ObjectType } from './value-type.ts'

const OPEN = mapOf(STRING, 'output')

/** The outputs of a job, or of the workflow that it calls. */
export function jobOutputs(job: Job, repository: Repository): ObjectType {
  if (job.uses === null) return declared(lookup(job.node, 'outputs'))
  const call = localWorkflow(job.uses, repository)?.triggers.find(({ name }) => name === 'workflow_call')
  return call ? declared(lookup(call.config, 'outputs')) : OPEN
}

/** A script may write any output; a composite action has the declared ones. Any other action should declare what it sets. */
export function stepOutputs(step: Step, repository: Repository): ObjectType {
  const { uses } = step
  const action = uses === null ? null : localAction(uses, repository)
  if (!action) return OPEN
  return declared(lookup(action.node, 'outputs'), action.using?.text === 'composite' ? 'output' : 'output that the action declares')
}

function declared(node: ReturnType<typeof lookup>, noun = 'output'): ObjectType {
  if (node !== null && node.kind !== 'mapping' && !isNull(node)) return OPEN
  const pairs = asMapping(node)?.pairs ?? []
  if (pairs.some(({ key }) => hasExpression(key.text))) return OPEN
  return objectOf(new Map(pairs.map(({ key }) => [key.text, STRING])), { noun })
}
