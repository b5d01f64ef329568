// Makes the emulator's JSON what GitHub's would be: addresses of this gateway (an enterprise server's under /api/v3), the ids of
// owners and repositories that the test chose, release dates, bots that say they are bots.
import type { GatewayAnswer } from './gateway-request.ts'
import type { Repository } from './repositories.ts'

export interface Addresses {
  readonly apiUrl: string
  readonly webUrl: string
}

const API_PATH = /^\/(?:repos|users|user|orgs|repositories|teams|notifications|applications)(?:[/{?]|$)/

export function shapeAnswer(answer: GatewayAnswer, repository: Repository, addresses: Addresses): GatewayAnswer {
  const { innerUrl } = repository.home
  const toOuter = (text: string) => (text.startsWith(innerUrl) ? outer(text.slice(innerUrl.length), addresses) : text)
  const link = answer.headers.link?.replaceAll(/<([^>]*)>/g, (_, url: string) => `<${toOuter(url)}>`)
  const headers = link ? { ...answer.headers, link } : answer.headers
  if (!answer.headers['content-type']?.includes('json') || answer.body.length === 0) return { ...answer, headers }
  const shaped: unknown = JSON.parse(answer.body.toString('utf8'), (_key, value: unknown) => {
    if (typeof value === 'string') return toOuter(value)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? shapeObject(value as Record<string, unknown>, repository) : value
  })
  return { ...answer, headers, body: Buffer.from(JSON.stringify(shaped)) }
}

function outer(path: string, { apiUrl, webUrl }: Addresses): string {
  return API_PATH.test(path) ? apiUrl + path : webUrl + path
}

function shapeObject(value: Record<string, unknown>, repository: Repository): Record<string, unknown> {
  if (value.full_name === repository.fullName) return { ...value, id: repository.id, default_branch: repository.defaultBranch }
  if (typeof value.login === 'string' && 'id' in value) {
    if (value.login === repository.owner) return { ...value, id: repository.ownerId }
    if (value.login.endsWith('[bot]')) return { ...value, type: 'Bot' }
  }
  if (typeof value.tag_name === 'string' && 'published_at' in value) {
    return { ...value, published_at: repository.publishedAt.get(value.tag_name) ?? value.published_at }
  }
  return value
}
