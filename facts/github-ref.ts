// The commit behind a tag or branch, and whether a tag shares its name with a branch.
import type { Asking } from './asking.ts'
import type { HostAnswer, KnownFact } from './code-host.ts'
import { encodePath } from './encode-path.ts'
import { fieldOf, textOf } from './field-of.ts'
import { failureOf, known, unchanged, unknown } from './host-answers.ts'

interface RefQuestion {
  readonly repository: string
  readonly ref: string
}

export async function askRef({ repository, ref }: RefQuestion, before: KnownFact | null, asking: Asking): Promise<HostAnswer> {
  const [, kind, name] = /^refs\/(tags|heads)\/(.+)$/.exec(ref) ?? [null, null, ref]
  const kinds = kind === null ? (['tags', 'heads'] as const) : ([kind === 'tags' ? 'tags' : 'heads'] as const)
  for (const each of kinds) {
    const type = each === 'tags' ? 'tag' : 'branch'
    const reply = await asking.get(refPath(repository, each, name ?? ref), etagFor(before, type))
    if (reply.kind === 'failed' && reply.status === 404) continue
    if (reply.kind === 'failed') return failureOf(reply)
    // A branch of the same name is looked for again when the tag moves: what is unchanged stays free.
    if (reply.kind === 'unchanged') return unchanged(reply, await asking.seen(repository))
    const commit = await commitBehind(repository, reply.body, asking)
    if (typeof commit !== 'string') return commit
    const isBranchToo = each === 'tags' && kind === null && (await hasBranch({ repository, ref }, asking))
    return known({ commit, type, ...(isBranchToo ? { isBranchToo } : {}) }, { etag: reply.etag, visibility: await asking.seen(repository) })
  }
  const visibility = await asking.visibility(repository)
  if (visibility === 'absent' || visibility === 'unknown') return unknown('not found, or private', { visibility: 'unknown' })
  return unknown(`${repository} has no tag or branch ${ref}`, { visibility })
}

const refPath = (repository: string, kind: 'tags' | 'heads', name: string): string => `/repos/${repository}/git/ref/${kind}/${encodePath(name)}`

async function hasBranch({ repository, ref }: RefQuestion, asking: Asking): Promise<boolean> {
  return (await asking.once(refPath(repository, 'heads', ref))).kind === 'answered'
}

/** The etag of an earlier answer counts only for the kind of ref that gave it. */
function etagFor(before: KnownFact | null, type: 'tag' | 'branch'): string | null {
  if (before?.answer.status !== 'known' || !('type' in before.answer.value)) return null
  return before.answer.value.type === type ? before.etag : null
}

/** Follows an annotated tag (which may point to another) to its commit. */
async function commitBehind(repository: string, body: unknown, asking: Asking): Promise<string | HostAnswer> {
  let object = fieldOf(body, 'object')
  for (let depth = 0; textOf(object, 'type') === 'tag' && depth < 3; depth += 1) {
    const reply = await asking.get(`/repos/${repository}/git/tags/${textOf(object, 'sha')}`)
    if (reply.kind === 'failed') return failureOf(reply)
    object = reply.kind === 'answered' ? fieldOf(reply.body, 'object') : null
  }
  const sha = textOf(object, 'sha')
  if (sha !== null && textOf(object, 'type') === 'commit' && /^[0-9a-f]{40}$/.test(sha)) return sha
  return unknown('GitHub named something that is not a commit', { visibility: 'unknown' })
}
