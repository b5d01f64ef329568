// What credentials allow. A workflow run may submit and read analyses; an API key what its scopes say.
import { AppError } from '../errors.ts'
import type { Principal, Scope } from './principal.ts'

const WORKFLOW_RUN: readonly Scope[] = ['analyses:write', 'analyses:read']

/** Throws FORBIDDEN. The scope `admin` contains all others. */
export function requireScope(principal: Principal, scope: Scope): void {
  const scopes = principal.kind === 'api-key' ? principal.scopes : WORKFLOW_RUN
  if (!scopes.includes(scope) && !scopes.includes('admin')) throw new AppError('FORBIDDEN', { detail: `the scope ${scope} is needed` })
}
