// Lists of repositories as GitHub gives them: an organisation's, those of an App's installation, and those of a token's own person,
// page by page with a Link header, each with what is visible to who asks; and accounts by their number.
import type { EmulatedOwner } from './emulated-owner.ts'
import { jsonAnswer, refusal, type GatewayAnswer, type GatewayRequest } from './gateway-request.ts'
import type { Addresses } from './answer-shape.ts'
import type { Repository } from './repositories.ts'
import { APP_BOT, reaches } from './tokens.ts'

export interface ListParts {
  readonly addresses: Addresses
  readonly owners: () => readonly EmulatedOwner[]
  readonly repositories: () => readonly Repository[]
}

const DEFAULT_PAGE = 30
const LONGEST_PAGE = 100

/** Null for what is no such list, and for what has to be refused before. */
export function answerLists(request: GatewayRequest, parts: ListParts): GatewayAnswer | null {
  const { method, path, token } = request
  if (method !== 'GET' || token === 'unknown') return null
  const [, organisation] = /^\/orgs\/([^/]+)\/repos$/.exec(path) ?? []
  const [, number] = /^\/user\/(\d+)$/.exec(path) ?? []
  if (number !== undefined) return answerAccount(parts, Number(number))
  if (organisation !== undefined) return answerOrganisation(request, parts, organisation)
  if (path === '/installation/repositories') return answerInstallation(request, parts)
  return path === '/user/repos' ? answerPerson(request, parts) : null
}

function answerAccount({ owners }: ListParts, number: number): GatewayAnswer {
  const found = owners().find(({ id }) => id === number)
  return found ? jsonAnswer(200, { login: found.login, id: found.id, type: found.type }) : refusal(404, 'Not Found')
}

function answerOrganisation(request: GatewayRequest, parts: ListParts, login: string): GatewayAnswer {
  const owner = parts.owners().find((each) => each.login.toLowerCase() === login.toLowerCase())
  if (owner?.type !== 'Organization') return refusal(404, 'Not Found')
  const own = parts.repositories().filter(({ home }) => home === owner)
  return listed(request, parts, { all: own.filter((each) => !each.private || isReached(request, each)), path: `/organizations/${owner.id}/repos` })
}

function answerInstallation(request: GatewayRequest, parts: ListParts): GatewayAnswer {
  if (request.token === null) return refusal(401, 'Requires authentication')
  if (!isApp(request)) return refusal(403, 'You must authenticate with an installation access token in order to list repositories for an installation.')
  const all = parts.repositories().filter((each) => isReached(request, each))
  return listed(request, parts, { all, path: request.path, wrap: (repositories) => ({ total_count: all.length, repository_selection: 'all', repositories }) })
}

function answerPerson(request: GatewayRequest, parts: ListParts): GatewayAnswer {
  if (request.token === null) return refusal(401, 'Requires authentication')
  if (isApp(request)) return refusal(403, 'Resource not accessible by integration')
  return listed(request, parts, { all: parts.repositories().filter((each) => each.home.type === 'User' && isReached(request, each)), path: request.path })
}

const isApp = ({ token }: GatewayRequest): boolean => typeof token === 'object' && token?.actor === APP_BOT
const isReached = ({ token }: GatewayRequest, { owner, name }: Repository): boolean => typeof token === 'object' && token !== null && reaches(token, owner, name)

interface List {
  readonly all: readonly Repository[]
  /** Under which GitHub names the other pages. */
  readonly path: string
  /** What stands around the page; absent: nothing. */
  readonly wrap?: (page: readonly object[]) => object
}

function listed({ query }: GatewayRequest, { addresses }: ListParts, { all, path, wrap = (page) => page }: List): GatewayAnswer {
  const size = Math.min(LONGEST_PAGE, Math.max(1, Number(query.get('per_page') ?? DEFAULT_PAGE) || DEFAULT_PAGE))
  const page = Math.max(1, Number(query.get('page') ?? 1) || 1)
  const last = Math.max(1, Math.ceil(all.length / size))
  const ordered = query.get('sort') === 'full_name' ? [...all].sort((a, b) => (a.fullName < b.fullName ? -1 : 1)) : all
  const at = (number: number, rel: string): string => {
    const others = new URLSearchParams([...query].filter(([name]) => name !== 'page'))
    others.set('page', String(number))
    return `<${addresses.apiUrl}${path}?${others.toString()}>; rel="${rel}"`
  }
  const links = [...(page > 1 ? [at(page - 1, 'prev')] : []), ...(page < last ? [at(page + 1, 'next'), at(last, 'last')] : []), ...(page > 1 ? [at(1, 'first')] : [])]
  const shown = ordered.slice((page - 1) * size, page * size).map((repository) => toListed(repository, addresses))
  return jsonAnswer(200, wrap(shown), links.length === 0 ? {} : { link: links.join(', ') })
}

function toListed({ id, ownerId, owner, name, fullName, home, ...repository }: Repository, { apiUrl, webUrl }: Addresses): object {
  return {
    id, name, full_name: fullName, private: repository.private, visibility: repository.private ? 'private' : 'public', owner: { login: owner, id: ownerId, type: home.type },
    html_url: `${webUrl}/${fullName}`, url: `${apiUrl}/repos/${fullName}`, default_branch: repository.defaultBranch, fork: repository.isFork, archived: repository.isArchived,
    disabled: repository.isDisabled, topics: repository.topics, pushed_at: repository.pushedAt.toISOString(),
  }
}
