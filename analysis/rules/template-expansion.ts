// Finds every other expansion in code, graded by who sets the value and what it may contain: what outsiders set is
// script-injection's, what a model answered is ai-output-execution's. Leaves out literals and truth values, JSON in the place of a
// JavaScript literal, and the choice of a shell.
import type { Moved } from '../fixes/move-to-env.ts'
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import type { CodePlace } from '../workflow/code-places.ts'
import type { ExpandedPlace } from '../workflow/code-expansions.ts'
import type { Expansion } from '../workflow/expansion-kind.ts'
import type { Step } from '../workflow/step.ts'
import { moveToEnv } from '../fixes/move-to-env.ts'
import { shorten } from '../shorten.ts'
import { expandedPlacesOf } from '../workflow/code-expansions.ts'
import { expansionOf } from '../workflow/expansion-kind.ts'
import { defineRule } from './rule.ts'

interface Found {
  readonly span: ExpressionSpan
  readonly expansion: Expansion
}

export const templateExpansion = defineRule({
  meta: {
    id: 'template-expansion',
    summary: 'Read values in code as variables, do not paste them in',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe or unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['template-injection'] },
    messages: {
      writer: "'{expression}' is text that whoever may write chooses, and it becomes code here; pass it through env and read a quoted variable",
      input: "'{expression}' is an input of any text, and it becomes code here; pass it through env and read a quoted variable",
      matrix: {
        text: "'{expression}' comes from a matrix that an expression fills, and it becomes code here; pass it through env and read a quoted variable",
        confidence: 'medium',
      },
      env: { text: "'{expression}' is a variable that an expression sets, and it becomes code here; read the variable in the shell instead", severity: 'low' },
      identifier: { text: "'{expression}' is a name that an outsider registered, and it becomes part of the code here; pass it through env", severity: 'low' },
      undeclared: {
        text: "'{expression}' is an input that nothing here declares, and it would become code; pass it through env and read a quoted variable",
        severity: 'low', confidence: 'low',
      },
      unknown: { text: "what '{expression}' holds is not known here, and it becomes code; pass it through env and read a quoted variable", severity: 'info', confidence: 'low' },
      settled: { text: "'{expression}' has values that this file writes out; a variable would keep them out of the code", severity: 'low', profile: 'pedantic' },
      trusted: { text: "'{expression}' is a setting that becomes code here; pass it through env and read a quoted variable", severity: 'low', profile: 'pedantic' },
      fixed: { text: "'{expression}' cannot carry code, but a variable would keep it out of the script", severity: 'low', profile: 'pedantic' },
    },
  },
  create(ctx) {
    return {
      step(step) {
        for (const expanded of expandedPlacesOf(step, ctx.repository)) {
          if (expanded.place.key === 'shell') continue
          const found = expansionsIn(step, expanded)
          if (found.length === 0) continue
          const moved = fixFor(step, expanded.place, found)
          for (const { span, expansion } of found) {
            ctx.report({
              message: expansion.kind,
              at: span,
              data: { expression: shorten(span.text) },
              fix: moved?.spans.has(span) === true ? moved.fix : null,
            })
          }
        }
      },
    }
  },
})

function expansionsIn(step: Step, { expansions }: ExpandedPlace): readonly Found[] {
  return expansions.flatMap(({ span, outsiders, models }) => {
    const expansion = outsiders.length > 0 || models.length > 0 || span.root === null ? null : expansionOf(span.root, { step, job: step.job })
    return expansion === null ? [] : [{ span, expansion }]
  })
}

/** One set of edits for all of them, so that one name serves one expression; what cannot carry code may stay. */
function fixFor(step: Step, { key, scalar, language }: CodePlace, found: readonly Found[]): Moved | null {
  // What else runs code may not hand the step's env on: a container, another machine.
  if (key === 'shell' || (key === 'with' && language !== 'javascript')) return null
  const expansions = found.filter(({ expansion }) => expansion.kind !== 'fixed').map(({ span, expansion }) => ({ span, origin: expansion.path }))
  return expansions.length === 0 ? null : moveToEnv({ step, key, scalar, language, expansions })
}
