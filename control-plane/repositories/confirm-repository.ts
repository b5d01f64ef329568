// The repository that the code host has under this name now: renamed is fine, another one of the same name or another owner's is not.
import type { GithubClient } from '../../pull-request/client.ts'
import { readRepositoryFacts, type RepositoryFacts } from '../../pull-request/repository-facts.ts'
import { AppError } from '../errors.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'

export interface KnownRepository {
  readonly tenantId: string
  readonly repositoryId: string
  /** owner/name, as it was called last. */
  readonly repository: string
}

/** Throws REPOSITORY_NOT_FOUND, and what the code host answered. */
export async function confirmRepository(tenants: Pick<TenantsStore, 'get'>, client: GithubClient, { tenantId, repositoryId, repository }: KnownRepository): Promise<RepositoryFacts> {
  const facts = await readRepositoryFacts(client, repository)
  const tenant = await tenants.get(tenantId)
  if (facts.id !== repositoryId || facts.ownerId !== tenant?.ownerId) throw new AppError('REPOSITORY_NOT_FOUND', { detail: repository })
  return facts
}
