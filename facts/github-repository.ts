// What became of a repository: its name now, archived or not, who sees it, and on demand whether its owner is verified.
// A repository that is missing may be private; only a missing owner proves that it is gone.
import type { FactRequest } from '../analysis/fact.ts'
import type { Asking } from './asking.ts'
import type { HostAnswer } from './code-host.ts'
import { visibilityIn } from './asking.ts'
import { fieldOf, textOf } from './field-of.ts'
import { failureOf, known, unknown } from './host-answers.ts'

type RepositoryQuestion = Extract<FactRequest, { kind: 'repository' }>

export async function askRepository({ repository, withOwner }: RepositoryQuestion, asking: Asking): Promise<HostAnswer> {
  const [owner = ''] = repository.split('/')
  const reply = await asking.once(`/repos/${repository}`)
  if (reply.kind === 'failed') return reply.status === 404 ? askOwnerOf(owner, asking) : failureOf(reply)
  const body = reply.kind === 'answered' ? reply.body : null
  const [name, visibility] = [textOf(body, 'full_name'), visibilityIn(reply)]
  if (name === null || (visibility !== 'public' && visibility !== 'private')) return unknown('GitHub answered with something that is not a repository', { visibility: 'unknown' })
  const isOwnerVerified = withOwner ? await isVerified(name.split('/')[0] ?? owner, asking) : null
  return known({ state: 'present', name, isArchived: fieldOf(body, 'archived') === true, visibility, isOwnerVerified }, { etag: null, visibility })
}

async function askOwnerOf(owner: string, asking: Asking): Promise<HostAnswer> {
  const reply = await asking.once(`/users/${owner}`)
  if (reply.kind === 'failed' && reply.status === 404) return known({ state: 'gone' }, { etag: null, visibility: 'unknown' })
  return reply.kind === 'failed' ? failureOf(reply) : unknown('not found, or private', { visibility: 'unknown' })
}

/** Only organisations can be verified; null when GitHub did not say. */
async function isVerified(owner: string, asking: Asking): Promise<boolean | null> {
  const reply = await asking.once(`/orgs/${owner}`)
  if (reply.kind === 'failed') return reply.status === 404 ? false : null
  const verified = reply.kind === 'answered' ? fieldOf(reply.body, 'is_verified') : null
  return typeof verified === 'boolean' ? verified : null
}
