// Finds keys that the schema does not have at their place, and keys that another key beside them excludes.
// Leaves out free maps (env, with, outputs), events and their filters (event-config) and permission scopes (permission-scope).
import { schemaProblems } from '../syntax/schema-problems.ts'
import type { UnknownKey } from '../syntax/schema-problem.ts'
import type { EditsFix } from './rule.ts'
import { defineRule } from './rule.ts'

export const unknownKey = defineRule({
  meta: {
    id: 'unknown-key',
    summary: 'Use only keys that GitHub reads at their place',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['syntax-check'] },
    messages: {
      nearMiss: "'{key}' is no key of {place}; did you mean '{meant}'?",
      excluded: "'{key}' cannot stand in {place} beside '{by}'; remove one of the two",
      unknown: { text: "'{key}' is no key of {place} that this version knows; it is wrong here, or newer than this version", severity: 'info', confidence: 'low' },
    },
  },
  create(ctx) {
    return {
      file(file) {
        for (const problem of schemaProblems(file, ctx.registry)) {
          if (problem.kind !== 'unknown-key') continue
          const { key, nearMiss, excludedBy } = problem
          const place = problem.place || 'the file'
          if (nearMiss !== null) ctx.report({ message: 'nearMiss', at: problem, data: { key, place, meant: nearMiss }, fix: rename(problem, nearMiss) })
          else if (excludedBy !== null) ctx.report({ message: 'excluded', at: problem, data: { key, place, by: excludedBy } })
          else ctx.report({ message: 'unknown', at: problem, data: { key, place } })
        }
      },
    }
  },
})

function rename({ start, end, key }: UnknownKey, meant: string): EditsFix {
  return { kind: 'edits', safety: 'unsafe', description: `Rename '${key}' to '${meant}', which GitHub reads here`, edits: [{ start, end, text: meant }] }
}
