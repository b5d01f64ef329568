// What a step that uses an action needs: by the table, by what it is handed, and for local composite actions by their steps.
import type { ConditionalNeeds } from '../data/permissions.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { Repository } from '../workflow/repository.ts'
import type { Step } from '../workflow/step.ts'
import type { TokenNeeds } from './needs.ts'
import { actionRow } from '../data/permissions.ts'
import { asScalar, hasExpression } from '../workflow/nodes.ts'
import { scriptNeeds } from './api-needs.ts'
import { addNeeds, needsOf, NO_NEEDS, unknownNeeds } from './needs.ts'
import { environmentsOf, handsOverToken, isOtherToken, variableOf } from './token-access.ts'

/** What the action of a step needs; `follow` gives the needs of a local action's steps. */
export function actionNeeds(step: Step, repository: Repository, follow: (steps: readonly Step[]) => TokenNeeds): TokenNeeds {
  const { uses } = step
  if (uses === null) return NO_NEEDS
  const isHanded = handsOverToken(step.with) || environmentsOf(step).some(handsOverToken)
  switch (uses.form) {
    case 'docker': return isHanded ? unknownNeeds(uses.text) : NO_NEEDS
    case 'local': case 'self': return localNeeds(step, repository, { follow, isHanded })
    case 'repository': return repositoryNeeds(step, uses.name, isHanded)
    default: return unknownNeeds(uses.text)
  }
}

function localNeeds(step: Step, repository: Repository, { follow, isHanded }: { follow: (steps: readonly Step[]) => TokenNeeds; isHanded: boolean }): TokenNeeds {
  const text = step.uses?.text ?? ''
  const folder = text.replace(/^(?:\.|\$)\/?/, '').replace(/\/$/, '')
  const find = (name: string): PipelineFile | undefined => repository.file(folder === '' ? name : `${folder}/${name}`)
  const action = (find('action.yml') ?? find('action.yaml'))?.action
  if (!action) return unknownNeeds(text)
  if (action.steps.length > 0) return isHanded ? addNeeds([follow(action.steps), unknownNeeds(text)]) : follow(action.steps)
  const takesToken = action.inputs.some(({ node }) => handsOverToken(node))
  return takesToken || isHanded ? unknownNeeds(text) : NO_NEEDS
}

function repositoryNeeds(step: Step, name: string, isHanded: boolean): TokenNeeds {
  const input = (key: string): string | undefined => asScalar(step.with?.pairs.find((pair) => pair.key.text.toLowerCase() === key)?.value)?.text
  if (usesOtherToken(step)) return name.toLowerCase() === 'actions/checkout' ? NO_NEEDS : withoutOwnToken(step, name)
  switch (name.toLowerCase()) {
    case 'actions/github-script': return scriptNeeds(input('script') ?? '')
    case 'docker/login-action': return registryNeeds(step, input('registry'))
  }
  const row = actionRow(name)
  if (row === undefined) return unknownNeeds(name)
  // Handing the token to an action that takes none by itself says that it does more than the table knows.
  if (isHanded && Object.keys(row.needs).length === 0 && row.when === undefined && handsOverToken(step.with)) return unknownNeeds(name)
  const conditional = (row.when ?? []).map((condition) => conditionalNeeds(step, condition, { input, name }))
  const dropped = new Set(conditional.flatMap(({ drops }) => drops))
  const own = Object.fromEntries(Object.entries(row.needs).filter(([scope]) => !dropped.has(scope)))
  return addNeeds([needsOf(own), ...conditional.map(({ needs }) => needs)])
}

/** With somebody else's token the action's calls are not the job token's; being identified by OIDC still is. */
function withoutOwnToken(step: Step, name: string): TokenNeeds {
  const row = actionRow(name)
  return row?.needs['id-token'] === undefined ? NO_NEEDS : needsOf({ 'id-token': 'write' })
}

function usesOtherToken({ with: inputs }: Step): boolean {
  return inputs?.pairs.some(({ key, value }) => /token/i.test(key.text) && isOtherToken(asScalar(value)?.text ?? '')) === true
}

interface Conditional {
  readonly needs: TokenNeeds
  readonly drops: readonly string[]
}

function conditionalNeeds(step: Step, condition: ConditionalNeeds, { input, name }: { input: (key: string) => string | undefined; name: string }): Conditional {
  const applies = { needs: needsOf(condition.needs ?? {}), drops: Object.keys(condition.drops ?? {}) }
  const never = { needs: NO_NEEDS, drops: [] }
  if (condition.unless !== undefined) return { needs: unknownNeeds(`${name} (${condition.unless})`), drops: [] }
  if (condition.private === true) return applies
  if (condition.events !== undefined) {
    const triggers = step.job?.workflow.triggers.map((trigger) => trigger.name) ?? ['workflow_call']
    return triggers.some((trigger) => trigger === 'workflow_call' || condition.events?.includes(trigger)) ? applies : never
  }
  if (condition.env !== undefined) return variableOf(step, condition.env) === undefined ? never : applies
  const value = input(condition.input ?? '')
  if (value === undefined) return condition.byDefault === true ? applies : never
  if (condition.value === undefined) return applies
  if (hasExpression(value)) return { needs: addNeeds([applies.needs, unknownNeeds(`${name} with ${condition.input ?? ''}: ${value}`)]), drops: [] }
  return condition.value.split('|').includes(value.trim()) ? applies : never
}

/** Whoever logs in to GitHub's own registry with the job's token reads or writes packages there. */
function registryNeeds(step: Step, registry: string | undefined): TokenNeeds {
  if (!handsOverToken(step.with)) return NO_NEEDS
  const variable = /^\$\{\{\s*env\.(\w+)\s*\}\}$/.exec(registry ?? '')?.[1]
  const host = variable === undefined ? (registry ?? '') : (variableOf(step, variable) ?? registry ?? '')
  if (hasExpression(host)) return addNeeds([needsOf({ packages: 'write' }), unknownNeeds(`docker/login-action at ${host}`)])
  return /ghcr\.io|pkg\.github\.com/.test(host) ? needsOf({ packages: 'write' }) : NO_NEEDS
}
