// Which repository, ref and commit a submission is about. From a workflow run's verified claims, or, with an API key, what the
// code host confirms with the tenant's own token. The body alone decides nothing.
import type { Submission } from '../../contract/analyses.ts'
import type { GithubClient } from '../../pull-request/client.ts'
import { refusedStatus } from '../../pull-request/code-host-failure.ts'
import type { OidcPrincipal, Principal } from '../auth/principal.ts'
import { AppError } from '../errors.ts'
import { fromCodeHostError } from '../from-code-host-error.ts'
import type { Tenant } from '../tenants/tenants-store.ts'

export interface VerifiedSource {
  readonly repositoryId: string
  readonly repository: string
  readonly ref: string
  readonly commit: string
}

interface Parts {
  readonly tenant: Pick<Tenant, 'ownerId'>
  /** Called only when the code host has to be asked. Throws GITHUB_TOKEN_MISSING. */
  readonly connect: () => Promise<GithubClient>
}

const PULL_REQUEST_REF = /^refs\/pull\/(\d+)\/(?:merge|head)$/

/** Throws REPOSITORY_MISMATCH, REPOSITORY_NOT_FOUND, COMMIT_NOT_FOUND, or what the code host answered. */
export async function verifySubmission(principal: Principal, submission: Submission, parts: Parts): Promise<VerifiedSource> {
  try {
    return principal.kind === 'oidc' ? await fromClaims(principal, submission, parts) : await fromCodeHost(submission, parts)
  } catch (error) {
    throw fromCodeHostError(error)
  }
}

async function fromClaims(principal: OidcPrincipal, submission: Submission, { connect }: Parts): Promise<VerifiedSource> {
  const { repository, ref, sha } = principal
  if (submission.repository.toLowerCase() !== repository.fullName.toLowerCase()) throw mismatch(`the token is for ${repository.fullName}`)
  if (submission.ref !== ref) throw mismatch(`the token is for ${ref}`)
  const source = { repositoryId: repository.id, repository: repository.fullName, ref, commit: submission.commit }
  const pull = PULL_REQUEST_REF.exec(ref)
  if (pull) await confirmHead(await connect(), source, Number(pull[1]))
  else if (submission.commit !== sha) throw mismatch(`the token is for commit ${sha}`)
  return source
}

async function fromCodeHost(submission: Submission, { tenant, connect }: Parts): Promise<VerifiedSource> {
  const client = await connect()
  const [owner = '', repo = ''] = submission.repository.split('/')
  // As part of an address these would lead elsewhere.
  if ([owner, repo].some((name) => name === '.' || name === '..')) throw new AppError('REPOSITORY_NOT_FOUND')
  const { data } = await client.rest.repos.get({ owner, repo })
  // As for a repository that does not exist: nobody learns what other organisations have.
  if (String(data.owner.id) !== tenant.ownerId) throw new AppError('REPOSITORY_NOT_FOUND')
  const source = { repositoryId: String(data.id), repository: data.full_name, ref: submission.ref, commit: submission.commit }
  const pull = PULL_REQUEST_REF.exec(submission.ref)
  if (pull) await confirmHead(client, source, Number(pull[1]))
  else await confirmCommit(client, source)
  return source
}

async function confirmHead(client: GithubClient, source: VerifiedSource, pullNumber: number): Promise<void> {
  const [owner = '', repo = ''] = source.repository.split('/')
  try {
    const { data } = await client.rest.pulls.get({ owner, repo, pull_number: pullNumber })
    if (String(data.base.repo.id) !== source.repositoryId) throw mismatch(`pull request ${pullNumber} belongs to another repository`)
    if (data.head.sha !== source.commit) throw mismatch(`the head of pull request ${pullNumber} is ${data.head.sha}`)
  } catch (error) {
    throw refusedStatus(error) === 404 ? mismatch(`there is no pull request ${pullNumber}`) : error
  }
}

async function confirmCommit(client: GithubClient, { repository, commit }: VerifiedSource): Promise<void> {
  const [owner = '', repo = ''] = repository.split('/')
  try {
    await client.rest.git.getCommit({ owner, repo, commit_sha: commit })
  } catch (error) {
    const status = refusedStatus(error)
    throw status === 404 || status === 409 || status === 422 ? new AppError('COMMIT_NOT_FOUND', { detail: commit, cause: error }) : error
  }
}

const mismatch = (detail: string): AppError => new AppError('REPOSITORY_MISMATCH', { detail })
