// Finds workflows and jobs without a name. Leaves out jobs that call a workflow, and actions, which must have one.
import { findPair } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

export const anonymousDefinition = defineRule({
  meta: {
    id: 'anonymous-definition',
    summary: 'Name workflows and jobs',
    severity: 'low',
    confidence: 'high',
    profile: 'pedantic',
    fix: 'none',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: { zizmor: ['anonymous-definition'] },
    messages: {
      workflow: "this workflow has no name and is listed by its path, '{path}'; add a 'name'",
      job: { text: "job '{job}' has no name and is shown by its id; add a 'name' that a reader of the checks understands", severity: 'info' },
    },
  },
  create(ctx) {
    return {
      workflow({ file, node }) {
        const first = node.pairs[0]
        if (first !== undefined && findPair(node, 'name') === undefined) ctx.report({ message: 'workflow', at: first.key, data: { path: file.path }, identity: '' })
      },
      job({ id, key, node, uses }) {
        if (uses === null && findPair(node, 'uses') === undefined && findPair(node, 'name') === undefined) ctx.report({ message: 'job', at: key, data: { job: id } })
      },
    }
  },
})
