// What has to be known of a repository before its fix pull request is touched; one call.
import type { GithubClient } from './client.ts'
import type { RepositoryName } from './commit-tree.ts'

/** Nothing changes in such a repository until somebody takes that back. */
export const DORMANT = ['archived', 'disabled'] as const
export type Dormant = (typeof DORMANT)[number]

export interface RepositoryFacts {
  /** Numeric ids as text. */
  readonly id: string
  readonly ownerId: string
  /** As it is called now. */
  readonly name: RepositoryName
  readonly defaultBranch: string
  /** Null where the code host does not say them. */
  readonly topics: readonly string[] | null
  readonly dormant: Dormant | null
  /** True when the token tells its scopes (classic ones do) and `workflow` is not among them. */
  readonly lacksWorkflowScope: boolean
}

/** `fullName` is `owner/name`; throws the code host's error. */
export async function readRepositoryFacts(client: GithubClient, fullName: string): Promise<RepositoryFacts> {
  const [owner = '', repo = ''] = fullName.split('/')
  const { data, headers } = await client.rest.repos.get({ owner, repo })
  const scopes = (headers['x-oauth-scopes'] ?? '').split(',').map((scope) => scope.trim())
  return {
    id: String(data.id),
    ownerId: String(data.owner.id),
    name: { owner: data.owner.login, name: data.name },
    defaultBranch: data.default_branch,
    topics: data.topics ?? null,
    dormant: data.archived ? 'archived' : data.disabled ? 'disabled' : null,
    lacksWorkflowScope: scopes.some((scope) => scope !== '') && !scopes.includes('workflow'),
  }
}
