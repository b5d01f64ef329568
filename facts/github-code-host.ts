// Asks GitHub (or an enterprise server) for the commit behind a ref and for releases. Plain fetch: the command line starts
// faster without a client library. No answer of it, and no error, carries the token.
import type { FactRequest } from '../analysis/fact.ts'
import type { CodeHost, HostAnswer, KnownFact } from './code-host.ts'
import { createGithubRequests, type GithubRequestsParts, type Reply } from './github-requests.ts'
import { askReleases } from './github-releases.ts'
import { failureOf, known, unchanged, unknown } from './host-answers.ts'

export interface Asking {
  get(path: string, etag?: string | null): Promise<Reply>
  /** Whether the repository can be seen, and by whom; asked once per repository. */
  visibility(repository: string): Promise<HostAnswer['visibility'] | 'absent'>
  /** Of a repository that just answered: without a token that is proof enough, and saves a request. */
  seen(repository: string): Promise<HostAnswer['visibility']>
}

/** `apiUrl`: `https://api.github.com`, or `https://HOST/api/v3`. Make one for each run: it remembers what it saw of a repository. */
export function createGithubCodeHost(parts: GithubRequestsParts): CodeHost {
  const requests = createGithubRequests(parts)
  const visibilities = new Map<string, Promise<HostAnswer['visibility'] | 'absent'>>()
  return {
    name: requests.apiUrl,
    ask(request, before, signal) {
      const get: Asking['get'] = (path, etag) => requests.get(path, { etag: etag ?? null, ...(signal ? { signal } : {}) })
      const visibility = (repository: string) => {
        const asked = visibilities.get(repository) ?? get(`/repos/${repository}`).then(visibilityIn)
        visibilities.set(repository, asked)
        return asked
      }
      const seen: Asking['seen'] = async (repository) => {
        const found = parts.token === undefined ? 'public' : await visibility(repository)
        return found === 'absent' ? 'unknown' : found
      }
      return ask(request, before, { get, visibility, seen })
    },
  }
}

async function ask(request: FactRequest, before: KnownFact | null, asking: Asking): Promise<HostAnswer> {
  const { repository } = request
  if (!isRepositoryName(repository)) return unknown(`${repository} is not a repository's name`, { visibility: 'unknown' })
  return request.kind === 'ref' ? askRef(request, before, asking) : askReleases(repository, before, asking)
}

async function askRef({ repository, ref }: { repository: string; ref: string }, before: KnownFact | null, asking: Asking): Promise<HostAnswer> {
  const [, kind, name] = /^refs\/(tags|heads)\/(.+)$/.exec(ref) ?? [null, null, ref]
  const kinds = kind === null ? (['tags', 'heads'] as const) : ([kind === 'tags' ? 'tags' : 'heads'] as const)
  for (const each of kinds) {
    const type = each === 'tags' ? 'tag' : 'branch'
    const reply = await asking.get(`/repos/${repository}/git/ref/${each}/${encodePath(name ?? ref)}`, etagFor(before, type))
    if (reply.kind === 'unchanged') return unchanged(reply, await asking.seen(repository))
    if (reply.kind === 'failed' && reply.status === 404) continue
    if (reply.kind === 'failed') return failureOf(reply)
    const commit = await commitBehind(repository, reply.body, asking)
    if (typeof commit !== 'string') return commit
    return known({ commit, type }, { etag: reply.etag, visibility: await asking.seen(repository) })
  }
  const visibility = await asking.visibility(repository)
  if (visibility === 'absent' || visibility === 'unknown') return unknown('not found, or private', { visibility: 'unknown' })
  return unknown(`${repository} has no tag or branch ${ref}`, { visibility })
}

/** The etag of an earlier answer counts only for the kind of ref that gave it. */
function etagFor(before: KnownFact | null, type: 'tag' | 'branch'): string | null {
  if (before?.answer.status !== 'known' || !('type' in before.answer.value)) return null
  return before.answer.value.type === type ? before.etag : null
}

/** Follows an annotated tag (which may point to another) to its commit. */
async function commitBehind(repository: string, body: unknown, asking: Asking): Promise<string | HostAnswer> {
  let object = objectOf(body)
  for (let depth = 0; object?.type === 'tag' && depth < 3; depth += 1) {
    const reply = await asking.get(`/repos/${repository}/git/tags/${object.sha}`)
    if (reply.kind === 'failed') return failureOf(reply)
    object = reply.kind === 'answered' ? objectOf(reply.body) : null
  }
  if (object?.type === 'commit' && /^[0-9a-f]{40}$/.test(object.sha)) return object.sha
  return unknown('GitHub named something that is not a commit', { visibility: 'unknown' })
}

function visibilityIn(reply: Reply): HostAnswer['visibility'] | 'absent' {
  if (reply.kind === 'failed') return reply.status === 404 ? 'absent' : 'unknown'
  const body = reply.kind === 'answered' ? reply.body : null
  const isPrivate = typeof body === 'object' && body !== null && 'private' in body ? body.private : null
  return isPrivate === false ? 'public' : isPrivate === true ? 'private' : 'unknown'
}

function objectOf(body: unknown): { type: string; sha: string } | null {
  if (typeof body !== 'object' || body === null || !('object' in body)) return null
  const { object } = body
  if (typeof object !== 'object' || object === null || !('type' in object) || !('sha' in object)) return null
  return { type: String(object.type), sha: String(object.sha) }
}

function isRepositoryName(text: string): boolean {
  return /^[\w.-]+\/[\w.-]+$/.test(text) && !text.split('/').some((part) => part === '.' || part === '..')
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
