// Finds text of outsiders in the prompt of a language model that acts by itself or whose job may write, in runs that an outsider
// starts. Leaves out runs that a trusted person or an environment must approve, prompt files, and what an agent reads by itself.
import type { ModelAction } from '../data/model-actions.ts'
import type { Origin } from '../workflow/value-origin.ts'
import type { Step } from '../workflow/step.ts'
import { modelAction } from '../data/model-actions.ts'
import { shorten } from '../shorten.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'
import { isPowerless } from '../permissions/powerless.ts'
import { isCarriedBy, isOutsiders } from '../workflow/code-expansions.ts'
import { promptsOf } from '../workflow/model-prompts.ts'
import { outsiderRunsOf } from '../workflow/outsider-run.ts'
import { inputOf } from '../workflow/step-input.ts'
import { originsOf } from '../workflow/value-origin.ts'
import { defineRule } from './rule.ts'

export const aiPromptInjection = defineRule({
  meta: {
    id: 'ai-prompt-injection',
    summary: "Keep an outsider's text out of an agent's prompt",
    severity: 'high',
    confidence: 'medium',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { codeql: ['PromptInjectionCritical', 'PromptInjectionMedium'] },
    messages: {
      agent: "'{expression}' is text that an outsider chooses, and '{action}' takes orders from it with what this job holds; let a trusted person start it, or give it a read-only token and no tools",
      writer: "'{expression}' is text that an outsider chooses, and the model of '{action}' takes orders from it in a job that may write; ask the model in a job whose token only reads",
      gated: {
        text: "'{expression}' is text that an outsider chooses; '{action}' only asks whether whoever starts the run may write, and then takes orders from the text; give it numbers and let it treat what it reads as data",
        severity: 'medium',
      },
    },
  },
  create(ctx) {
    return {
      uses({ name, step }) {
        const action = modelAction(name)
        if (step === null || action === undefined || (!action.agent && isPowerless(step))) return
        const prompts = promptsOf(step)
        if (prompts.length === 0 || !outsiderRunsOf(step, ctx.repository).some(({ guards }) => guards.size === 0)) return
        const message = isGated(step, action) ? 'gated' : action.agent ? 'agent' : 'writer'
        const isHere = (origin: Origin): boolean => isOutsiders(origin, ctx.repository) && isCarriedBy(step, origin)
        for (const span of prompts.flatMap((prompt) => expressionsIn(step.file.text, prompt))) {
          if (span.root === null || !originsOf(span.root, { step, job: step.job }, ctx.repository).some(isHere)) continue
          ctx.report({ message, at: span, data: { expression: shorten(span.text), action: name } })
        }
      },
    }
  },
})

function isGated(step: Step, { openedBy }: ModelAction): boolean {
  return openedBy !== undefined && (inputOf(step, openedBy)?.text ?? '').trim() === ''
}
