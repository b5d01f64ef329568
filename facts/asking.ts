// How an adapter asks GitHub during one run: plain and remembered requests, and what is known of a repository's visibility.
import type { HostAnswer } from './code-host.ts'
import type { GithubRequests, Reply } from './github-requests.ts'
import { fieldOf } from './field-of.ts'

export interface Asking {
  readonly isAnonymous: boolean
  get(path: string, etag?: string | null): Promise<Reply>
  /** `get` without an etag, once per run and path. */
  once(path: string): Promise<Reply>
  /** Whether the repository can be seen, and by whom. */
  visibility(repository: string): Promise<HostAnswer['visibility'] | 'absent'>
  /** Of a repository that just answered: without a token that is proof enough, and saves a request. */
  seen(repository: string): Promise<HostAnswer['visibility']>
}

/** `remembered` holds the replies of the run, by path. */
export function createAsking(requests: GithubRequests, run: { readonly isAnonymous: boolean; readonly remembered: Map<string, Promise<Reply>>; readonly signal?: AbortSignal }): Asking {
  const { isAnonymous, remembered, signal } = run
  const get: Asking['get'] = (path, etag) => requests.get(path, { etag: etag ?? null, ...(signal ? { signal } : {}) })
  const once: Asking['once'] = (path) => {
    const asked = remembered.get(path) ?? get(path)
    remembered.set(path, asked)
    return asked
  }
  const visibility: Asking['visibility'] = async (repository) => visibilityIn(await once(`/repos/${repository}`))
  return {
    isAnonymous, get, once, visibility,
    async seen(repository) {
      const found = isAnonymous ? 'public' : await visibility(repository)
      return found === 'absent' ? 'unknown' : found
    },
  }
}

/** `absent` for what the host does not show. */
export function visibilityIn(reply: Reply): HostAnswer['visibility'] | 'absent' {
  if (reply.kind === 'failed') return reply.status === 404 ? 'absent' : 'unknown'
  const isPrivate = reply.kind === 'answered' ? fieldOf(reply.body, 'private') : null
  return isPrivate === false ? 'public' : isPrivate === true ? 'private' : 'unknown'
}
