// Calls the gateway's API as a client would, and gives back everything that the gateway's own tests look at.
import type { Gateway } from './start-gateway.ts'

export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: ApiBody
  /** The body as it came. */
  readonly text: string
}

/** The fields that tests read, each as the endpoint documents it; an answer has those of its own endpoint only. */
export interface ApiBody {
  readonly message: string
  readonly errors: readonly { readonly message?: string }[]
  readonly id: number
  readonly sha: string
  readonly url: string
  readonly html_url: string
  readonly state: string
  readonly default_branch: string
  readonly installed_version: string
  readonly head: { readonly sha: string }
  readonly base: { readonly repo: { readonly owner: { readonly id: number } } }
  readonly user: { readonly login: string; readonly type: string }
  readonly changed_files: number
  readonly commits: number
  readonly tree: readonly { readonly path: string; readonly sha: string }[]
  readonly truncated: boolean
  readonly author: { readonly name: string }
  readonly committer: { readonly name: string }
  readonly verification: { readonly verified: boolean }
}

export type ApiCall = (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<ApiAnswer>

export function apiCaller(github: Pick<Gateway, 'apiUrl'>, token: string | null): ApiCall {
  return async (method, path, body, headers = {}) => {
    const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
    const content = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(github.apiUrl + path, { method, headers: { ...authorization, ...headers }, ...content })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : {}) as ApiBody, text }
  }
}

/** For endpoints that answer with a list. */
export function listIn<T>(answer: ApiAnswer): readonly T[] {
  return JSON.parse(answer.text) as T[]
}
