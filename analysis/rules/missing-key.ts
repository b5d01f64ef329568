// Finds required keys that are absent: on, jobs, runs-on, steps, run or uses, a composite step's shell, an input's type ...
// Leaves out keys that an unknown key beside them was probably meant to be (unknown-key).
import { schemaProblems } from '../syntax/schema-problems.ts'
import { defineRule } from './rule.ts'

/** Alternatives beyond these do not help the reader. */
const MAX_INSTEAD = 2

export const missingKey = defineRule({
  meta: {
    id: 'missing-key',
    summary: 'Give every map the keys that GitHub requires',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['syntax-check'], ghalint: ['action_shell_is_required'] },
    messages: {
      required: '{place} needs {keys}',
      unscheduled: "on.schedule needs a list with 'cron': without a time it never starts",
      asked: { text: "{place} has no {keys}; runners do not need it, GitHub's documentation asks for it", severity: 'low' },
    },
  },
  create(ctx) {
    return {
      workflow({ triggers }) {
        for (const { name, node, value } of triggers) {
          if (name === 'schedule' && (value === null || (value.kind === 'sequence' && value.items.length === 0))) ctx.report({ message: 'unscheduled', at: node, identity: name })
        }
      },
      file(file) {
        for (const problem of schemaProblems(file, ctx.registry)) {
          if (problem.kind !== 'missing-key') continue
          const { keys, instead, enforced } = problem
          const place = problem.place || 'the file'
          const words = [keys, ...instead.slice(0, MAX_INSTEAD)].filter((group) => group.length > 0).map((group) => quoteAll(group))
          ctx.report({ message: enforced ? 'required' : 'asked', at: problem, data: { place, keys: words.join(', or else ') }, identity: keys.join() })
        }
      },
    }
  },
})

const quoteAll = (keys: readonly string[]): string => keys.map((key) => `'${key}'`).join(' and ')
