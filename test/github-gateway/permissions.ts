// What a request needs, and the refusal that GitHub gives without it: 401 for an unknown token, 404 for what the caller may not
// know about, 403 "Resource not accessible by integration" for a permission that was not granted.
import { field, refusal, textField, type GatewayAnswer, type GatewayRequest } from './gateway-request.ts'
import { allows, reaches, type PermissionName } from './tokens.ts'

const NOT_ACCESSIBLE = 'Resource not accessible by integration'

/** First match wins; what matches none needs `metadata`. Several names: any of them is enough. */
const NEEDS: readonly (readonly [RegExp, readonly PermissionName[]])[] = [
  [/^pulls\b/, ['pull_requests']],
  [/^issues\b/, ['issues', 'pull_requests']],
  [/^(?:contents|git|commits|compare|branches|tags|releases|merges|readme|tarball|zipball)\b/, ['contents']],
  [/^(?:check-runs|check-suites)\b/, ['checks']],
  [/^actions\b/, ['actions']],
]

/** The refusal, or null when the request may go on. `visibility` is of a repository that exists. */
export function refuseWithoutPermission(request: GatewayRequest, visibility: 'public' | 'private'): GatewayAnswer | null {
  const { token, repository } = request
  const reading = request.method === 'GET' || request.method === 'HEAD'
  if (token === 'unknown') return refusal(401, 'Bad credentials')
  if (repository === null) return null
  if (token === null) {
    if (visibility === 'private') return refusal(404, 'Not Found')
    return reading ? null : refusal(401, 'Requires authentication')
  }
  if (!reaches(token, repository.owner, repository.name)) {
    if (visibility === 'private') return refusal(404, 'Not Found')
    return reading ? null : refusal(403, NOT_ACCESSIBLE)
  }
  const access = reading ? 'read' : 'write'
  const needed = NEEDS.find(([pattern]) => pattern.test(request.rest))?.[1] ?? (reading ? ['metadata'] : ['administration'])
  const granted = needed.some((name) => allows(token, name, access)) || (reading && (visibility === 'public' || needed[0] === 'metadata'))
  if (!granted) return refusal(403, NOT_ACCESSIBLE, { headers: accepted(needed.map((name) => `${name}=${access}`)) })
  if (!reading && writesWorkflows(request) && !allows(token, 'workflows', 'write')) {
    return refusal(403, NOT_ACCESSIBLE, { headers: accepted(['contents=write,workflows=write']) })
  }
  return null
}

function accepted(alternatives: readonly string[]): Record<string, string> {
  return { 'x-accepted-github-permissions': alternatives.join('; ') }
}

function writesWorkflows(request: GatewayRequest): boolean {
  if (request.rest.startsWith('contents/')) return isWorkflowPath(request.rest.slice('contents/'.length))
  if (request.rest !== 'git/trees') return false
  const entries = field(request.json, 'tree')
  return Array.isArray(entries) && entries.some((entry) => isWorkflowPath(textField(entry, 'path')))
}

function isWorkflowPath(path: string): boolean {
  return path === '.github/workflows' || path.startsWith('.github/workflows/')
}
