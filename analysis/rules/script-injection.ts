// Finds text that a person without write access sets and that becomes code: expanded in `run`, a custom shell or the code inputs of
// listed actions, or put by the shell into the program of `eval`, an interpreter, `sed` or `awk`. Leaves out `env`, conditions,
// ordinary inputs, values that cannot carry code, and variables that stay data.
import type { Moved } from '../fixes/move-to-env.ts'
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import type { Origin } from '../workflow/value-origin.ts'
import type { Step } from '../workflow/step.ts'
import type { CodePlace } from '../workflow/code-places.ts'
import type { ExpandedPlace } from '../workflow/code-expansions.ts'
import type { Range } from './rule.ts'
import type { Repository } from '../workflow/repository.ts'
import { moveToEnv } from '../fixes/move-to-env.ts'
import { executedTexts } from '../shell/executed-text.ts'
import { isExecuted } from '../workflow/executed-span.ts'
import { commandsOf } from '../shell/step-commands.ts'
import { shorten } from '../shorten.ts'
import { expandedPlacesOf, isCarriedBy, isOutsiders } from '../workflow/code-expansions.ts'
import { outsiderRunsOf } from '../workflow/outsider-run.ts'
import { scriptVariableOrigins } from '../workflow/script-variable.ts'
import { defineRule } from './rule.ts'

/** A cheap look at a script. */
const PROGRAMS = /\b(?:g?sed|[gm]?awk|eval|\w*sh|python\d?|node|ruby|perl|php)\b/
/** Programs that change files by what they are given, but run nothing of it. */
const APPLIES = /^(?:git|patch)$/

interface Injection {
  readonly span: ExpressionSpan
  readonly origin: Origin
  readonly isCarried: boolean
}

export const scriptInjection = defineRule({
  meta: {
    id: 'script-injection',
    summary: "Never expand an outsider's text inside code",
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe or unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: {
      zizmor: ['template-injection'],
      actionlint: ['expression'],
      poutine: ['injection'],
      octoscan: ['expression-injection'],
      codeql: [
        'CodeInjectionCritical', 'CodeInjectionMedium', 'CommandInjectionCritical', 'CommandInjectionMedium',
        'ArgumentInjectionCritical', 'ArgumentInjectionMedium',
      ],
      scorecard: ['Dangerous-Workflow'],
    },
    messages: {
      injection: "'{expression}' is {kind} that an outsider chooses{origin}, and it becomes code here; pass it through env and read a quoted variable",
      uncarried: {
        text: "'{expression}' is {kind} that an outsider chooses{origin} and would become code here; no trigger of this file brings it today, but pass it through env",
        severity: 'low',
      },
      program: "'{source}' is {kind} that an outsider chooses, and '{program}' takes it for a part of its program here; hand it over as data, or check it first",
    },
  },
  create(ctx) {
    return {
      step(step) {
        for (const expanded of expandedPlacesOf(step, ctx.repository)) {
          const injections = injectionsIn(step, expanded)
          if (injections.length === 0) continue
          const moved = fixFor(step, expanded.place, injections)
          for (const { span, origin, isCarried } of injections) {
            ctx.report({
              message: isCarried ? 'injection' : 'uncarried',
              at: span,
              data: { expression: shorten(span.text), kind: origin.domain === 'ref' ? 'a ref name' : 'text', origin: sourceOf(span, origin) },
              fix: moved?.spans.has(span) === true ? moved.fix : null,
            })
          }
        }
        for (const { at, program, origin } of programsIn(step, ctx.repository)) {
          const severity = step.job === null || outsiderRunsOf(step, ctx.repository).length > 0 ? 'high' : 'medium'
          ctx.report({ message: 'program', at, severity, data: { source: origin.path, kind: origin.domain === 'ref' ? 'a ref name' : 'text', program } })
        }
      },
    }
  },
})

interface Program {
  readonly at: Range
  readonly program: string
  readonly origin: Origin
}

/** Commands of the script whose program an outsider's variable becomes a part of. */
function programsIn(step: Step, repository: Repository): readonly Program[] {
  const script = commandsOf(step, PROGRAMS)
  if (script === null) return []
  return executedTexts(script).flatMap(({ command, program, variables }): Program[] => {
    const origins = APPLIES.test(program) ? [] : variables.flatMap((name) => scriptVariableOrigins(step, name, repository))
    const origin = origins.find((one) => isOutsiders(one, repository) && isCarriedBy(step, one))
    return origin === undefined ? [] : [{ at: script.rangeOf(command), program, origin }]
  })
}

/** One set of edits for all of them, so that one name serves one expression. */
function fixFor(step: Step, { key, scalar, language }: CodePlace, injections: readonly Injection[]): Moved | null {
  // What else runs code may not hand the step's env on: a container, another machine.
  if (key === 'shell' || (key === 'with' && language !== 'javascript')) return null
  const movable = injections.filter(({ span }) => key !== 'run' || !isExecuted(step, span, (program) => !APPLIES.test(program)))
  return movable.length === 0 ? null : moveToEnv({ step, key, scalar, language, expansions: movable.map(({ span, origin }) => ({ span, origin: origin.path })) })
}

function injectionsIn(step: Step, { expansions }: ExpandedPlace): readonly Injection[] {
  return expansions.flatMap(({ span, outsiders }) => {
    const carried = outsiders.find((origin) => isCarriedBy(step, origin))
    const origin = carried ?? outsiders[0]
    return origin === undefined ? [] : [{ span, origin, isCarried: carried !== undefined }]
  })
}

function sourceOf({ text }: ExpressionSpan, { path }: Origin): string {
  return text.trim() === path ? '' : ` (from ${path})`
}
