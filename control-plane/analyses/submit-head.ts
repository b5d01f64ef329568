// Submits the commit that a branch or a pull request stands at now. The head is read again after the submission: a process that was
// slower than a push finds the newer commit itself, so whoever comes last leaves the newest one in the queue.
import type { GithubClient } from '../../pull-request/client.ts'
import { refusedStatus } from '../../pull-request/code-host-failure.ts'
import type { RepositoryName } from '../../pull-request/commit-tree.ts'
import { readHead } from '../../pull-request/fix-branch.ts'
import type { Dormant } from '../../pull-request/repository-facts.ts'
import type { ClientOf } from '../github/tenant-client.ts'
import type { Logger } from '../logging.ts'
import { confirmRepository } from '../repositories/confirm-repository.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import type { AnalysesService } from './analyses-service.ts'
import type { AnalysisDocument } from './analysis-document.ts'

export type HeadRequest = {
  readonly tenantId: string
  /** The number, and owner/name. */
  readonly repository: { readonly id: string; readonly name: string }
  /** Who asked for it. */
  readonly actor: string
  readonly correlationId: string
  /** Default: `never`, it is reported and not repaired. */
  readonly fixPr?: AnalysisDocument['options']['fixPr']
  readonly rebaseFor?: string
  readonly isRecheck?: true
  /** Such a repository is left alone. Default: none is. */
  readonly skip?: readonly Dormant[]
} & Subject

/** A branch, the default branch whatever it is called, or a pull request. */
type Subject = { readonly branch: string } | { readonly isDefaultBranch: true } | { readonly number: number }

/** Why the repository was left alone, or null. Throws what the code host answered; does nothing for a branch or pull request that is gone. */
export type SubmitHead = (request: HeadRequest) => Promise<Dormant | null>

interface Parts {
  readonly analyses: Pick<AnalysesService, 'submitHead'>
  readonly tenants: Pick<TenantsStore, 'get'>
  readonly clientOf: ClientOf
  readonly logger: Logger
}

/** A branch that moves during each of so many submissions will send further deliveries. */
const MOST_LOOKS = 5

export function createSubmitHead({ analyses, tenants, clientOf, logger }: Parts): SubmitHead {
  return async (request) => {
    const { tenantId, repository, actor, correlationId, fixPr = 'never', rebaseFor, isRecheck, skip = [] } = request
    const client = await clientOf(tenantId)
    const facts = await confirmRepository(client, { repositoryId: repository.id, repository: repository.name }, { tenantId, tenants })
    if (facts.dormant !== null && skip.includes(facts.dormant)) return facts.dormant
    const head = 'isDefaultBranch' in request ? { branch: facts.defaultBranch } : request
    const ref = 'branch' in head ? `refs/heads/${head.branch}` : `refs/pull/${head.number}/head`
    let submitted: string | null = null
    for (let look = 0; look < MOST_LOOKS; look++) {
      const commit = await headOf(client, facts.name, head)
      if (commit === null || commit === submitted) return null
      const source = { repositoryId: facts.id, repository: `${facts.name.owner}/${facts.name.name}`, ref, commit }
      await analyses.submitHead(source, { tenantId, actor, correlationId, logger, options: { profile: 'regular', fixPr, ...(rebaseFor === undefined ? {} : { rebaseFor }), ...(isRecheck === undefined ? {} : { isRecheck }) } })
      submitted = commit
    }
    return null
  }
}

async function headOf(client: GithubClient, name: RepositoryName, head: Exclude<Subject, { readonly isDefaultBranch: true }>): Promise<string | null> {
  if ('branch' in head) return readHead(client, name, head.branch)
  try {
    const { data } = await client.rest.pulls.get({ owner: name.owner, repo: name.name, pull_number: head.number })
    return data.state === 'open' ? data.head.sha : null
  } catch (error) {
    if (refusedStatus(error) === 404) return null
    throw error
  }
}
