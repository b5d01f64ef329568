// Answers how the repositories of an organisation stand.
import type { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Page } from '../database/tenant-collections.ts'
import { AppError } from '../errors.ts'
import { toStoredFinding, type StoredFindingWire } from '../findings/finding-document.ts'
import type { FindingsStore } from '../findings/findings-store.ts'
import type { RepositoriesStore } from './repositories-store.ts'
import { toHistory, toRepository, type historySchema, type repositorySchema } from './repository-document.ts'

type RepositoryWire = z.infer<typeof repositorySchema>

export interface RepositoriesService {
  list(tenantId: string, page: Page): Promise<{ readonly items: RepositoryWire[]; readonly next: string | null }>
  /** Throws REPOSITORY_NOT_FOUND. */
  get(tenantId: string, repositoryId: string): Promise<RepositoryWire & { readonly history: z.infer<typeof historySchema>; readonly findings: StoredFindingWire[] }>
}

interface Parts {
  readonly repositories: RepositoriesStore
  readonly findings: FindingsStore
  readonly clock: Clock
}

export function createRepositoriesService({ repositories, findings, clock }: Parts): RepositoriesService {
  return {
    list: async (tenantId, page) => {
      const items = (await repositories.for(tenantId).list(page)).map((found) => toRepository(found, clock()))
      return { items, next: items.length === page.limit ? (items.at(-1)?.id ?? null) : null }
    },
    get: async (tenantId, repositoryId) => {
      const found = await repositories.for(tenantId).get(repositoryId)
      if (found === null) throw new AppError('REPOSITORY_NOT_FOUND', { detail: repositoryId })
      const stored = await findings.for(tenantId).ofRepository(repositoryId)
      return { ...toRepository(found, clock()), history: toHistory(found), findings: stored.filter(({ state }) => state !== 'fixed').map(toStoredFinding) }
    },
  }
}
