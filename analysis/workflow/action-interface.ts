// The inputs that a step's action declares: of a local action from its metadata, of a listed one from the bundled data, of every
// other from what the code host has. Null while nobody knows, and for metadata that cannot be read.
import type { ActionVersion } from '../data/actions.ts'
import type { Uses } from './uses.ts'
import type { FactReader } from './running-version.ts'
import type { Repository } from './repository.ts'
import { versionsOf } from '../data/actions.ts'
import { usedVersion } from '../data/used-version.ts'
import { localTarget } from './local-target.ts'
import { inputsOf } from './action-fact.ts'
import { lookup } from './nodes.ts'

/** A part of ActionInputFact: what the bundled data knows too. */
export interface DeclaredInput {
  readonly name: string
  /** Required, and without a default. */
  readonly isRequired: boolean
  /** What the action says of it: '' when only that it is deprecated is known; null when it is not. */
  readonly deprecation: string | null
}

export interface DeclaredInputs {
  readonly inputs: readonly DeclaredInput[]
  /** A container also takes `args` and `entrypoint`. */
  readonly isDocker: boolean
  /** Whether an input that is missing here is unknown to the action; the bundled list may lack what a later release added. */
  readonly isWhole: boolean
  /** Whether these are surely the inputs of the version in use. */
  readonly isExact: boolean
}

/** They pass on whatever they are given. */
const ANY_INPUT: ReadonlySet<string> = new Set(['octokit/graphql-action', 'octokit/request-action'])

export function declaredInputs(uses: Uses, ctx: FactReader & { readonly repository: Repository }): DeclaredInputs | null {
  if (uses.place === 'job') return null
  if (uses.form !== 'repository') return localInputs(uses, ctx.repository)
  if (ANY_INPUT.has(uses.name.toLowerCase())) return null
  return listedInputs(uses) ?? remoteInputs(uses, ctx)
}

function listedInputs(uses: Uses): DeclaredInputs | null {
  const used = usedVersion(uses)
  if (!used?.version.inputs) return null
  const { version, certainty } = used
  return {
    inputs: used.version.inputs.map(({ name, isRequired, isDeprecated }) => ({ name, isRequired, deprecation: isDeprecated ? '' : null })),
    isDocker: version.runtime === 'docker',
    isWhole: certainty === 'exact' && isFinal(uses, version),
    isExact: certainty === 'exact',
  }
}

/** A major that others followed hardly gets new inputs; the newest may have got one since the list was written, and lists of pins are not sure. */
const isFinal = (uses: Uses, version: ActionVersion): boolean => !uses.isPinned && version.moves !== 'branch' && versionsOf(uses.name).at(-1) !== version

function remoteInputs({ name, ref }: Uses, facts: FactReader): DeclaredInputs | null {
  if (ref === null) return null
  const request = { kind: 'action', name, ref } as const
  facts.want(request)
  const answer = facts.fact(request)
  if (answer?.status !== 'known' || answer.value.runtime === null) return null
  const { inputs, runtime } = answer.value
  return { inputs, isDocker: runtime === 'docker', isWhole: true, isExact: true }
}

function localInputs(uses: Uses, repository: Repository): DeclaredInputs | null {
  const target = localTarget(uses, repository)
  const action = target?.kind === 'file' ? target.file.action : null
  if (!action || (lookup(action.node, 'inputs')?.kind ?? 'mapping') === 'sequence') return null
  return { inputs: inputsOf(action), isDocker: action.using?.text === 'docker', isWhole: true, isExact: true }
}
