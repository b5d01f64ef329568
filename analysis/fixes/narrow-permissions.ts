// Narrows a `permissions` block that grants too much: write scopes move from the workflow to the jobs that need them, and a
// block of all rights becomes one of those that are needed. What is not known keeps what it had.
import type { EditsFix } from '../rules/rule.ts'
import type { FixSafety, TextEdit } from '../finding.ts'
import type { Job } from '../workflow/job.ts'
import type { Permissions, PermissionScope } from '../workflow/permissions.ts'
import type { TokenNeeds } from '../permissions/needs.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { indentOf } from '../workflow/insert-lines.ts'
import { blockOf, describeNeeds, READ, isWithin, jobEdit, scopesOf } from './write-permissions.ts'

/** Scopes that cannot be read, only written. */
const WRITE_ONLY = new Set(['id-token'])

/** For the workflow's own block; `needs` are those of the jobs without a block of their own. */
export function narrowWorkflow(workflow: Workflow, permissions: Permissions, needs: ReadonlyMap<Job, TokenNeeds>): EditsFix | null {
  return permissions.kind === 'scopes' ? moveScopes(permissions, needs) : replaceAll(workflow, permissions, needs)
}

/** The scopes stay readable where they stand; a job that needs more gets its own block, one that is not known all that it had. */
function moveScopes({ scopes, node }: Permissions, needs: ReadonlyMap<Job, TokenNeeds>): EditsFix | null {
  const had = new Map(scopes.map(({ name, access }) => [name, access]))
  const left = new Map(scopes.map((scope) => [scope.name, accessLeft(scope)]))
  const edits: (TextEdit | null)[] = scopes.filter(({ access }) => access === 'write').map(({ value, name, access }) =>
    value.kind === 'scalar' ? { start: value.start, end: value.end, text: accessLeft({ name, access }) } : null)
  for (const [job, wanted] of needs) {
    if (wanted.unknown.length > 0) edits.push(jobEdit(job, had, wanted.reasons))
    else if (!isWithin(wanted.scopes, left)) edits.push(jobEdit(job, wanted.scopes, wanted.reasons))
  }
  if (node?.anchor !== null) return null
  // An unknown job keeps its rights; a known one has what it needs.
  return fixOf(edits, { safety: 'safe', description: 'Grant the writing scopes to the jobs that need them, not to the whole workflow' })
}

function accessLeft({ name, access }: Pick<PermissionScope, 'name' | 'access'>): string {
  if (access !== 'write') return access
  return WRITE_ONLY.has(name) ? 'none' : 'read'
}

function replaceAll(workflow: Workflow, permissions: Permissions, needs: ReadonlyMap<Job, TokenNeeds>): EditsFix | null {
  const unknown = [...new Set([...needs.values()].flatMap((wanted) => wanted.unknown))]
  const base = needs.size > 0 ? READ : new Map<string, string>()
  const beyond = [...needs].filter(([, wanted]) => wanted.unknown.length > 0 || !isWithin(wanted.scopes, base))
  const edits = [wordEdit(permissions, { scopes: base, reasons: new Map() }, indentOf(workflow.file, workflow.node)), ...beyond.map(([job, wanted]) => jobEdit(job, scopesOf(wanted), wanted.reasons))]
  return fixOf(edits, { safety: safetyOf(unknown), description: describeNeeds(unknown) })
}

/** For a job's own `read-all` or `write-all`. */
export function narrowJob({ workflow, node }: Job, permissions: Permissions, needs: TokenNeeds): EditsFix | null {
  const edit = wordEdit(permissions, { scopes: scopesOf(needs), reasons: needs.reasons }, indentOf(workflow.file, node))
  return fixOf([edit], { safety: safetyOf(needs.unknown), description: describeNeeds(needs.unknown) })
}

const safetyOf = (unknown: readonly string[]): FixSafety => (unknown.length === 0 ? 'safe' : 'unsafe')

/** Writes a block in the place of `read-all` or `write-all`. */
function wordEdit({ pair, node }: Permissions, { scopes, reasons }: Pick<TokenNeeds, 'scopes' | 'reasons'>, indent: number | null): TextEdit | null {
  if (indent === null || pair.value !== node || node.anchor !== null) return null
  const [first = '', ...lines] = blockOf(scopes, reasons)
  const text = first.slice('permissions:'.length) + lines.map((line) => `\n${' '.repeat(indent)}${line}`).join('')
  return { start: pair.colon + 1, end: node.end, text }
}

function fixOf(edits: readonly (TextEdit | null)[], { safety, description }: { safety: FixSafety; description: string }): EditsFix | null {
  const known = edits.filter((edit) => edit !== null)
  return known.length < edits.length ? null : { kind: 'edits', safety, description, edits: known }
}
