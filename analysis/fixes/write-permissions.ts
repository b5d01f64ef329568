// Writes computed `permissions` blocks. Where the needs of every job are known, one block for the workflow and one for each
// job that needs more; else each job gets its own, so that what is known can be applied without what is not.
import type { FixSafety, TextEdit } from '../finding.ts'
import type { TokenNeeds } from '../permissions/needs.ts'
import type { EditsFix } from '../rules/rule.ts'
import type { Job } from '../workflow/job.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { onOneLine } from '../report/plain-text.ts'
import { indentOf, insertBefore, insertBelow, isOneLine } from '../workflow/insert-lines.ts'

export interface PermissionFixes {
  readonly workflow: EditsFix | null
  readonly jobs: ReadonlyMap<Job, EditsFix>
}

/** Scopes that no default token has: a block with one of them widens it. */
const NEVER_DEFAULT = new Set(['id-token', 'models'])
/** What almost every job needs. */
export const READ: ReadonlyMap<string, string> = new Map([['contents', 'read']])
const MOST_NAMED = 4
/** The workflow's own block holds nothing that needs one. */
const NO_REASONS: ReadonlyMap<string, string> = new Map()

/** Fixes for a workflow without a block and for its jobs without one, by what those need. */
export function permissionFixes(workflow: Workflow, needs: ReadonlyMap<Job, TokenNeeds>): PermissionFixes {
  const jobs = new Map<Job, EditsFix>()
  const isComplete = [...needs.values()].every(({ unknown }) => unknown.length === 0)
  const own = new Map([...needs].map(([job, wanted]) => [job, jobEdit(job, scopesOf(wanted), wanted.reasons)]))
  const base = workflowEdit(workflow, needs.size > 0 && isComplete ? READ : new Map())
  if (isComplete) {
    const beyond = [...needs].filter(([, { scopes }]) => !isWithin(scopes, READ)).map(([job]) => own.get(job) ?? null)
    const fix = fixOf(workflow, [base, ...beyond], [...needs.values()])
    if (fix !== null) for (const job of needs.keys()) jobs.set(job, fix)
    return { workflow: fix, jobs }
  }
  for (const [job, wanted] of needs) {
    const fix = fixOf(workflow, [own.get(job) ?? null], [wanted])
    if (fix !== null) jobs.set(job, fix)
  }
  return { workflow: fixOf(workflow, [base, ...own.values()], [...needs.values()]), jobs }
}

export function scopesOf({ scopes, unknown }: TokenNeeds): ReadonlyMap<string, string> {
  return unknown.length > 0 && !scopes.has('contents') ? new Map([...READ, ...scopes]) : scopes
}

export function isWithin(scopes: ReadonlyMap<string, string>, limit: ReadonlyMap<string, string>): boolean {
  return [...scopes].every(([scope, level]) => limit.get(scope) === 'write' || limit.get(scope) === level)
}

function fixOf({ triggers }: Workflow, edits: readonly (TextEdit | null)[], needs: readonly TokenNeeds[]): EditsFix | null {
  const known = edits.filter((edit) => edit !== null)
  if (known.length < edits.length) return null
  const unknown = [...new Set(needs.flatMap((wanted) => wanted.unknown))]
  const isWider = needs.some(({ scopes }) => [...scopes.keys()].some((scope) => NEVER_DEFAULT.has(scope)))
  // A called workflow that asks for more than its caller grants does not start.
  const isCalled = triggers.some(({ name }) => name === 'workflow_call')
  const safety: FixSafety = unknown.length === 0 && !isWider && !isCalled ? 'safe' : 'unsafe'
  return { kind: 'edits', safety, description: describeNeeds(unknown), edits: known }
}

export function describeNeeds(unknown: readonly string[]): string {
  if (unknown.length === 0) return 'Grant what the steps need, by what their actions and commands are known to use'
  const named = unknown.slice(0, MOST_NAMED).join(', ')
  const more = unknown.length > MOST_NAMED ? ` and ${unknown.length - MOST_NAMED} more` : ''
  return `Grant what the steps are known to need; check what is not known: ${named}${more}`
}

/** `contents` first, then by name; a scope that is more than reading the files says why. */
export function blockOf(scopes: ReadonlyMap<string, string>, reasons: ReadonlyMap<string, string>): readonly string[] {
  if (scopes.size === 0) return ['permissions: {}']
  const order = [...scopes].sort(([a], [b]) => Number(b === 'contents') - Number(a === 'contents') || (a < b ? -1 : 1))
  return ['permissions:', ...order.map(([scope, level]) => `  ${scope}: ${level}${READ.get(scope) === level ? '' : commentOf(reasons.get(scope))}`)]
}

const commentOf = (reason: string | undefined): string => (reason === undefined ? '' : ` # ${onOneLine(reason)}`)

/** Before `jobs`, or before `env`, `defaults` or `concurrency` where those come first. */
function workflowEdit({ file, node }: Workflow, scopes: ReadonlyMap<string, string>): TextEdit | null {
  const at = node.pairs.find(({ key }) => ['env', 'defaults', 'concurrency', 'jobs'].includes(key.text))
  if (at === undefined || indentOf(file, node) === null) return null
  const start = startOfComments(file.text, at.key.start)
  if (start === null) return insertBefore(file, at, [...blockOf(scopes, NO_REASONS), ''])
  return { start, end: start, text: blockOf(scopes, NO_REASONS).map((line) => `${line}\n`).join('') + '\n' }
}

/** The start of the comment lines that stand directly above a key at the left edge; null when there are none, or none at the edge. */
function startOfComments(text: string, keyStart: number): number | null {
  let start = keyStart
  if (start !== 0 && text.charAt(start - 1) !== '\n') return null
  for (;;) {
    const above = text.lastIndexOf('\n', start - 2) + 1
    if (start < 2 || !text.startsWith('#', above)) return start === keyStart ? null : start
    start = above
  }
}

/** Below the job's name where that is first, else below the job's key. */
export function jobEdit(job: Job, scopes: ReadonlyMap<string, string>, reasons: ReadonlyMap<string, string>): TextEdit | null {
  const { file } = job.workflow
  const indent = indentOf(file, job.node)
  const first = job.node.pairs[0]
  if (indent === null || first === undefined || job.isAlias) return null
  const isNamed = first.key.text === 'name' && isOneLine(file, first)
  return insertBelow(file, isNamed ? first.value.end : job.key.end, { indent, lines: blockOf(scopes, reasons) })
}
