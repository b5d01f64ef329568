// Which code host answers: an enterprise server names its version in its metadata, github.com none.
import type { Asking } from './asking.ts'
import type { HostAnswer } from './code-host.ts'
import { textOf } from './field-of.ts'
import { failureOf, known } from './host-answers.ts'

export async function askHost(asking: Asking): Promise<HostAnswer> {
  const reply = await asking.once('/meta')
  if (reply.kind === 'failed') return failureOf(reply)
  const version = reply.kind === 'answered' ? textOf(reply.body, 'installed_version') : null
  return known(version === null ? { name: 'github.com' } : { name: 'ghes', version }, { etag: null, visibility: 'private' })
}
