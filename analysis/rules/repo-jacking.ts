// Finds actions of repositories that were renamed or are gone, so that somebody else may take the name. Leaves out repositories that
// are missing below an owner that exists: they may be private.
import type { EditsFix } from './rule.ts'
import type { Uses } from '../workflow/uses.ts'
import { defineRule } from './rule.ts'

export const repoJacking = defineRule({
  meta: {
    id: 'repo-jacking',
    summary: 'Name actions by what their repository is called now',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { octoscan: ['repo-jacking'] },
    messages: {
      gone: "the owner of '{repository}' does not exist any more, so anybody may take the name and what runs here; use another action",
      renamed: { text: "'{repository}' is called '{name}' now; the old name leads there only until somebody takes it", severity: 'medium' },
    },
  },
  create(ctx) {
    return {
      uses(uses) {
        if (uses.form !== 'repository') return
        const { repository, node } = uses
        const request = { kind: 'repository', repository } as const
        ctx.want(request)
        const answer = ctx.fact(request)
        if (answer?.status !== 'known') return
        const identity = uses.name.toLowerCase()
        if (answer.value.state === 'gone') {
          ctx.report({ message: 'gone', at: node, data: { repository }, identity })
          return
        }
        const { name } = answer.value
        if (name.toLowerCase() !== repository.toLowerCase()) ctx.report({ message: 'renamed', at: node, data: { repository, name }, fix: useName(uses, name), identity })
      },
    }
  },
})

/** The same repository under its name: every ref and commit is the same. */
function useName(uses: Uses, name: string): EditsFix | null {
  const start = uses.refStart - 1 - uses.writtenName.length
  if (uses.refStart === -1 || !uses.file.text.startsWith(uses.repository, start)) return null
  return { kind: 'edits', safety: 'unsafe', description: `use ${name}`, edits: [{ start, end: start + uses.repository.length, text: name }] }
}
