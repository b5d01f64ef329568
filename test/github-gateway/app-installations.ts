// A GitHub App's side of the API: its installations, found with a token that it signs itself, their tokens, and the revoking of
// tokens. Tokens are the gateway's own, so that they reach what any other would.
import { randomBytes, type KeyObject } from 'node:crypto'
import { decodeJwt, jwtVerify } from 'jose'
import { field, jsonAnswer, refusal, type GatewayAnswer, type GatewayRequest } from './gateway-request.ts'
import type { createTokens, TokenOptions } from './tokens.ts'

interface Installation {
  readonly id: number
  readonly account: { readonly id: number; readonly login: string }
  readonly permissions: TokenOptions['permissions']
  readonly issued: string[]
  suspended: boolean
}

/** One attempt at telling a service of an event. */
export interface HookDelivery {
  readonly id: number
  readonly guid: string
  /** ISO 8601, UTC. */
  readonly deliveredAt: string
  readonly statusCode: number
  readonly event: string
  readonly payload: unknown
}

const FIRST_ID = 50_000_001
const HOUR_MS = 3_600_000
const LONGEST_JWT = '10m'

export function createAppInstallations(tokens: ReturnType<typeof createTokens>) {
  const apps = new Map<string, KeyObject>()
  const installations = new Map<number, Installation>()
  /** What POST /credentials/revoke was given. */
  const reported: string[] = []
  /** Newest first. */
  const deliveries: HookDelivery[] = []
  let now = () => new Date()

  async function isApp({ headers }: GatewayRequest): Promise<boolean> {
    const [, jwt = ''] = /^bearer (\S+)$/i.exec(headers.authorization ?? '') ?? []
    try {
      const key = apps.get(decodeJwt(jwt).iss ?? '')
      if (key !== undefined) await jwtVerify(jwt, key, { algorithms: ['RS256'], maxTokenAge: LONGEST_JWT, currentDate: now(), requiredClaims: ['exp'] })
      return key !== undefined
    } catch {
      return false
    }
  }

  async function asApp(request: GatewayRequest): Promise<GatewayAnswer | null> {
    const [, owner] = /^\/(?:orgs|users)\/([^/]+)\/installation$/.exec(request.path) ?? []
    const [, number] = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(request.path) ?? []
    if (owner === undefined && number === undefined) return null
    if (!(await isApp(request))) return refusal(401, 'A JSON web token could not be decoded')
    const found = [...installations.values()].find(({ id, account }) => String(id) === number || account.login.toLowerCase() === owner?.toLowerCase())
    if (!found) return refusal(404, 'Not Found')
    const { id, account, permissions, suspended, issued } = found
    if (request.method === 'GET') return jsonAnswer(200, { id, account, permissions, suspended_at: suspended ? new Date().toISOString() : null })
    const token = tokens.issue({ owner: account.login, permissions, label: `installation-${id}` })
    issued.push(token)
    return jsonAnswer(201, { token, expires_at: new Date(now().getTime() + HOUR_MS).toISOString(), permissions })
  }

  async function hookDeliveries(request: GatewayRequest): Promise<GatewayAnswer | null> {
    const [, number] = /^\/app\/hook\/deliveries\/(\d+)$/.exec(request.path) ?? []
    if (request.method !== 'GET' || !request.path.startsWith('/app/hook/deliveries')) return null
    if (!(await isApp(request))) return refusal(401, 'A JSON web token could not be decoded')
    if (number !== undefined) {
      const found = deliveries.find(({ id }) => String(id) === number)
      return found ? jsonAnswer(200, { ...listed(found), request: { headers: {}, payload: found.payload }, response: {} }) : refusal(404, 'Not Found')
    }
    const [size, from] = [Number(request.query.get('per_page') ?? '30'), Number(request.query.get('cursor') ?? '0')]
    const next = from + size < deliveries.length ? { link: `<http://${request.headers.host ?? ''}${request.path}?per_page=${size}&cursor=${from + size}>; rel="next"` } : {}
    return jsonAnswer(200, deliveries.slice(from, from + size).map(listed), next)
  }

  function revoking(request: GatewayRequest): GatewayAnswer | null {
    const { method, path, headers, json } = request
    if (method === 'DELETE' && path === '/installation/token') {
      if (typeof request.token !== 'object' || !request.token) return refusal(401, 'Bad credentials')
      tokens.revoke(headers.authorization?.split(' ')[1] ?? '')
      return { status: 204, headers: {}, body: Buffer.alloc(0) }
    }
    if (method !== 'POST' || path !== '/credentials/revoke') return null
    if (headers.authorization !== undefined) return refusal(403, 'This endpoint takes no credentials')
    const given = field(json, 'credentials')
    const credentials = Array.isArray(given) ? given.filter((each): each is string => typeof each === 'string') : []
    credentials.forEach((each) => { tokens.revoke(each) })
    reported.push(...credentials)
    return jsonAnswer(202, {})
  }

  return {
    /** Before it is called: the machine's clock. */
    followClock: (clock: () => Date): void => { now = clock },
    registerApp: (id: string, publicKey: KeyObject): void => { apps.set(id, publicKey) },
    /** The installation's id. */
    install(account: Installation['account'], permissions: TokenOptions['permissions']): number {
      const id = FIRST_ID + installations.size + randomBytes(2).readUInt16BE()
      installations.set(id, { id, account, permissions, issued: [], suspended: false })
      return id
    },
    /** Its tokens end with it. */
    uninstall(id: number): void {
      installations.get(id)?.issued.forEach((token) => { tokens.revoke(token) })
      installations.delete(id)
    },
    /** The newest. */
    delivered: (delivery: HookDelivery): void => { deliveries.unshift(delivery) },
    suspend(id: number): void {
      const found = installations.get(id)
      if (found) found.suspended = true
    },
    /** Whether this value was reported as one to revoke. */
    wasReported: (token: string): boolean => reported.includes(token),
    /** Null for what is not about Apps and their tokens. */
    answer: async (request: GatewayRequest): Promise<GatewayAnswer | null> => (await asApp(request)) ?? (await hookDeliveries(request)) ?? revoking(request),
  }
}

const listed = ({ id, guid, deliveredAt, statusCode, event }: HookDelivery) =>
  ({ id, guid, delivered_at: deliveredAt, redelivery: false, duration: 0.1, status: statusCode === 200 ? 'OK' : 'Invalid HTTP Response', status_code: statusCode, event, action: null, installation_id: 1, repository_id: null })
