// What credentials allow. A workflow run may submit and read analyses; an API key what its scopes say.
import { AppError } from '../errors.ts'
import type { Principal, Scope } from './principal.ts'

const WORKFLOW_RUN: readonly Scope[] = ['analyses:write', 'analyses:read']

/** Throws FORBIDDEN. The scope `admin` contains all others. */
export function requireScope(principal: Principal, scope: Scope): void {
  const scopes = principal.kind === 'api-key' ? principal.scopes : WORKFLOW_RUN
  if (!scopes.includes(scope) && !scopes.includes('admin')) throw new AppError('FORBIDDEN', { detail: `the scope ${scope} is needed` })
}

/** For what belongs to the whole organisation: a workflow run speaks for its own repository only. Throws FORBIDDEN. */
export function requireOrganisation(principal: Principal, scope: Scope): void {
  if (principal.kind === 'oidc') throw new AppError('FORBIDDEN', { detail: 'a workflow run cannot see the whole organisation; use an API key' })
  requireScope(principal, scope)
}
