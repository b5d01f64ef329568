// Finds inputs that the action does not declare, and required ones that are left out. Leaves out actions whose metadata we
// lack, `with` given as an expression, deprecated inputs (deprecated-input) and called workflows (reusable-call-inputs).
import type { Step } from '../workflow/step.ts'
import type { DeclaredInput } from '../workflow/action-interface.ts'
import type { EditsFix, RuleContext } from './rule.ts'
import { nearMiss } from '../syntax/near-miss.ts'
import { declaredInputs } from '../workflow/action-interface.ts'
import { asMapping, findPair, hasExpression, isNull } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const CONTAINER_INPUTS: ReadonlySet<string> = new Set(['args', 'entrypoint'])
/** More do not help the reader. */
const MAX_NAMED = 8

type Context = RuleContext<'near' | 'unknown' | 'container' | 'missing'>

export const actionInputs = defineRule({
  meta: {
    id: 'action-inputs',
    summary: 'Give actions the inputs that they declare',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['action'] },
    messages: {
      near: "'{uses}' has no input '{input}'; did you mean '{meant}'?",
      unknown: "'{uses}' has no input '{input}', so it is ignored; it has {inputs}",
      container: "'{input}' is for actions that are containers, and '{uses}' is none, so it is ignored",
      missing: { text: "'{uses}' requires the input '{input}', which is left out and has no default", severity: 'high' },
    },
  },
  create(ctx) {
    return {
      step(step) {
        const { uses } = step
        if (uses === null) return
        const declared = declaredInputs(uses, ctx)
        if (declared === null) return
        const given = findPair(step.node, 'with')
        // An expression gives nobody knows what.
        if (given !== undefined && asMapping(given.value) === null && !isNull(given.value)) return
        const confidence = declared.isExact ? 'high' : 'medium'
        checkUnknown(ctx, step, { ...declared, confidence })
        for (const { name, isRequired } of declared.inputs) {
          // Another release may ask for less.
          if (!isRequired || !declared.isExact || isGiven(step, name)) continue
          ctx.report({ message: 'missing', at: uses.node, data: { uses: uses.text, input: name }, confidence, identity: `${uses.name} ${name}` })
        }
      },
    }
  },
})

interface Known {
  readonly inputs: readonly DeclaredInput[]
  readonly isDocker: boolean
  readonly isWhole: boolean
  readonly confidence: 'high' | 'medium'
}

function checkUnknown(ctx: Context, step: Step, { inputs, isDocker, isWhole, confidence }: Known): void {
  const names = new Set(inputs.map(({ name }) => name.toLowerCase()))
  const uses = step.uses?.text ?? ''
  for (const { key } of step.with?.pairs ?? []) {
    const input = key.text
    const name = input.toLowerCase()
    if (names.has(name) || hasExpression(input) || input === '<<') continue
    if (CONTAINER_INPUTS.has(name)) {
      if (!isDocker) ctx.report({ message: 'container', at: key, data: { uses, input }, confidence })
      continue
    }
    const free = inputs.filter((declared) => !isGiven(step, declared.name) && declared.deprecation === null)
    const meant = nearMiss(input, free.map((declared) => declared.name))
    // The bundled list may be older than the release in use, and miss what that added.
    if (meant === null && !isWhole) continue
    if (meant === null) ctx.report({ message: 'unknown', at: key, data: { uses, input, inputs: listed(inputs) }, confidence })
    else ctx.report({ message: 'near', at: key, data: { uses, input, meant }, confidence, fix: rename(key, meant) })
  }
}

const isGiven = ({ with: given }: Step, name: string): boolean => given?.pairs.some(({ key }) => key.text.toLowerCase() === name.toLowerCase()) === true

function listed(inputs: readonly DeclaredInput[]): string {
  if (inputs.length === 0) return 'none'
  return inputs.slice(0, MAX_NAMED).map(({ name }) => `'${name}'`).join(', ') + (inputs.length > MAX_NAMED ? ', ...' : '')
}

function rename({ start, end, text }: { start: number; end: number; text: string }, meant: string): EditsFix {
  return { kind: 'edits', safety: 'unsafe', description: `Rename '${text}' to '${meant}', which the action reads`, edits: [{ start, end, text: meant }] }
}
