// Finds contexts, functions, properties, steps, jobs, inputs, secrets, outputs and matrix keys that do not exist where they
// are read. Leaves out everything below values of unknown shape: event payloads, fromJSON, outputs of other repositories.
import { expressionProblemsOf } from '../syntax/expression-problems.ts'
import { defineRule } from './rule.ts'

/** A caller with `secrets: inherit` passes on what nobody named; a program can set outputs that its action does not declare. */
const DOUBTFUL: ReadonlySet<unknown> = new Set(['secret', 'output that the action declares'])

export const unknownReference = defineRule({
  meta: {
    id: 'unknown-reference',
    summary: 'Read only what exists where it is read',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['expression'] },
    messages: {
      name: "'{expression}' names no {noun}{hint}",
      property: { text: "'{expression}' names no {noun}{hint}", severity: 'medium' },
      scalar: { text: "'{expression}' is always empty: '{object}' is {kind} and has no properties", severity: 'medium' },
      list: { text: "'{object}' is a list, which has no property '{name}'; read '{object}.*.{name}' or one item", severity: 'medium' },
      context: "there is no context '{name}'{hint}",
      function: "there is no function '{name}'{hint}",
    },
  },
  create(ctx) {
    return {
      file(file) {
        for (const problem of expressionProblemsOf('unknown-reference', file, ctx.repository)) {
          const { message, data } = problem
          ctx.report({ message, at: problem, data, ...(DOUBTFUL.has(data.noun) ? { confidence: 'medium' } : {}) })
        }
      },
    }
  },
})
