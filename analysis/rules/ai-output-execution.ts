// Finds answers of language models that are run: expanded in code, piped or handed to an interpreter or to a patching program,
// written to the environment of later steps, or given to another model as its prompt. Leaves out paths, names and states that a
// model's action returns, and answers that are only shown.
import type { Moved } from '../fixes/move-to-env.ts'
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import type { CodePlace } from '../workflow/code-places.ts'
import type { Origin } from '../workflow/value-origin.ts'
import type { Repository } from '../workflow/repository.ts'
import type { Step } from '../workflow/step.ts'
import { moveToEnv } from '../fixes/move-to-env.ts'
import { executedTexts } from '../shell/executed-text.ts'
import { commandsOf } from '../shell/step-commands.ts'
import { shorten } from '../shorten.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'
import { expandedPlacesOf } from '../workflow/code-expansions.ts'
import { isExecuted } from '../workflow/executed-span.ts'
import { promptsOf } from '../workflow/model-prompts.ts'
import { scriptVariableOrigins } from '../workflow/script-variable.ts'
import { writesOf } from '../workflow/script-writes.ts'
import { originsOf, writeSourcesOf } from '../workflow/value-origin.ts'
import { defineRule } from './rule.ts'

interface Answer {
  readonly span: ExpressionSpan
  readonly origin: Origin
}

export const aiOutputExecution = defineRule({
  meta: {
    id: 'ai-output-execution',
    summary: 'Never run what a model answered',
    severity: 'high',
    confidence: 'medium',
    profile: 'regular',
    fix: 'safe or unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { codeql: ['ImproperValidationOfAiOutputCritical'], zizmor: ['template-injection'] },
    messages: {
      expanded: "'{expression}' is what a model answered, and it becomes code here; pass it through env, read a quoted variable, and check the answer before anything acts on it",
      prompt: "'{expression}' is what a model answered, and here another model takes orders from it; check the answer first, or ask once",
      executed: "'{program}' runs what a model answered ({source}); let a person review it, or accept only answers from a list",
      environment: 'what a model answered ({source}) is written to {file}, where a line break in it sets variables of later steps; check the answer first',
    },
  },
  create(ctx) {
    return {
      step(step) {
        for (const { place, expansions } of expandedPlacesOf(step, ctx.repository)) {
          const answers = expansions.flatMap(({ span, outsiders, models: [origin] }) => (origin === undefined || outsiders.length > 0 ? [] : [{ span, origin }]))
          const moved = answers.length === 0 ? null : fixFor(step, place, answers)
          for (const { span } of answers) {
            ctx.report({ message: 'expanded', at: span, data: { expression: shorten(span.text) }, fix: moved?.spans.has(span) === true ? moved.fix : null })
          }
        }
        for (const span of promptsOf(step).flatMap((prompt) => expressionsIn(step.file.text, prompt))) {
          const origins = span.root === null ? [] : originsOf(span.root, { step, job: step.job }, ctx.repository)
          if (modelIn(origins) !== null) ctx.report({ message: 'prompt', at: span, data: { expression: shorten(span.text) } })
        }
        const script = commandsOf(step, /\$/)
        for (const { command, program, variables } of script === null ? [] : executedTexts(script)) {
          const source = modelIn(variables.flatMap((name) => scriptVariableOrigins(step, name, ctx.repository)))
          if (script !== null && source !== null) ctx.report({ message: 'executed', at: script.rangeOf(command), data: { program, source } })
        }
        const written = writtenAnswer(step, ctx.repository)
        if (written !== null && step.run !== null) ctx.report({ message: 'environment', at: step.run, data: written })
      },
    }
  },
})

/** One set of edits for all of them, so that one name serves one expression. */
function fixFor(step: Step, { key, scalar, language }: CodePlace, answers: readonly Answer[]): Moved | null {
  // What else runs code may not hand the step's env on: a container, another machine.
  if (key === 'shell' || (key === 'with' && language !== 'javascript')) return null
  const movable = answers.filter(({ span }) => key !== 'run' || !isExecuted(step, span))
  return movable.length === 0 ? null : moveToEnv({ step, key, scalar, language, expansions: movable.map(({ span, origin }) => ({ span, origin: origin.path })) })
}

const modelIn = (origins: readonly Origin[]): string | null => origins.find(({ by }) => by === 'model')?.path ?? null

/** The first write of an answer that sets what later steps run with; expressions in the script are reported where they stand. */
function writtenAnswer(step: Step, repository: Repository): { source: string; file: string } | null {
  for (const write of step.run === null ? [] : writesOf(step.file.text, step.run)) {
    const source = write.target === 'output' ? null : modelIn(writeSourcesOf(step, { ...write, expressions: [] }, repository))
    if (source !== null) return { source, file: write.target === 'env' ? 'GITHUB_ENV' : 'GITHUB_PATH' }
  }
  return null
}
