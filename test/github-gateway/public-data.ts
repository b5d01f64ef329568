// What the gateway knows besides its repositories: organisations with their verification, published advisories, and a registry of
// images with GitHub's token flow. Leaves out people, every other registry, and images themselves: only their digests are there.
import type { OwnerType } from './emulated-owner.ts'
import { jsonAnswer, refusal, type GatewayAnswer, type GatewayRequest } from './gateway-request.ts'

export interface SeededAdvisory {
  readonly id: string
  readonly summary: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  readonly ecosystem: 'actions' | 'other'
  readonly package: string
  readonly range: string
  /** null: no version is without it. */
  readonly fixedIn: string | null
}

export type PublicData = ReturnType<typeof createPublicData>

const REGISTRY_TOKEN = 'anonymous-pull'

export function createPublicData(typeOf: (login: string) => OwnerType | null) {
  const verified = new Map<string, boolean>()
  const advisories: SeededAdvisory[] = []
  const images = new Map<string, string>()

  function answerOwner({ path }: GatewayRequest): GatewayAnswer | null {
    const [, kind, login = ''] = /^\/(users|orgs)\/([^/]+)$/.exec(path) ?? []
    if (kind === undefined) return null
    const type = typeOf(login)
    if (type === null || (kind === 'orgs' && type === 'User')) return refusal(404, 'Not Found')
    return jsonAnswer(200, { login, type, ...(kind === 'orgs' ? { is_verified: verified.get(login.toLowerCase()) ?? false } : {}) })
  }

  function answerAdvisories({ path, query }: GatewayRequest): GatewayAnswer | null {
    if (path !== '/advisories') return null
    const affects = new Set((query.get('affects') ?? '').toLowerCase().split(','))
    const found = advisories.filter((advisory) => advisory.ecosystem === query.get('ecosystem') && affects.has(advisory.package.toLowerCase()))
    return jsonAnswer(200, found.map(({ id, summary, severity, ecosystem, package: name, range, fixedIn }) => ({
      ghsa_id: id, summary, severity, withdrawn_at: null,
      vulnerabilities: [{ package: { ecosystem, name }, vulnerable_version_range: range, first_patched_version: fixedIn }],
    })))
  }

  function answerRegistry({ path, query, headers }: GatewayRequest): GatewayAnswer | null {
    if (path === '/registry/token') return jsonAnswer(200, { token: `${REGISTRY_TOKEN} ${query.get('scope') ?? ''}` })
    const [, name = '', tag = ''] = /^\/registry\/v2\/(.+)\/manifests\/([^/]+)$/.exec(path) ?? []
    if (name === '') return null
    if (headers.authorization !== `Bearer ${REGISTRY_TOKEN} repository:${name}:pull`) return jsonAnswer(401, { errors: [{ code: 'UNAUTHORIZED' }] })
    const digest = images.get(`${name}:${tag}`)
    return digest === undefined ? jsonAnswer(404, { errors: [{ code: 'MANIFEST_UNKNOWN' }] }) : jsonAnswer(200, {}, { 'docker-content-digest': digest })
  }

  return {
    /** Null for what is none of this. The registry stands below /registry, before any check of GitHub's tokens. */
    answer: (request: GatewayRequest): GatewayAnswer | null =>
      request.method === 'GET' || request.method === 'HEAD' ? (answerRegistry(request) ?? (request.token === 'unknown' ? null : (answerOwner(request) ?? answerAdvisories(request)))) : null,
    /** Whether the organisation has proved its domain. */
    setVerified: (login: string, isVerified: boolean): void => void verified.set(login.toLowerCase(), isVerified),
    publishAdvisory: (advisory: SeededAdvisory): void => void advisories.push(advisory),
    /** `name` with its namespace: `library/node:24`. */
    pushImage: (name: string, digest: string): void => void images.set(name, digest),
  }
}
