// Finds repositories whose code owners do not include workflows and actions: a change of them then needs nobody's review.
// Leaves out whether the branch demands the owners' review, and whether the named teams exist.
import { isFirstPipeline, FIRST_LINE } from '../workflow/first-pipeline.ts'
import { listsCode } from '../workflow/local-target.ts'
import { defineRule } from './rule.ts'

/** Where GitHub looks, in its order. */
const PLACES = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']

export const codeownersMissing = defineRule({
  meta: {
    id: 'codeowners-missing',
    summary: 'Name who reviews changes of pipelines',
    severity: 'low',
    confidence: 'high',
    profile: 'pedantic',
    fix: 'none',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: {},
    messages: { none: "no CODEOWNERS file: a change of workflows and actions needs nobody's review; add one with '/.github/ {owner}'" },
  },
  create(ctx) {
    return {
      file(file) {
        const { repository, policy } = ctx
        if (repository.paths === null || !listsCode(repository) || !isFirstPipeline(file, ctx)) return
        if (PLACES.some((path) => repository.paths?.has(path))) return
        ctx.report({ message: 'none', at: FIRST_LINE, data: { owner: policy.pipelineOwners.join(' ') || '@your-team' }, identity: '' })
      },
    }
  },
})
