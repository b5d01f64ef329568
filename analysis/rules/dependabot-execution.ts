// Finds Dependabot entries that let the code of dependencies run while they are updated. Leaves out nothing.
import type { EditsFix } from './rule.ts'
import type { ScalarNode } from '../source/node.ts'
import { asScalar, findPair } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const KEY = 'insecure-external-code-execution'

export const dependabotExecution = defineRule({
  meta: {
    id: 'dependabot-execution',
    summary: 'Keep the code of dependencies from running during updates',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['dependabot-execution'] },
    messages: { allowed: `'${KEY}: allow' lets the code of dependencies run beside the registry's credentials; set it to deny` },
  },
  create(ctx) {
    return {
      dependabot({ updates }) {
        for (const { node, ecosystem } of updates) {
          const pair = findPair(node, KEY)
          const value = pair === undefined ? null : asScalar(pair.value)
          if (pair === undefined || value?.text !== 'allow') continue
          ctx.report({ message: 'allowed', at: pair.key, fix: pair.value.kind === 'alias' ? null : deny(value), identity: ecosystem?.text ?? '' })
        }
      },
    }
  },
})

const deny = ({ start, end }: ScalarNode): EditsFix => ({ kind: 'edits', safety: 'unsafe', description: 'Deny it', edits: [{ start, end, text: 'deny' }] })
