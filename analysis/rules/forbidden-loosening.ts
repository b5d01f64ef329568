// Finds places of the repository's policy file that are looser than its organisation's policy allows. They do not count; without a
// finding nobody would see why. Leaves out repositories without an organisation's policy: their file decides alone.
import type { MappingNode, ScalarNode } from '../source/node.ts'
import { asMapping } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

export const forbiddenLoosening = defineRule({
  meta: {
    id: 'forbidden-loosening',
    summary: "Keep the repository's policy at least as strict as its organisation's",
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: {},
    messages: {
      looser: "'{key}' is looser than the organisation's policy and does not count; remove it, or ask who keeps that policy to allow it",
    },
  },
  create(ctx) {
    const { loosened } = ctx.policy
    if (loosened.length === 0 || ctx.file.kind !== 'policy') return {}
    return {
      // Spoken after the file's suppressions were applied: what they silence is not for them to say here.
      suppressions() {
        const root = asMapping(ctx.file.tree.root)
        for (const key of loosened) ctx.report({ message: 'looser', at: placeOf(root, key.split('.')) ?? { start: 0, end: 0 }, data: { key }, identity: key })
      },
    }
  },
})

function placeOf(map: MappingNode | null, [name, ...rest]: readonly string[]): ScalarNode | null {
  const pair = map?.pairs.find(({ key }) => key.text === name)
  if (pair === undefined) return null
  return rest.length === 0 ? pair.key : placeOf(asMapping(pair.value), rest)
}
