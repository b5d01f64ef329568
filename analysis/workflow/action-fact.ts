// What rules ask of the metadata of somebody else's action or called workflow, read from its text.
import type { ActionFact, ActionInputFact } from '../fact.ts'
import type { ActionMetadata } from './action-metadata.ts'
import { asScalar, findPair, lookup } from './nodes.ts'
import { createPipelineFile } from './pipeline-file.ts'
import { everyStep } from './step.ts'

const TOKEN = /\bgithub\.token\b|\bsecrets\.GITHUB_TOKEN\b/i

/** Null for a text that is neither an action nor a workflow. `path` is the file's, which says which of both it is. */
export function readActionFact(path: string, text: string): ActionFact | null {
  const file = createPipelineFile(path, text)
  const { action, workflow } = file
  if (action !== null) {
    const nested = everyStep(action.steps).flatMap(({ uses }) => (uses === null ? [] : [uses.text]))
    return { runtime: action.using?.text.toLowerCase() ?? null, inputs: inputsOf(action), nested: unique(nested) }
  }
  if (workflow === null) return null
  const nested = workflow.jobs.flatMap((job) => [job.uses, ...everyStep(job.steps).map(({ uses }) => uses)])
  return { runtime: null, inputs: [], nested: unique(nested.flatMap((uses) => (uses === null ? [] : [uses.text]))) }
}

/** The inputs that an action's metadata declares. */
export function inputsOf(action: ActionMetadata): readonly ActionInputFact[] {
  return action.inputs.map(({ name, node }) => ({
    name,
    isRequired: /^(?:true|yes|on|y)$/i.test(asScalar(lookup(node, 'required'))?.text ?? '') && findPair(node, 'default') === undefined,
    takesToken: TOKEN.test(asScalar(lookup(node, 'default'))?.text ?? ''),
    deprecation: asScalar(lookup(node, 'deprecationMessage'))?.text.trim() || null,
  }))
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)]
