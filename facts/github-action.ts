// The metadata of an action or called workflow of another repository, as far as rules ask for it. Its text is read by the engine's
// own parser and not kept.
import type { ActionFact, FactRequest } from '../analysis/fact.ts'
import type { Asking } from './asking.ts'
import type { HostAnswer, KnownFact } from './code-host.ts'
import { readActionFact } from '../analysis/workflow/action-fact.ts'
import { encodePath } from './encode-path.ts'
import { textOf } from './field-of.ts'
import { failureOf, known, unchanged, unknown } from './host-answers.ts'

/** In the order in which the runner looks for them. */
const METADATA = ['action.yml', 'action.yaml']
const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/

export async function askAction({ name, ref }: Extract<FactRequest, { kind: 'action' }>, before: KnownFact | null, asking: Asking): Promise<HostAnswer> {
  const [owner = '', repo = '', ...folders] = name.split('/')
  const [repository, folder] = [`${owner}/${repo}`, folders.join('/')]
  const candidates = WORKFLOW.test(folder) ? [folder] : METADATA.map((file) => (folder === '' ? file : `${folder}/${file}`))
  for (const [index, path] of candidates.entries()) {
    // An etag belongs to one address; the first is almost always the one that answered.
    const etag = index === 0 ? (before?.etag ?? null) : null
    const reply = await asking.get(`/repos/${repository}/contents/${encodePath(path)}?ref=${encodeURIComponent(ref)}`, etag)
    if (reply.kind === 'failed' && reply.status === 404) continue
    if (reply.kind === 'failed') return failureOf(reply)
    const visibility = await asking.seen(repository)
    if (reply.kind === 'unchanged') return unchanged(reply, visibility)
    const fact = readText(path, reply.body)
    return fact === null ? unknown(`${path} of ${repository} cannot be read`, { visibility }) : known(fact, { etag: index === 0 ? reply.etag : null, visibility })
  }
  const visibility = await asking.visibility(repository)
  if (visibility === 'absent' || visibility === 'unknown') return unknown('not found, or private', { visibility: 'unknown' })
  return unknown(`${repository} has no ${candidates.join(' or ')} at ${ref}`, { visibility })
}

function readText(path: string, body: unknown): ActionFact | null {
  const content = textOf(body, 'content')
  if (content === null || textOf(body, 'encoding') !== 'base64') return null
  return readActionFact(path, Buffer.from(content, 'base64').toString('utf8'))
}
