// Finds inputs of workflow_dispatch and workflow_call that contradict themselves: a default of another type or beside
// required, choices without options, a default outside them. Leaves out wrong keys and kinds of values (the schema rules).
import type { MappingNode, ScalarNode } from '../source/node.ts'
import type { Trigger } from '../workflow/workflow.ts'
import type { RuleContext } from './rule.ts'
import { asMapping, asScalar, asSequence, findPair, hasExpression, lookup, scalarsOf } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

/** GitHub takes no more inputs of workflow_dispatch. */
const MAX_INPUTS = 25

type Context = RuleContext<'type' | 'required' | 'noOptions' | 'outside' | 'repeated' | 'idle' | 'many'>

interface Input {
  readonly name: ScalarNode
  readonly node: MappingNode
  readonly type: string
  readonly fallback: ScalarNode | null
}

export const triggerInputs = defineRule({
  meta: {
    id: 'trigger-inputs',
    summary: 'Declare inputs whose type, default and options agree',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['events', 'expression'] },
    messages: {
      type: "the input '{input}' is a {type}, and its default '{value}' is none",
      required: { text: "the input '{input}' is required, so its default is never used; remove one of the two", severity: 'low' },
      noOptions: "the input '{input}' is a choice without options",
      outside: "the default '{value}' of the input '{input}' is none of its options: {options}",
      repeated: { text: "the option '{value}' of the input '{input}' occurs twice", severity: 'low' },
      idle: { text: "the input '{input}' has options, and only a choice reads them; its type is '{type}'", severity: 'low' },
      many: "workflow_dispatch has {count} inputs, and GitHub takes 25",
    },
  },
  create(ctx) {
    return {
      workflow({ triggers }) {
        for (const trigger of triggers) {
          if (trigger.name === 'workflow_dispatch') checkDispatch(ctx, trigger)
          else if (trigger.name === 'workflow_call') for (const input of inputsOf(trigger)) checkCallInput(ctx, input)
        }
      },
    }
  },
})

function checkDispatch(ctx: Context, trigger: Trigger): void {
  const count = asMapping(lookup(trigger.config, 'inputs'))?.pairs.length ?? 0
  if (count > MAX_INPUTS) ctx.report({ message: 'many', at: trigger.node, data: { count } })
  for (const input of inputsOf(trigger)) {
    checkDefault(ctx, input)
    if (input.type === 'choice') checkChoice(ctx, input)
    const options = findPair(input.node, 'options')
    if (options && input.type !== 'choice' && !hasExpression(input.type)) ctx.report({ message: 'idle', at: options.key, data: { input: input.name.text, type: input.type || 'string' } })
  }
}

function checkCallInput(ctx: Context, input: Input): void {
  checkDefault(ctx, input)
  const required = asScalar(lookup(input.node, 'required'))
  // An empty default is what an input without one has.
  if (required?.value === true && input.fallback?.text) ctx.report({ message: 'required', at: input.fallback, data: { input: input.name.text } })
}

function checkDefault(ctx: Context, { name, type, fallback }: Input): void {
  if (fallback?.value === undefined || fallback.value === null || hasExpression(fallback.text) || isOfType(fallback, type)) return
  ctx.report({ message: 'type', at: fallback, data: { input: name.text, type, value: fallback.text } })
}

/** Quoted numbers and booleans are taken too. */
function isOfType({ text }: ScalarNode, type: string): boolean {
  if (type === 'boolean') return /^(?:true|false)$/i.test(text)
  return type !== 'number' || (text.trim() !== '' && Number.isFinite(Number(text)))
}

function checkChoice(ctx: Context, { name, node, fallback }: Input): void {
  const list = lookup(node, 'options')
  const options = scalarsOf(list)
  const input = name.text
  if (list === null || asSequence(list)?.items.length === 0) ctx.report({ message: 'noOptions', at: name, data: { input } })
  const seen = new Set<string>()
  for (const option of options) {
    if (seen.has(option.text)) ctx.report({ message: 'repeated', at: option, data: { input, value: option.text } })
    seen.add(option.text)
  }
  if (fallback === null || fallback.text === '' || options.length === 0 || seen.has(fallback.text) || [fallback, ...options].some(({ text }) => hasExpression(text))) return
  ctx.report({ message: 'outside', at: fallback, data: { input, value: fallback.text, options: [...seen].map((option) => `'${option}'`).join(', ') } })
}

function inputsOf({ config }: Trigger): readonly Input[] {
  return (asMapping(lookup(config, 'inputs'))?.pairs ?? []).flatMap(({ key, value }) => {
    const node = asMapping(value)
    if (node === null) return []
    return [{ name: key, node, type: asScalar(lookup(node, 'type'))?.text ?? '', fallback: asScalar(lookup(node, 'default')) }]
  })
}
