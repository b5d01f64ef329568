// Whether a job can do no harm with what it holds: a token that only reads, and no secret in sight.
import type { Permissions } from '../workflow/permissions.ts'
import type { Step } from '../workflow/step.ts'

/** True only where the file says so: explicit permissions without a write, and no secret named in the job. */
export function isPowerless({ job }: Step): boolean {
  if (job === null) return false
  const permissions = job.permissions ?? job.workflow.permissions
  if (permissions === null || !isReading(permissions)) return false
  const { file } = job.workflow
  return !/\bsecrets\b/i.test(file.text.slice(job.node.start, job.node.end)) && !/\bsecrets\b/i.test(textOf(job.workflow.env, file.text))
}

const textOf = (node: { readonly start: number; readonly end: number } | null, text: string): string => (node === null ? '' : text.slice(node.start, node.end))

function isReading({ kind, word, scopes }: Permissions): boolean {
  if (kind === 'all') return word === 'read-all'
  return kind === 'empty' || (kind === 'scopes' && scopes.every(({ access }) => access === 'read' || access === 'none'))
}
