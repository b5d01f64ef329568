// What a person may do in a repository, as GitHub tells it: admin, write, read or none, 404 for somebody who does not exist. The
// emulator takes every member of an organisation for an admin.
import { jsonAnswer, refusal, type GatewayAnswer, type GatewayRequest } from './gateway-request.ts'
import type { Repository } from './repositories.ts'

export type RepositoryPermission = 'admin' | 'write' | 'read'

const PATH = /^collaborators\/([^/]+)\/permission$/

/** Null for every other request. */
export function answerPermission(request: GatewayRequest, { collaborators, private: isPrivate }: Repository): GatewayAnswer | null {
  const login = request.method === 'GET' ? PATH.exec(request.rest)?.[1] : undefined
  if (login === undefined) return null
  if (login === 'nobody') return refusal(404, 'nobody is not a user')
  const permission = collaborators.get(login) ?? (isPrivate ? 'none' : 'read')
  return jsonAnswer(200, { permission, role_name: permission, user: { login } })
}
