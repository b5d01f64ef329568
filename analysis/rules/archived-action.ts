// Finds actions and called workflows of archived repositories: nobody repairs them any more.
// What the bundled list does not name, the code host must say.
import { isArchived, successorsOf } from '../data/archived-actions.ts'
import { replaceAction } from '../fixes/replace-action.ts'
import { defineRule } from './rule.ts'

export const archivedAction = defineRule({
  meta: {
    id: 'archived-action',
    summary: 'Replace actions whose repository is archived',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'dependencies',
    equivalents: { zizmor: ['archived-uses'] },
    messages: { archived: "'{repository}' is archived, so it gets no repairs; {advice}" },
  },
  create(ctx) {
    return {
      uses(uses) {
        if (uses.form !== 'repository' || !(isArchived(uses.repository) || isSaidToBeArchived(uses.repository))) return
        const successors = uses.name === uses.repository ? successorsOf(uses.repository) : []
        const [name] = successors
        ctx.report({
          message: 'archived',
          at: uses.node,
          data: { repository: uses.repository, advice: name === undefined ? 'use a maintained action, or a script' : `use ${successors.join(' or ')}` },
          fix: name === undefined ? null : replaceAction(uses, { name, host: ctx.host, today: ctx.today }),
          identity: uses.name.toLowerCase(),
        })
      },
    }

    function isSaidToBeArchived(repository: string): boolean {
      const request = { kind: 'repository', repository } as const
      ctx.want(request)
      const answer = ctx.fact(request)
      return answer?.status === 'known' && answer.value.state === 'present' && answer.value.isArchived
    }
  },
})
