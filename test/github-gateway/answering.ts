// The order in which a request is answered: what is no repository's, permissions, what GitHub refuses and the emulator does not,
// then the emulator with its answer put into GitHub's shape. Writes to one repository go one after the other, as GitHub's checks
// and writes are one.
import { shapeAnswer, type Addresses } from './answer-shape.ts'
import { answerPermission } from './collaborators.ts'
import { cutTree, listTags, refuseBranchWrite, refuseEmpty } from './git-data.ts'
import { withEtag } from './etags.ts'
import { jsonAnswer, refusal, splitRepositoryPath, type GatewayAnswer, type GatewayRequest } from './gateway-request.ts'
import { refuseWithoutPermission } from './permissions.ts'
import type { KnownRepository } from './seeding.ts'
import type { PublicData } from './public-data.ts'
import { answerLists, type ListParts } from './repository-lists.ts'
import { withOwnCommits, withPublishedCommits } from './published-commits.ts'
import { createSignatures } from './signatures.ts'
import { APP_BOT } from './tokens.ts'
import { answerWebPage } from './web-pages.ts'

const ENTERPRISE_VERSION = '3.19.1'

interface AnsweringParts {
  readonly find: (fullName: string) => KnownRepository | null
  readonly addresses: Addresses
  readonly enterprise: boolean
  readonly publicData: PublicData
  readonly lists: Omit<ListParts, 'addresses'>
  /** The repository's id when it is called otherwise now; null for all others. */
  readonly movedTo: (fullName: string) => number | null
  readonly findById: (id: number) => KnownRepository | null
  /** Answers before anything else: sign-ins and Apps bring credentials of their own. Null leaves it to the rest. */
  readonly first: (request: GatewayRequest) => Promise<GatewayAnswer | null>
}

export function createAnswering({ find, addresses, enterprise, publicData, lists, movedTo, findById, first }: AnsweringParts) {
  const signatures = createSignatures()
  const queues = new Map<string, Promise<unknown>>()

  function inTurn(key: string, work: () => Promise<GatewayAnswer>): Promise<GatewayAnswer> {
    const turn = (queues.get(key) ?? Promise.resolve()).then(work, work)
    queues.set(key, turn.catch(() => undefined))
    return turn
  }

  async function answerRepository(asked: GatewayRequest, known: KnownRepository): Promise<GatewayAnswer> {
    const { repository, pulls } = known
    const request = withOwnCommits(asked, repository.publishedCommits)
    const refused = refuseBranchWrite(request, repository) ?? (await refuseEmpty(request, repository))
    if (refused) return refused
    const deleted = request.method === 'DELETE' ? /^git\/refs\/heads\/(.+)$/.exec(request.rest)?.[1] : undefined
    if (deleted !== undefined) await pulls.closeFor(deleted)
    const forward = () => {
      const [path, raw] = [canonicalPath(request, repository.fullName), signatures.bodyOf(request)]
      return repository.home.ask({ method: request.method, path, raw, actor: actorOf(request), headers: acceptOf(request) })
    }
    const answer = (await pulls.answer(request, forward)) ?? answerPermission(request, repository) ?? (await listTags(request, repository)) ?? (await forward())
    signatures.note(request, answer)
    return withPublishedCommits(shapeAnswer(cutTree(request, repository, answer), { repository, addresses, isSigned: signatures.has }), repository.publishedCommits)
  }

  return {
    async answer(request: GatewayRequest): Promise<GatewayAnswer> {
      const early = publicData.answer(request) ?? (await first(request))
      if (early !== null) return early
      if (request.token === 'unknown') return refusal(401, 'Bad credentials')
      const list = answerLists(request, { ...lists, addresses })
      if (list !== null) return withEtag(request, list)
      const byId = /^\/repositories\/(\d+)(\/.*)?$/.exec(request.path)
      const moved = byId === null ? null : findById(Number(byId[1]))
      if (moved !== null) return this.answer(asNamed(request, moved.repository.fullName, byId?.[2] ?? ''))
      const { repository: named } = request
      if (named === null) return (await answerWebPage(request, find)) ?? outsideRepositories(request, enterprise)
      const id = movedTo(`${named.owner}/${named.name}`)
      if (id !== null) return redirect(request, `${addresses.apiUrl}/repositories/${id}`)
      const known = find(`${named.owner}/${named.name}`)
      if (!known) return refusal(404, 'Not Found')
      const refused = refuseWithoutPermission(request, known.repository.private ? 'private' : 'public')
      if (refused) return refused
      if (request.method === 'GET' || request.method === 'HEAD') return withEtag(request, await answerRepository(request, known))
      if (request.rest.startsWith('git/refs')) known.repository.pushedAt = new Date()
      return inTurn(known.repository.fullName, () => answerRepository(request, known))
    },
  }
}

/** Adds what every answer of the host carries. */
export function withHostHeaders(answer: GatewayAnswer, host: { limits: Record<string, string>; enterprise: boolean }): GatewayAnswer {
  const version = host.enterprise ? { 'x-github-enterprise-version': `enterprise-server@${ENTERPRISE_VERSION}` } : {}
  const length = answer.status === 304 ? {} : { 'content-length': String(answer.body.length) }
  return { ...answer, headers: { ...host.limits, ...version, 'x-github-media-type': 'github.v3; format=json', ...answer.headers, ...length } }
}

function outsideRepositories(request: GatewayRequest, enterprise: boolean): GatewayAnswer {
  if (request.path === '/meta') {
    const version = enterprise ? { installed_version: ENTERPRISE_VERSION } : {}
    return jsonAnswer(200, { verifiable_password_authentication: true, ...version })
  }
  if (request.path === '/graphql') return refusal(403, 'GraphQL is not available here')
  if (request.path === '/user' && request.token === null) return refusal(401, 'Requires authentication')
  return refusal(404, 'Not Found')
}

/** As GitHub does for a name that a repository had before. */
function redirect({ path, query }: GatewayRequest, target: string): GatewayAnswer {
  const rest = path.split('/').slice(4).join('/')
  const url = `${target}${rest ? `/${rest}` : ''}${query.size > 0 ? `?${query.toString()}` : ''}`
  return jsonAnswer(301, { message: 'Moved Permanently', url }, { location: url })
}

function asNamed(request: GatewayRequest, fullName: string, rest: string): GatewayRequest {
  const path = `/repos/${fullName}${rest}`
  return { ...request, path, ...splitRepositoryPath(path) }
}

function canonicalPath(request: GatewayRequest, fullName: string): string {
  const rest = request.path.split('/').slice(4).join('/')
  const query = request.query.toString()
  return `/repos/${fullName}${rest ? `/${rest}` : ''}${query ? `?${query}` : ''}`
}

function actorOf(request: GatewayRequest): string {
  return typeof request.token === 'object' && request.token ? request.token.actor : APP_BOT
}

function acceptOf(request: GatewayRequest): Record<string, string> {
  return request.headers.accept ? { accept: request.headers.accept } : {}
}
