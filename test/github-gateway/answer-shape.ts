// Makes the emulator's JSON what GitHub's would be: addresses of this gateway (an enterprise server's under /api/v3), the ids of
// owners and repositories that the test chose, release dates, bots that say they are bots.
import { field, refusal, textField, type GatewayAnswer } from './gateway-request.ts'
import type { Repository } from './repositories.ts'

export interface Addresses {
  readonly apiUrl: string
  readonly webUrl: string
}

/** The emulator's words where GitHub uses others. */
const REFUSALS: Readonly<Record<string, string>> = {
  'Update is not a fast-forward': 'Update is not a fast forward',
  'Invalid sha': 'Object does not exist',
}
const SIGNED = { verified: true, reason: 'valid', signature: '-----BEGIN PGP SIGNATURE-----', payload: null, verified_at: null }
const API_PATH = /^\/(?:repos|users|user|orgs|repositories|teams|notifications|applications)(?:[/{?]|$)/

export interface Shaping {
  readonly repository: Repository
  readonly addresses: Addresses
  readonly isSigned: (sha: unknown) => boolean
}

export function shapeAnswer(answer: GatewayAnswer, { repository, addresses, isSigned }: Shaping): GatewayAnswer {
  const { innerUrl } = repository.home
  const toOuter = (text: string) => (text.startsWith(innerUrl) ? outer(text.slice(innerUrl.length), addresses) : text)
  const link = answer.headers.link?.replaceAll(/<([^>]*)>/g, (_, url: string) => `<${toOuter(url)}>`)
  const headers = link ? { ...answer.headers, link } : answer.headers
  if (!answer.headers['content-type']?.includes('json') || answer.body.length === 0) return { ...answer, headers }
  if (answer.status >= 400) return refused(answer)
  const shaped: unknown = JSON.parse(answer.body.toString('utf8'), (_key, value: unknown) => {
    if (typeof value === 'string') return toOuter(value)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    const object = value as Record<string, unknown>
    return isSigned(object.sha) ? withSignature(object) : shapeObject(object, repository)
  })
  return { ...answer, headers, body: Buffer.from(JSON.stringify(shaped)) }
}

function refused({ status, body }: GatewayAnswer): GatewayAnswer {
  const json: unknown = JSON.parse(body.toString('utf8'))
  const message = textField(json, 'message')
  const errors = field(json, 'errors')
  return refusal(status, REFUSALS[message] ?? message, Array.isArray(errors) ? { errors: errors as object[] } : {})
}

function outer(path: string, { apiUrl, webUrl }: Addresses): string {
  return API_PATH.test(path) ? apiUrl + path : webUrl + path
}

/** The sha of a commit's git data stands beside its signature; that of a commit in a list stands above it. */
function withSignature(object: Record<string, unknown>): Record<string, unknown> {
  if ('verification' in object) return { ...object, verification: SIGNED }
  return typeof object.commit === 'object' && object.commit ? { ...object, commit: { ...object.commit, verification: SIGNED } } : object
}

function shapeObject(value: Record<string, unknown>, repository: Repository): Record<string, unknown> {
  if (value.full_name === repository.fullName) return { ...value, id: repository.id, default_branch: repository.defaultBranch, archived: repository.isArchived, disabled: repository.isDisabled, fork: repository.isFork, topics: repository.topics, pushed_at: repository.pushedAt.toISOString() }
  if (typeof value.login === 'string' && 'id' in value) {
    if (value.login === repository.owner) return { ...value, id: repository.ownerId }
    if (value.login.endsWith('[bot]')) return { ...value, type: 'Bot' }
  }
  if (typeof value.tag_name === 'string' && 'published_at' in value) {
    return { ...value, published_at: repository.publishedAt.get(value.tag_name) ?? value.published_at }
  }
  return value
}
