// Finds jobs and steps of the golden workflow that are absent, and golden workflows that the repository's own policy names and nothing
// is like. Off without golden workflows in the policy.
import { goldenDrift } from '../drift/golden-drift.ts'
import { goldenEntry } from '../policy/golden-section.ts'
import { matchesPath } from '../policy/path-glob.ts'
import { asMapping } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

export const goldenMissing = defineRule({
  meta: {
    id: 'golden-missing',
    summary: 'Have every job and step of the golden workflow',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: {},
    messages: {
      pipeline: "no workflow of this repository is like the golden workflow '{golden}': add {target}",
      differs: "{text}, which the golden workflow '{golden}' has",
    },
  },
  create(ctx) {
    return {
      file({ kind, tree }) {
        const { paths } = ctx.repository
        if (kind !== 'policy' || paths === null) return
        for (const { file, text, targets } of ctx.policy.golden.workflows) {
          if (text === null || [...paths].some((path) => matchesPath(targets, path))) continue
          const at = goldenEntry(asMapping(tree.root), file)
          if (at !== null) ctx.report({ message: 'pipeline', at, data: { golden: file, target: targets.join(' or ') }, identity: file })
        }
      },
      workflow({ file }) {
        for (const { golden, difference: { at, place, text }, fix } of goldenDrift(file, ctx.policy, ['missing'])) {
          ctx.report({ message: 'differs', at, data: { golden, text }, fix, identity: place })
        }
      },
    }
  },
})
