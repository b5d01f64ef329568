// Finds actions that do what a tool of the runner image does. Leaves out actions that are not listed.
import { runnerAlternative } from '../data/superfluous-actions.ts'
import { defineRule } from './rule.ts'

export const superfluousAction = defineRule({
  meta: {
    id: 'superfluous-action',
    summary: 'Use the tools of the runner instead of an action that wraps them',
    severity: 'info',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'dependencies',
    equivalents: { zizmor: ['superfluous-actions'] },
    messages: {
      full: "'{uses}' does what the runner can do by itself; {commands} in a script needs nobody else's code",
      partial: {
        text: "much of what '{uses}' does, the runner can do by itself; see whether {commands} in a script is enough",
        confidence: 'low',
        profile: 'pedantic',
      },
    },
  },
  create(ctx) {
    return {
      uses({ form, name, node }) {
        const alternative = form === 'repository' ? runnerAlternative(name) : undefined
        if (alternative === undefined) return
        const commands = alternative.commands.map((command) => `'${command}'`).join(' or ')
        ctx.report({ message: alternative.isPartial ? 'partial' : 'full', at: node, data: { uses: name, commands }, identity: name.toLowerCase() })
      },
    }
  },
})
