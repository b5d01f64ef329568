// Finds inputs that the action itself calls deprecated. Leaves out inputs that it does not have any more (action-inputs).
import type { DeclaredInput } from '../workflow/action-interface.ts'
import type { Step } from '../workflow/step.ts'
import { declaredInputs } from '../workflow/action-interface.ts'
import { defineRule } from './rule.ts'

export const deprecatedInput = defineRule({
  meta: {
    id: 'deprecated-input',
    summary: 'Leave inputs that their action calls deprecated',
    severity: 'low',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: { actionlint: ['action'] },
    messages: {
      deprecated: "the input '{input}' of '{uses}' is deprecated{advice}",
    },
  },
  create(ctx) {
    return {
      step(step) {
        const { uses } = step
        if (uses === null || step.with === null || step.with.pairs.length === 0) return
        const declared = declaredInputs(uses, ctx)
        const deprecated = declared?.inputs.filter(({ deprecation }) => deprecation !== null) ?? []
        if (declared === null || deprecated.length === 0) return
        for (const { key } of step.with.pairs) {
          const input = deprecated.find(({ name }) => name.toLowerCase() === key.text.toLowerCase())
          if (input === undefined) continue
          const successor = successorOf(input, declared.inputs, step)
          const advice = input.deprecation ? `: ${input.deprecation}` : successor === null ? '' : `; use '${successor}'`
          ctx.report({
            message: 'deprecated',
            at: key,
            data: { uses: uses.text, input: key.text, advice },
            confidence: declared.isExact ? 'high' : 'medium',
            fix: successor === null
              ? null
              : { kind: 'edits', safety: 'unsafe', description: `Use '${successor}' in place of '${key.text}'`, edits: [{ start: key.start, end: key.end, text: successor }] },
          })
        }
      },
    }
  },
})

/** The input of the same words that is not deprecated, `packages-dir` for `packages_dir`; null without one, or when it is given too. */
function successorOf({ name }: DeclaredInput, inputs: readonly DeclaredInput[], { with: given }: Step): string | null {
  const successor = inputs.find((other) => other.deprecation === null && plain(other.name) === plain(name))?.name
  return successor === undefined || given?.pairs.some(({ key }) => key.text.toLowerCase() === successor.toLowerCase()) ? null : successor
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_]/g, '')
