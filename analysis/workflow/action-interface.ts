// The inputs that a step's action declares: of a local action from its metadata, of a listed one from the bundled data.
// Null for every other action, and for metadata that cannot be read.
import type { Uses } from './uses.ts'
import type { Repository } from './repository.ts'
import { usedVersion } from '../data/used-version.ts'
import { localTarget } from './local-target.ts'
import { inputsOf } from './action-fact.ts'
import { lookup } from './nodes.ts'

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
  /** Whether these are surely the inputs of the version in use. */
  readonly isExact: boolean
}

/** They pass on whatever they are given. */
const ANY_INPUT: ReadonlySet<string> = new Set(['octokit/graphql-action', 'octokit/request-action'])

export function declaredInputs(uses: Uses, repository: Repository): DeclaredInputs | null {
  if (uses.place === 'job') return null
  return uses.form === 'repository' ? listedInputs(uses) : localInputs(uses, repository)
}

function listedInputs(uses: Uses): DeclaredInputs | null {
  const used = usedVersion(uses)
  if (!used?.version.inputs || ANY_INPUT.has(uses.name.toLowerCase())) return null
  const { version, certainty } = used
  return {
    inputs: used.version.inputs.map(({ name, isRequired, isDeprecated }) => ({ name, isRequired, deprecation: isDeprecated ? '' : null })),
    isDocker: version.runtime === 'docker',
    isExact: certainty === 'exact',
  }
}

function localInputs(uses: Uses, repository: Repository): DeclaredInputs | null {
  const target = localTarget(uses, repository)
  const action = target?.kind === 'file' ? target.file.action : null
  if (!action || (lookup(action.node, 'inputs')?.kind ?? 'mapping') === 'sequence') return null
  return { inputs: inputsOf(action), isDocker: action.using?.text === 'docker', isExact: true }
}
