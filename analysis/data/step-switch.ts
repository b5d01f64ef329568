// Conditions on an action's inputs as the data files write them: `input=a|b`, `!input=a`, `input~word`, `input=*`.
import type { Step } from '../workflow/step.ts'
import { hasExpression } from '../workflow/nodes.ts'
import { inputOf } from '../workflow/step-input.ts'

/** 'maybe' when an expression decides. An absent input is not `=`, and is `~` and `!`. */
export type SwitchState = 'yes' | 'no' | 'maybe'

export function switchState(step: Step, condition: string): SwitchState {
  if (condition === '') return 'yes'
  const isNegated = condition.startsWith('!')
  const [, input = '', operator = '=', list = ''] = /^!?([\w.-]+)([=~])(.*)$/.exec(condition) ?? []
  const text = inputOf(step, input)?.text.trim().toLowerCase() ?? ''
  if (text !== '' && hasExpression(text)) return 'maybe'
  const words = list.toLowerCase().split('|')
  const holds = operator === '~' ? text === '' || words.some((word) => text.includes(word)) : text !== '' && (list === '*' ? text !== 'false' : words.includes(text))
  return holds === isNegated ? 'no' : 'yes'
}
