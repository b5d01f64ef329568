// Finds permissions blocks with a scope whose reason no comment gives, one finding per block. Leaves out `contents: read`,
// scopes that are taken away, and blocks without scopes.
import type { PermissionScope, Permissions } from '../workflow/permissions.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import { defineRule } from './rule.ts'

const COMMENT = /#.*\w/

export const undocumentedPermissions = defineRule({
  meta: {
    id: 'undocumented-permissions',
    summary: 'Say beside each scope why it is needed',
    severity: 'low',
    confidence: 'high',
    profile: 'pedantic',
    fix: 'none',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: { zizmor: ['undocumented-permissions'] },
    messages: { silent: "nothing says why '{scope}: {access}' is needed; add a comment behind it" },
  },
  create(ctx) {
    const check = (permissions: Permissions | null): void => {
      const scope = permissions?.scopes.find((candidate) => needsReason(candidate) && !hasReason(ctx.file, candidate))
      if (scope !== undefined) ctx.report({ message: 'silent', at: scope.key, data: { scope: scope.name, access: scope.access } })
    }
    return {
      workflow({ permissions }) { check(permissions) },
      job({ permissions }) { check(permissions) },
    }
  },
})

const needsReason = ({ name, access }: PermissionScope): boolean => access !== 'none' && !(name === 'contents' && access === 'read')

/** A comment on the scope's own line, or alone on the line above it. */
function hasReason({ text, lines }: PipelineFile, { key, value }: PermissionScope): boolean {
  const line = lines.lineOf(key.start)
  if (COMMENT.test(text.slice(Math.max(key.end, value.end), lines.lineEnd(line)))) return true
  const above = line > 1 ? text.slice(lines.lineStart(line - 1), lines.lineEnd(line - 1)).trim() : ''
  return above.startsWith('#') && COMMENT.test(above)
}
