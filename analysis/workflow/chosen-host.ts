// Whether an input, a dispatch or a matrix chooses the host of a request. Leaves out hosts that the file, a setting or the code
// host names, and those of an outsider's choice (request-forgery).
import type { Repository } from './repository.ts'
import type { Step } from './step.ts'
import { parseExpression } from '../syntax/expression.ts'
import { expansionOf } from './expansion-kind.ts'
import { isOutsiders } from './code-expansions.ts'
import { originsOf } from './value-origin.ts'

const CHOSEN: ReadonlySet<string> = new Set(['writer', 'input', 'undeclared', 'matrix'])

/** `host` is a `$VARIABLE` or an expression with its braces; the expression that chooses, null when none does. */
export function chosenHost(step: Step, host: string, repository: Repository): string | null {
  const text = /\$\{\{(.*?)\}\}/.exec(host)?.[1]?.trim() ?? variableText(step, /\$\{?(\w+)/.exec(host)?.[1] ?? '')
  const root = text === null ? null : parseExpression(text).root
  if (root === null || text === null) return null
  const scope = { step, job: step.job }
  if (originsOf(root, scope, repository).some((origin) => isOutsiders(origin, repository))) return null
  return CHOSEN.has(expansionOf(root, scope)?.kind ?? '') ? text : null
}

/** The expression that the nearest `env` gives a variable first. */
function variableText(step: Step, name: string): string | null {
  for (const level of [step.env, step.job?.env, step.job?.workflow.env]) {
    const value = level?.pairs.find(({ key }) => key.text === name)?.value
    if (value !== undefined) return value.kind === 'scalar' ? (/^(?:https?:\/\/)?\$\{\{(.*?)\}\}/.exec(value.text)?.[1]?.trim() ?? null) : null
  }
  return null
}
