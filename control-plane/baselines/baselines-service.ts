// The accepted state of a repository, who accepted it and why, and what has changed in its workflows since. Texts are not kept here: both
// commits are read from the code host, once for each two of them.
import { VERSION } from '../../analysis/version.ts'
import type { GithubClient } from '../../pull-request/client.ts'
import type { RepositoryFacts } from '../../pull-request/repository-facts.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import { actorOf, type Principal } from '../auth/principal.ts'
import type { Page } from '../database/tenant-collections.ts'
import { AppError } from '../errors.ts'
import { fromCodeHostError } from '../from-code-host-error.ts'
import type { ClientOf } from '../github/tenant-client.ts'
import { confirmRepository } from '../repositories/confirm-repository.ts'
import type { RepositoriesStore } from '../repositories/repositories-store.ts'
import type { RepositoryDocument } from '../repositories/repository-document.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import type { Acceptance, AcceptancesStore } from './acceptances-store.ts'
import type { DriftsStore } from './drifts-store.ts'
import { confirmOnBranch, readDrift, type ReadDrift } from './read-drift.ts'

interface NewAcceptance {
  readonly reason: string
  /** Null: the newest analysed commit of the default branch. */
  readonly commit: string | null
}

interface Context {
  readonly principal: Principal
  /** The version that whoever accepts has seen; 0 for none. */
  readonly seen: number
  readonly correlationId: string
}

export interface BaselineDrift extends ReadDrift {
  readonly accepted: Acceptance
  /** The newest analysed commit of the default branch. */
  readonly commit: string
}

/** Everything throws REPOSITORY_NOT_FOUND. What asks the code host throws its errors, too. */
export interface BaselinesService {
  /** Null before the first. */
  current(tenantId: string, repositoryId: string): Promise<Acceptance | null>
  /** Oldest first. */
  versions(tenantId: string, repositoryId: string, page: Page): Promise<{ readonly items: Acceptance[]; readonly next: string | null }>
  /** Asks the code host about a commit that was not analysed. Throws BASELINE_CHANGED when `seen` is not the newest version, COMMIT_NOT_FOUND. */
  accept(repositoryId: string, acceptance: NewAcceptance, context: Context): Promise<Acceptance>
  /** Throws BASELINE_NOT_FOUND before the first acceptance, COMMIT_NOT_FOUND for a commit that is gone. */
  drift(tenantId: string, repositoryId: string): Promise<BaselineDrift>
}

interface Parts {
  readonly acceptances: AcceptancesStore
  readonly drifts: DriftsStore
  readonly repositories: Pick<RepositoriesStore, 'for'>
  readonly tenants: Pick<TenantsStore, 'get'>
  readonly clientOf: ClientOf
  readonly audit: AuditStore
  readonly stopping: AbortSignal
}

export function createBaselinesService(parts: Parts): BaselinesService {
  const { acceptances } = parts
  const underWay = new Map<string, Promise<ReadDrift>>()
  return {
    current: async (tenantId, repositoryId) => {
      await repositoryOf(parts, tenantId, repositoryId)
      return acceptances.for(tenantId).newest(repositoryId)
    },
    versions: async (tenantId, repositoryId, page) => {
      await repositoryOf(parts, tenantId, repositoryId)
      const items = await acceptances.for(tenantId).list(repositoryId, page)
      return { items, next: items.length === page.limit ? String(items.at(-1)?.version ?? '') : null }
    },
    accept: (repositoryId, acceptance, context) => accept(parts, repositoryId, acceptance, context),
    drift: async (tenantId, repositoryId) => {
      const repository = await repositoryOf(parts, tenantId, repositoryId)
      const accepted = await acceptances.for(tenantId).newest(repositoryId)
      if (accepted === null) throw new AppError('BASELINE_NOT_FOUND', { detail: repository.name })
      const commit = newestCommit(repository)
      // Whoever asks while the same commits are compared already gets the same answer.
      const key = JSON.stringify([tenantId, repositoryId, accepted.commit, commit])
      const reading = underWay.get(key) ?? compare(parts, repository, { from: accepted.commit, to: commit }).finally(() => underWay.delete(key))
      underWay.set(key, reading)
      return { accepted, commit, ...(await reading) }
    },
  }
}

async function repositoryOf({ repositories }: Parts, tenantId: string, repositoryId: string): Promise<RepositoryDocument> {
  const found = await repositories.for(tenantId).get(repositoryId)
  if (found === null) throw new AppError('REPOSITORY_NOT_FOUND', { detail: repositoryId })
  return found
}

function newestCommit({ history }: RepositoryDocument): string {
  const newest = history.at(-1)
  if (newest === undefined) throw new AppError('COMMIT_NOT_FOUND', { detail: 'no analysis of the default branch has ended yet' })
  return newest.commit
}

async function accept(parts: Parts, repositoryId: string, { reason, commit: named }: NewAcceptance, { principal, seen, correlationId }: Context): Promise<Acceptance> {
  const { tenantId } = principal
  const repository = await repositoryOf(parts, tenantId, repositoryId)
  const before = await parts.acceptances.for(tenantId).newest(repositoryId)
  const changed = () => new AppError('BASELINE_CHANGED', { detail: `the newest is version ${before?.version ?? 0}; send If-Match with the ETag of GET /v1/repositories/${repositoryId}/baseline` })
  if ((before?.version ?? 0) !== seen) throw changed()
  const commit = named ?? newestCommit(repository)
  if (!repository.history.some((entry) => entry.commit === commit)) {
    await onCodeHost(parts, repository, (client, { name, defaultBranch }) => confirmOnBranch(client, name, { commit, branch: defaultBranch }))
  }
  const after = await parts.acceptances.for(tenantId).add(repositoryId, { version: seen + 1, commit, by: actorOf(principal), reason })
  if (after === null) throw changed()
  await parts.audit.for(tenantId).append({
    actor: after.by, action: 'baseline.accepted', subject: repository.name, details: { repositoryId }, before: before && auditedOf(before), after: auditedOf(after), correlationId,
  })
  return after
}

const auditedOf = ({ version, commit, by, reason }: Acceptance) => ({ version, commit, by, reason })

async function compare(parts: Parts, repository: RepositoryDocument, compared: { readonly from: string; readonly to: string }): Promise<ReadDrift> {
  if (compared.from === compared.to) return { changes: [], unlisted: 0, notChecked: [] }
  const [own, { repositoryId }, known] = [parts.drifts.for(repository.tenantId), repository, { ...compared, engine: VERSION }]
  const kept = await own.find(repositoryId, known)
  if (kept !== null) return kept
  const read = await onCodeHost(parts, repository, (client, { name }) => readDrift(client, name, compared))
  await own.put(repositoryId, known, read)
  return read
}

/** With the tenant's token, on the repository as it is called now. */
async function onCodeHost<T>({ clientOf, tenants, stopping }: Parts, { tenantId, repositoryId, name }: RepositoryDocument, work: (client: GithubClient, facts: RepositoryFacts) => Promise<T>): Promise<T> {
  try {
    const client = await clientOf(tenantId, stopping)
    return await work(client, await confirmRepository(client, { repositoryId, repository: name }, { tenantId, tenants }))
  } catch (error) {
    throw fromCodeHostError(error)
  }
}
