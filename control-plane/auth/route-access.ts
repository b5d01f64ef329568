// Who may call which route: the only place that says so. The guard (guard-routes.ts) reads it for every route below /v1; a route
// without a row does not boot. What a service decides beyond that depends on data, such as that the last owner stays.
import type { Scope } from './principal.ts'
import type { Role } from './roles.ts'

export type RouteAccess = 'public' | {
  /** The least role of a person. */
  readonly role: Role
  /** What an API key needs, besides which the scope `admin` always does; null: no API key may. */
  readonly scope: Scope | null
  /** Whether a workflow run may, with its OIDC token. */
  readonly runs: boolean
}

export type RouteAccessTable = Readonly<Record<string, RouteAccess>>

const people = (role: Role, scope: Scope | null): RouteAccess => ({ role, scope, runs: false })
const peopleAndRuns = (role: Role, scope: Scope): RouteAccess => ({ role, scope, runs: true })

/** One row a route: method and path as they are registered, the least role of a person, the scope of an API key. */
export const ROUTE_ACCESS: RouteAccessTable = {
  'GET /v1/auth/github': 'public',
  'GET /v1/auth/github/callback': 'public',
  'GET /v1/auth/session': people('viewer', 'analyses:read'),
  'DELETE /v1/auth/session': people('viewer', null),

  'POST /v1/analyses': peopleAndRuns('member', 'analyses:write'),
  'GET /v1/analyses/:id': peopleAndRuns('viewer', 'analyses:read'),
  'GET /v1/analyses/:id/events': peopleAndRuns('viewer', 'analyses:read'),
  'GET /v1/events': people('viewer', 'analyses:read'),

  'GET /v1/repositories': people('viewer', 'analyses:read'),
  'GET /v1/repositories/:id': people('viewer', 'analyses:read'),
  'GET /v1/repositories/:id/baseline': people('viewer', 'analyses:read'),
  'PUT /v1/repositories/:id/baseline': people('admin', 'admin'),
  'GET /v1/repositories/:id/baseline/versions': people('viewer', 'analyses:read'),
  'GET /v1/repositories/:id/baseline/drift': people('viewer', 'analyses:read'),
  'GET /v1/findings': people('viewer', 'analyses:read'),
  'POST /v1/findings/:id/dismiss': people('member', 'admin'),
  'POST /v1/findings/:id/undismiss': people('member', 'admin'),

  'GET /v1/pull-requests': people('viewer', 'analyses:read'),

  'GET /v1/fleet': people('viewer', 'analyses:read'),
  'GET /v1/divergence': people('viewer', 'analyses:read'),
  'GET /v1/calendar': people('viewer', 'analyses:read'),
  'GET /v1/calendar.ics': 'public',
  'GET /v1/calendar/feeds': people('admin', 'admin'),
  'POST /v1/calendar/feeds': people('admin', 'admin'),
  'DELETE /v1/calendar/feeds/:id': people('admin', 'admin'),

  'GET /v1/scans': people('viewer', 'analyses:read'),
  'PUT /v1/scans': people('admin', 'admin'),
  'POST /v1/scans/run': people('admin', 'admin'),

  'GET /v1/policy': peopleAndRuns('viewer', 'analyses:read'),
  'PUT /v1/policy': people('admin', 'admin'),
  'GET /v1/policy/versions': people('viewer', 'analyses:read'),
  'POST /v1/policy/preview': people('viewer', 'analyses:read'),

  'GET /v1/ai/settings': people('viewer', 'analyses:read'),
  'PUT /v1/ai/settings': people('owner', 'admin'),

  'GET /v1/models': people('viewer', 'analyses:read'),
  'POST /v1/models': people('admin', 'admin'),
  'POST /v1/models/end': people('admin', 'admin'),
  'GET /v1/prices': people('viewer', 'analyses:read'),
  'POST /v1/prices': people('admin', 'admin'),
  'POST /v1/prices/end': people('admin', 'admin'),

  'GET /v1/usage': people('admin', 'admin'),
  'GET /v1/usage/forecast': people('admin', 'admin'),
  'GET /v1/quotas': people('admin', 'admin'),
  'GET /v1/quotas/:id': people('admin', 'admin'),
  'PUT /v1/quotas/:id': people('admin', 'admin'),
  'PUT /v1/quotas/:id/override': people('admin', 'admin'),
  'DELETE /v1/quotas/:id': people('admin', 'admin'),

  'GET /v1/api-keys': people('admin', 'admin'),
  'POST /v1/api-keys': people('admin', 'admin'),
  'DELETE /v1/api-keys/:id': people('admin', 'admin'),

  'GET /v1/members': people('viewer', 'admin'),
  'PUT /v1/members/:userId': people('admin', 'admin'),
  'DELETE /v1/members/:userId': people('admin', 'admin'),
  'GET /v1/invitations': people('admin', 'admin'),
  'POST /v1/invitations': people('admin', 'admin'),
  'DELETE /v1/invitations/:id': people('admin', 'admin'),
  'GET /v1/sessions': people('admin', 'admin'),
  'DELETE /v1/sessions/:id': people('admin', 'admin'),

  'GET /v1/github-tokens': people('admin', 'admin'),
  'PUT /v1/github-tokens': people('admin', 'admin'),
  'DELETE /v1/github-tokens': people('admin', 'admin'),

  'GET /v1/audit': people('admin', 'audit:read'),
  'GET /v1/audit/export': people('admin', 'audit:read'),
}
