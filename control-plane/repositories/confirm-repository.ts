// The repository that the code host has under this name now: renamed is fine, another one of the same name or another owner's is not.
import type { GithubClient } from '../../pull-request/client.ts'
import { readRepositoryFacts, type RepositoryFacts } from '../../pull-request/repository-facts.ts'
import { AppError } from '../errors.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'

interface KnownRepository {
  readonly repositoryId: string
  /** owner/name, as it was called last. */
  readonly repository: string
}

/** The organisation's number at the code host, or whom to ask for it. */
type Owner = { readonly ownerId: string } | { readonly tenantId: string; readonly tenants: Pick<TenantsStore, 'get'> }

/** Throws REPOSITORY_NOT_FOUND, and what the code host answered. */
export async function confirmRepository(client: GithubClient, { repositoryId, repository }: KnownRepository, owner: Owner): Promise<RepositoryFacts> {
  const facts = await readRepositoryFacts(client, repository)
  const ownerId = 'ownerId' in owner ? owner.ownerId : (await owner.tenants.get(owner.tenantId))?.ownerId
  if (facts.id !== repositoryId || facts.ownerId !== ownerId) throw new AppError('REPOSITORY_NOT_FOUND', { detail: repository })
  return facts
}
