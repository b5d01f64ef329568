// How a step could get hold of GITHUB_TOKEN: handed to it in `env` or `with`, written in its script, or left by a checkout.
import type { MappingNode, ScalarNode, SequenceNode, YamlNode } from '../source/node.ts'
import type { Job } from '../workflow/job.ts'
import type { Step } from '../workflow/step.ts'
import { asScalar, findPair, resolve } from '../workflow/nodes.ts'
import { everyStep } from '../workflow/step.ts'

const JOB_TOKEN = /\$\{\{[^}]{0,500}(?:\bgithub\s*(?:\.\s*token\b|\[\s*'token')|\bsecrets\s*(?:\.\s*GITHUB_TOKEN\b|\[\s*'GITHUB_TOKEN')|toJSON\(\s*(?:github|secrets)\s*\))/i
const OTHER_TOKEN = /\$\{\{[^}]{0,500}(?:\bsecrets\s*[.[]|\bsteps\s*\.|\binputs\s*[.[]|\bneeds\s*\.)/i

const isJobToken = (text: string): boolean => JOB_TOKEN.test(text)

/** A credential of somebody else: a secret, or what a step or caller hands over. */
export const isOtherToken = (text: string): boolean => !JOB_TOKEN.test(text) && OTHER_TOKEN.test(text)

const known = new WeakMap<YamlNode, boolean>()

/** Whether any scalar below a node hands over the job's token. */
export function handsOverToken(node: YamlNode | null): boolean {
  const value = node && resolve(node)
  if (!value) return false
  let answer = known.get(value)
  if (answer === undefined) known.set(value, (answer = contains(value)))
  return answer
}

function contains(value: MappingNode | SequenceNode | ScalarNode): boolean {
  switch (value.kind) {
    case 'scalar': return isJobToken(value.text)
    case 'mapping': return value.pairs.some((pair) => handsOverToken(pair.value))
    case 'sequence': return value.items.some(handsOverToken)
  }
}

/** The environment variables that the step sees, the step's own first. */
export function environmentsOf({ env, job }: Step): readonly MappingNode[] {
  return [env, job?.env ?? null, job?.workflow.env ?? null].filter((level) => level !== null)
}

/** The text of a variable in the nearest `env`; undefined when none sets it. */
export function variableOf(step: Step, name: string): string | undefined {
  for (const env of environmentsOf(step)) {
    const pair = findPair(env, name)
    if (pair) return asScalar(pair.value)?.text
  }
  return undefined
}

/** Whether `git` in this step could use the job's token, because a checkout before it left it on the disk; a composite action's caller may have. */
export function hasGitCredentials(step: Step): boolean {
  if (step.job === null) return true
  let first = leaving.get(step.job)
  if (first === undefined) leaving.set(step.job, (first = everyStep(step.job.steps).find(leavesCredentials)?.node.start ?? Infinity))
  return step.node.start > first
}

/** Offset of a job's first checkout that leaves the token on the disk. */
const leaving = new WeakMap<Job, number>()

function leavesCredentials({ uses, with: inputs }: Step): boolean {
  if (uses?.name.toLowerCase() !== 'actions/checkout') return false
  const input = (name: string): string | undefined => asScalar(findPair(inputs, name)?.value)?.text
  return input('persist-credentials') !== 'false' && !isOtherToken(input('token') ?? '') && input('ssh-key') === undefined
}

/** Whether the step's script or program holds the token as a variable or a literal. */
export function holdsToken(step: Step): boolean {
  return environmentsOf(step).some(handsOverToken) || (step.run !== null && isJobToken(step.run.text))
}
