// Names the environment variable for an expression: the last telling parts of what it reads, in capitals.
import type { Expression } from '../syntax/expression.ts'
import { contextPath } from '../syntax/expression-paths.ts'

const DROPPED = new Set(['github', 'event', 'outputs', 'steps', 'needs', '*'])
const RESERVED = /^(?:GITHUB_|RUNNER_|ACTIONS_|INPUT_|CI$|PATH$|HOME$|SHELL$|USER$|PWD$|IFS$|ENV$|\d)/

/** `github.event.pull_request.title` becomes PULL_REQUEST_TITLE; a choice or a call is named after `origin`. Null when no legal name comes out. */
export function variableName(root: Expression, origin: string): string | null {
  const path = contextPath(root) ?? origin.toLowerCase().split('.')
  const parts = path.filter((part) => !DROPPED.has(part)).slice(-3)
  const suffix = root.kind === 'call' && root.name.toLowerCase() === 'tojson' ? ['json'] : []
  const name = [...(parts.length === 0 ? path.slice(-1) : parts), ...suffix].join('_').replace(/\W+/g, '_').replace(/^_+|_+$/g, '').toUpperCase()
  if (name === '') return null
  return RESERVED.test(name) ? `VALUE_${name}` : name
}
