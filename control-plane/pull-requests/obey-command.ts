// Does what a person asked for in a comment under our fix pull request, if the person may write to the repository. What the comment's
// delivery says of the person is not believed: the code host is asked. Safe to run again, wherever it was cut: what is done already is
// left as it is.
import type { GithubClient } from '../../pull-request/client.ts'
import { refusedStatus } from '../../pull-request/code-host-failure.ts'
import { fixBranchOf } from '../../pull-request/fix-branch.ts'
import { commandCommentMarker, parseFixMarker, replaceFixMarker } from '../../pull-request/fix-marker.ts'
import type { FixCommand } from '../../pull-request/fix-pull-request-command.ts'
import type { RepositoryFacts } from '../../pull-request/repository-facts.ts'
import { sayOnce } from '../../pull-request/say-once.ts'
import { SCAN_ACTOR } from '../analyses/analyses-service.ts'
import type { SubmitHead } from '../analyses/submit-head.ts'
import type { AuditStore } from '../audit/audit-store.ts'
import { DAY_MS } from '../clock.ts'
import type { ClientOf } from '../github/tenant-client.ts'
import type { Logger } from '../logging.ts'
import { confirmRepository } from '../repositories/confirm-repository.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import type { FixPullRequestsStore } from './fix-pull-requests-store.ts'

export interface CommandRequest {
  readonly tenantId: string
  readonly repository: { readonly id: string; readonly name: string }
  readonly number: number
  readonly command: FixCommand
  /** The login of who wrote the comment. */
  readonly by: string
  /** By `newId`, and when it came: both the same at each attempt. */
  readonly id: string
  readonly at: Date
  readonly correlationId: string
}

/** Throws REPOSITORY_NOT_FOUND, and what the code host answered. */
export type ObeyCommand = (request: CommandRequest) => Promise<void>

interface Parts {
  readonly store: FixPullRequestsStore
  readonly submitHead: SubmitHead
  readonly tenants: Pick<TenantsStore, 'get'>
  readonly clientOf: ClientOf
  readonly audit: AuditStore
  readonly logger: Logger
}

export function createObeyCommand(parts: Parts): ObeyCommand {
  return async (request) => {
    const { tenantId, repository, number, by, id, command } = request
    const client = await parts.clientOf(tenantId)
    const facts = await confirmRepository(client, { repositoryId: repository.id, repository: repository.name }, { tenantId, tenants: parts.tenants })
    const pull = await readOwnPull(client, facts, number)
    if (pull === null) return
    if (!(await mayWrite(client, facts, by))) {
      parts.logger.warn({ tenantId, repository: repository.name, number, command: command.name }, 'a command in a comment is left alone: its author may not write to the repository')
      return
    }
    await parts.audit.for(tenantId).appendOnce(id, { actor: `github:${by}`, action: 'pull-request.command', subject: repository.name, details: { number, ...command }, correlationId: request.correlationId })
    await obey(parts, { ...request, client, facts, pull })
  }
}

type Pull = Awaited<ReturnType<GithubClient['rest']['pulls']['get']>>['data']

interface Obeying extends CommandRequest {
  readonly client: GithubClient
  readonly facts: RepositoryFacts
  readonly pull: Pull
}

/** Null when it is gone, or is not a fix pull request of ours. */
async function readOwnPull(client: GithubClient, { name, defaultBranch, id }: RepositoryFacts, number: number): Promise<Pull | null> {
  try {
    const { data } = await client.rest.pulls.get({ owner: name.owner, repo: name.name, pull_number: number })
    return data.head.ref === fixBranchOf(defaultBranch) && String(data.head.repo?.id) === id ? data : null
  } catch (error) {
    if (refusedStatus(error) === 404) return null
    throw error
  }
}

async function mayWrite(client: GithubClient, { name }: RepositoryFacts, login: string): Promise<boolean> {
  try {
    const { data } = await client.rest.repos.getCollaboratorPermissionLevel({ owner: name.owner, repo: name.name, username: login })
    return data.permission === 'admin' || data.permission === 'write'
  } catch (error) {
    if (refusedStatus(error) === 404) return false
    throw error
  }
}

async function obey(parts: Parts, work: Obeying): Promise<void> {
  const { tenantId, repository, facts, command, by, at, correlationId } = work
  const own = parts.store.for(tenantId)
  if (command.name === 'rebase') {
    const fixPr = (await own.get(repository.id))?.fixes ?? 'safe'
    await parts.submitHead({ tenantId, repository, actor: SCAN_ACTOR, correlationId, branch: facts.defaultBranch, fixPr, rebaseFor: correlationId })
    return
  }
  if (command.name === 'close') return close(parts, work, { marksOurs: false, says: `Closed, as @${by} asked. It does not come back for the same fixes.` })
  const until = new Date(at.getTime() + command.days * DAY_MS)
  await own.snooze({ repositoryId: repository.id, repository: repository.name }, until)
  await close(parts, work, { marksOurs: true, says: `Closed until ${until.toISOString().slice(0, 10)}, as @${by} asked. What is left to fix then comes back as a new pull request.` })
}

interface Closing {
  /** Then a later analysis may open it again for the same fixes. */
  readonly marksOurs: boolean
  readonly says: string
}

/** The sentence comes first: an attempt that is cut between the two leaves it open, and the next one goes on. */
async function close({ store }: Parts, { client, facts: { name }, pull, tenantId, repository, correlationId }: Obeying, { marksOurs, says }: Closing): Promise<void> {
  if (pull.state === 'open') {
    const marker = parseFixMarker(pull.body)
    const body = marksOurs && marker !== null ? { body: replaceFixMarker(pull.body ?? '', { ...marker, closedByUs: true }) } : {}
    await sayOnce(client, name, pull.number, { marker: commandCommentMarker(correlationId), text: says })
    await client.rest.pulls.update({ owner: name.owner, repo: name.name, pull_number: pull.number, state: 'closed', ...body })
  }
  await store.for(tenantId).close(repository.id, pull.merged ? 'merged' : 'closed')
}
