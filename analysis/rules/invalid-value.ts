// Finds values of the wrong kind, empty where one is needed, no number or boolean, out of range, or not in the list.
// Leaves out expressions (expression-type), activity types and events (event-config) and access levels (permission-scope).
import { schemaProblems } from '../syntax/schema-problems.ts'
import { defineRule } from './rule.ts'

export const invalidValue = defineRule({
  meta: {
    id: 'invalid-value',
    summary: 'Give every key a value of the kind that GitHub reads',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['syntax-check'] },
    messages: {
      refused: '{place} is {found}; it has to be {expected}{hint}',
      newer: { text: '{place} is {found}, which this version does not know: it is wrong, or newer than {expected}', severity: 'info', confidence: 'low' },
      tolerated: { text: "{place} is {found}; GitHub takes it, its documentation asks for {expected}{hint}", severity: 'low' },
    },
  },
  create(ctx) {
    return {
      file(file) {
        for (const problem of schemaProblems(file, ctx.registry)) {
          if (problem.kind !== 'invalid-value') continue
          const { found, expected, hint, doubt } = problem
          ctx.report({ message: doubt ?? 'refused', at: problem, data: { place: problem.place || 'the file', found, expected, hint } })
        }
      },
    }
  },
})
