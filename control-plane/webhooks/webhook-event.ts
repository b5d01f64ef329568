// What of a delivery is worth keeping: whose it is, and where to look. Payloads are read for names and ids only; what is true is
// asked of the code host when the work is done.
import { z } from 'zod'
import { FIX_BRANCH_PREFIX } from '../../pull-request/fix-branch.ts'
import { readFixCommand, type FixCommand } from '../../pull-request/fix-pull-request-command.ts'

export interface NamedRepository {
  readonly id: string
  /** owner/name */
  readonly name: string
}

export type WebhookWork =
  | { readonly kind: 'branch'; readonly repository: NamedRepository; readonly branch: string }
  | { readonly kind: 'pull-request'; readonly repository: NamedRepository; readonly number: number }
  | { readonly kind: 'fix-closed'; readonly repository: NamedRepository }
  | { readonly kind: 'command'; readonly repository: NamedRepository; readonly number: number; readonly command: FixCommand; readonly by: string }
  | { readonly kind: 'repositories'; readonly ownerName: string; readonly isNewOwner: boolean; readonly added: readonly NamedRepository[]; readonly removed: readonly NamedRepository[] }

export interface WebhookEvent {
  /** GitHub's numeric id, as text. */
  readonly ownerId: string
  readonly work: WebhookWork
}

const ownerSchema = z.object({ id: z.int(), login: z.string() })
const shortRepositorySchema = z.object({ id: z.int(), full_name: z.string() })
const repositorySchema = shortRepositorySchema.extend({ owner: z.object({ id: z.int() }) })
const repositoriesSchema = z.array(shortRepositorySchema).default([])

const pushSchema = z.object({ ref: z.string(), deleted: z.boolean().default(false), repository: repositorySchema })
const pullRequestSchema = z.object({ action: z.string(), number: z.int(), repository: repositorySchema, pull_request: z.object({ head: z.object({ ref: z.string() }) }).optional() })
const issueCommentSchema = z.object({
  action: z.string(), repository: repositorySchema, issue: z.object({ number: z.int(), pull_request: z.looseObject({}).optional() }),
  comment: z.object({ body: z.string().nullable(), user: z.object({ login: z.string() }).nullable() }),
})
const installationSchema = z.object({ action: z.string(), installation: z.object({ account: ownerSchema }), repositories: repositoriesSchema })
const installationRepositoriesSchema = z.object({
  installation: z.object({ account: ownerSchema }), repositories_added: repositoriesSchema, repositories_removed: repositoriesSchema,
})

const BRANCH = 'refs/heads/'
/** After these a pull request has another head than before. */
const NEW_HEAD = ['opened', 'reopened', 'synchronize', 'ready_for_review']
const INSTALLED = ['created', 'unsuspend', 'new_permissions_accepted']
const REMOVED = ['deleted', 'suspend']

/** Null for an event that asks for nothing. Throws a ZodError for a payload of a known event without the fields that name it. */
export function readWebhookEvent(event: string, payload: unknown): WebhookEvent | null {
  switch (event) {
    case 'push': return readPush(pushSchema.parse(payload))
    case 'pull_request': return readPullRequest(pullRequestSchema.parse(payload))
    case 'issue_comment': return readComment(issueCommentSchema.parse(payload))
    case 'installation': return readInstallation(installationSchema.parse(payload))
    case 'installation_repositories': return readInstallationRepositories(installationRepositoriesSchema.parse(payload))
    default: return null
  }
}

function readPush({ ref, deleted, repository }: z.infer<typeof pushSchema>): WebhookEvent | null {
  const branch = ref.startsWith(BRANCH) ? ref.slice(BRANCH.length) : ''
  // What is pushed to ours is the fix of what was analysed already.
  if (branch === '' || deleted || branch.startsWith(FIX_BRANCH_PREFIX)) return null
  return { ownerId: String(repository.owner.id), work: { kind: 'branch', repository: named(repository), branch } }
}

function readPullRequest({ action, number, repository, pull_request: pull }: z.infer<typeof pullRequestSchema>): WebhookEvent | null {
  const isOurs = pull?.head.ref.startsWith(FIX_BRANCH_PREFIX) ?? false
  if (isOurs && action === 'closed') return { ownerId: String(repository.owner.id), work: { kind: 'fix-closed', repository: named(repository) } }
  if (!NEW_HEAD.includes(action)) return null
  return { ownerId: String(repository.owner.id), work: { kind: 'pull-request', repository: named(repository), number } }
}

function readComment({ action, repository, issue, comment }: z.infer<typeof issueCommentSchema>): WebhookEvent | null {
  const command = action === 'created' && issue.pull_request !== undefined ? readFixCommand(comment.body ?? '') : null
  if (command === null || comment.user === null) return null
  return { ownerId: String(repository.owner.id), work: { kind: 'command', repository: named(repository), number: issue.number, command, by: comment.user.login } }
}

function readInstallation({ action, installation: { account }, repositories }: z.infer<typeof installationSchema>): WebhookEvent | null {
  if (!INSTALLED.includes(action) && !REMOVED.includes(action)) return null
  const [added, removed] = INSTALLED.includes(action) ? [repositories, []] : [[], repositories]
  return ofOwner(account, { isNewOwner: INSTALLED.includes(action), added, removed })
}

function readInstallationRepositories({ installation: { account }, repositories_added: added, repositories_removed: removed }: z.infer<typeof installationRepositoriesSchema>): WebhookEvent {
  return ofOwner(account, { isNewOwner: false, added, removed })
}

interface Changes {
  readonly isNewOwner: boolean
  readonly added: z.infer<typeof repositoriesSchema>
  readonly removed: z.infer<typeof repositoriesSchema>
}

const ofOwner = ({ id, login: ownerName }: z.infer<typeof ownerSchema>, { isNewOwner, added, removed }: Changes): WebhookEvent =>
  ({ ownerId: String(id), work: { kind: 'repositories', ownerName, isNewOwner, added: added.map(named), removed: removed.map(named) } })

const named = ({ id, full_name: name }: z.infer<typeof shortRepositorySchema>): NamedRepository => ({ id: String(id), name })
