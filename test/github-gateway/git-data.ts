// What GitHub says of git data beyond the emulator: protected branches take no direct update, an empty repository has no git
// data, the list of tags names commits, and a large tree is cut.
import { jsonAnswer, refusal, textField, type GatewayAnswer, type GatewayRequest } from './gateway-request.ts'
import { isProtected, type Repository } from './repositories.ts'

interface TagRef {
  readonly ref: string
  readonly object: { readonly sha: string; readonly type: string }
}

const VIOLATION = 'Repository rule violations found\n\nChanges must be made through a pull request.\n\n'

export function refuseBranchWrite(request: GatewayRequest, repository: Repository): GatewayAnswer | null {
  const ref = /^git\/refs\/heads\/(.+)$/.exec(request.rest)?.[1]
  if (ref !== undefined && request.method !== 'GET') return isProtected(repository, ref) ? refusal(422, VIOLATION) : null
  if (request.method === 'POST' && request.rest === 'git/refs') {
    const branch = textField(request.json, 'ref').replace(/^refs\/heads\//, '')
    return isProtected(repository, branch) ? refusal(422, VIOLATION) : null
  }
  if (request.rest.startsWith('contents/') && (request.method === 'PUT' || request.method === 'DELETE')) {
    const branch = textField(request.json, 'branch') || repository.defaultBranch
    return isProtected(repository, branch) ? refusal(409, VIOLATION) : null
  }
  return null
}

/** 409 for git data of a repository without a commit; null otherwise. */
export async function refuseEmpty(request: GatewayRequest, repository: Repository): Promise<GatewayAnswer | null> {
  if (request.method !== 'GET' || !/^(?:git|commits)\b/.test(request.rest)) return null
  const branches = await repository.home.tell<unknown[]>({ method: 'GET', path: `/repos/${repository.fullName}/branches?per_page=1` })
  return branches.length === 0 ? refusal(409, 'Git Repository is empty.') : null
}

/** Cuts a recursive tree at the repository's limit, and says so. */
export function cutTree(request: GatewayRequest, repository: Repository, answer: GatewayAnswer): GatewayAnswer {
  if (request.method !== 'GET' || !request.rest.startsWith('git/trees/') || answer.status !== 200) return answer
  const tree = JSON.parse(answer.body.toString('utf8')) as { tree: unknown[] }
  if (!request.query.has('recursive') || tree.tree.length <= repository.treeLimit) return answer
  return { ...answer, body: Buffer.from(JSON.stringify({ ...tree, tree: tree.tree.slice(0, repository.treeLimit), truncated: true })) }
}

/** `GET tags`: every tag, annotated or not, with the commit behind it. */
export async function listTags(request: GatewayRequest, repository: Repository): Promise<GatewayAnswer | null> {
  if (request.method !== 'GET' || request.rest !== 'tags') return null
  const { home, fullName } = repository
  const refs = await home.tell<TagRef[]>({ method: 'GET', path: `/repos/${fullName}/git/matching-refs/tags/` })
  const perPage = Math.min(Number(request.query.get('per_page') ?? 30), 100)
  const page = Number(request.query.get('page') ?? 1)
  const tags = await Promise.all(refs.map(async ({ ref, object }) => {
    const annotated = object.type === 'tag' ? await home.tell<TagRef>({ method: 'GET', path: `/repos/${fullName}/git/tags/${object.sha}` }) : null
    const sha = annotated?.object.sha ?? object.sha
    return { name: ref.replace(/^refs\/tags\//, ''), commit: { sha, url: `${home.innerUrl}/repos/${fullName}/commits/${sha}` } }
  }))
  return jsonAnswer(200, tags.reverse().slice((page - 1) * perPage, page * perPage))
}

