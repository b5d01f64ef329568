// Lists repositories, a page at a time and conditionally: who names the etag of the last answer gets told "the same" for free.
import { rateOf, type RateLeft } from './branch-head.ts'
import type { GithubClient } from './client.ts'
import { notModified, type CodeHostAnswer } from './code-host-failure.ts'

/** `installation`: those of the App's installation whose token is used; `user`: those of the token's own person. */
export type ListingSource = { readonly kind: 'installation' } | { readonly kind: 'organisation'; readonly name: string } | { readonly kind: 'user' }

export interface ListedRepository {
  /** Numeric ids as text. */
  readonly id: string
  readonly ownerId: string
  /** owner/name */
  readonly name: string
  readonly topics: readonly string[]
  readonly isArchived: boolean
  readonly isDisabled: boolean
  readonly isFork: boolean
}

export interface RepositoryPage {
  /** Null when they are what they were. */
  readonly repositories: readonly ListedRepository[] | null
  /** False too when nothing has changed: it is what it was. */
  readonly hasNext: boolean
  /** How many the whole list has; null where the code host does not say so, and when nothing has changed. */
  readonly total: number | null
  readonly etag: string | null
  /** Null where the code host limits nothing. */
  readonly rate: RateLeft | null
}

interface Asked {
  /** From 1. */
  readonly page: number
  /** Of the last answer about this page; null for none. */
  readonly etag: string | null
}

/** The most that GitHub gives. */
const REPOSITORIES_A_PAGE = 100

/** Throws the code host's error: 404 for what is no organisation. */
export async function readRepositoryPage(client: GithubClient, source: ListingSource, { page, etag }: Asked): Promise<RepositoryPage> {
  const headers: Record<string, string> = etag === null ? {} : { 'if-none-match': etag }
  const asked = { page, per_page: REPOSITORIES_A_PAGE, headers }
  try {
    const answer = await ask(client, source, asked)
    const total = 'total_count' in answer.data ? answer.data.total_count : null
    const listed = 'repositories' in answer.data ? answer.data.repositories : answer.data
    return { repositories: listed.map(toListed), hasNext: answer.headers.link?.includes('rel="next"') ?? false, total, ...toldBy(answer) }
  } catch (error) {
    const answer = notModified(error)
    if (answer === null) throw error
    return { repositories: null, hasNext: false, total: null, ...toldBy(answer) }
  }
}

/** In an order that a push does not change. */
const BY_NAME = { sort: 'full_name', direction: 'asc' } as const

function ask(client: GithubClient, source: ListingSource, asked: { readonly page: number; readonly per_page: number; readonly headers: Readonly<Record<string, string>> }) {
  switch (source.kind) {
    case 'installation': return client.rest.apps.listReposAccessibleToInstallation(asked)
    case 'organisation': return client.rest.repos.listForOrg({ org: source.name, type: 'all', ...BY_NAME, ...asked })
    case 'user': return client.rest.repos.listForAuthenticatedUser({ affiliation: 'owner', ...BY_NAME, ...asked })
  }
}

interface GivenRepository {
  readonly id: number
  readonly owner: { readonly id: number }
  readonly full_name: string
  readonly topics?: string[] | undefined
  readonly archived?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly fork: boolean
}

const toListed = ({ id, owner, full_name: name, topics = [], archived = false, disabled = false, fork }: GivenRepository): ListedRepository =>
  ({ id: String(id), ownerId: String(owner.id), name, topics, isArchived: archived, isDisabled: disabled, isFork: fork })

const toldBy = ({ headers }: Pick<CodeHostAnswer, 'headers'>) => ({ etag: typeof headers.etag === 'string' ? headers.etag : null, rate: rateOf(headers) })
