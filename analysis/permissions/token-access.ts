// How a step could get hold of GITHUB_TOKEN: handed to it in `env` or `with`, written in its script, or left by a checkout.
import type { MappingNode, YamlNode } from '../source/node.ts'
import type { Step } from '../workflow/step.ts'
import { asScalar, findPair, resolve } from '../workflow/nodes.ts'
import { everyStep } from '../workflow/step.ts'

const JOB_TOKEN = /\$\{\{[^}]*(?:\bgithub\s*(?:\.\s*token\b|\[\s*'token')|\bsecrets\s*(?:\.\s*GITHUB_TOKEN\b|\[\s*'GITHUB_TOKEN')|toJSON\(\s*(?:github|secrets)\s*\))/i
const OTHER_TOKEN = /\$\{\{[^}]*(?:\bsecrets\s*[.[]|\bsteps\s*\.|\binputs\s*[.[]|\bneeds\s*\.)/i

export const isJobToken = (text: string): boolean => JOB_TOKEN.test(text)

/** A credential of somebody else: a secret, or what a step or caller hands over. */
export const isOtherToken = (text: string): boolean => !JOB_TOKEN.test(text) && OTHER_TOKEN.test(text)

/** Whether any scalar below a node hands over the job's token. */
export function handsOverToken(node: YamlNode | null): boolean {
  const value = node && resolve(node)
  switch (value?.kind) {
    case 'scalar': return isJobToken(value.text)
    case 'mapping': return value.pairs.some((pair) => handsOverToken(pair.value))
    case 'sequence': return value.items.some(handsOverToken)
    default: return false
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
  const steps = everyStep(step.job.steps)
  return steps.slice(0, steps.indexOf(step)).some(({ uses, with: inputs }) => {
    if (uses?.name.toLowerCase() !== 'actions/checkout') return false
    const input = (name: string): string | undefined => asScalar(findPair(inputs, name)?.value)?.text
    return input('persist-credentials') !== 'false' && !isOtherToken(input('token') ?? '') && input('ssh-key') === undefined
  })
}

/** Whether the step's script or program holds the token as a variable or a literal. */
export function holdsToken(step: Step): boolean {
  return environmentsOf(step).some(handsOverToken) || (step.run !== null && isJobToken(step.run.text))
}
