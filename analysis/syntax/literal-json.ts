// `fromJSON` of a text that stands in the expression: its value is known before anything runs.
import type { CallExpression, Expression } from './expression.ts'
import { typeOfData, type ValueType } from './value-type.ts'

/** The type of what `fromJSON('...')` gives; undefined for anything else, and for text that is no JSON. */
export function literalJson(node: Expression): ValueType | undefined {
  const text = jsonText(node)
  const parsed = text === undefined ? undefined : parseJson(text)
  return parsed && 'value' in parsed ? typeOfData(parsed.value) : undefined
}

/** Why the literal text of a `fromJSON` is no JSON; null when it is, or when it is no literal. */
export function jsonProblem(call: CallExpression): string | null {
  const text = jsonText(call)
  const parsed = text === undefined ? undefined : parseJson(text)
  return parsed && 'problem' in parsed ? parsed.problem : null
}

function jsonText(node: Expression): string | undefined {
  if (node.kind !== 'call' || node.name.toLowerCase() !== 'fromjson') return undefined
  const [argument] = node.args
  return argument?.kind === 'literal' && typeof argument.value === 'string' ? argument.value : undefined
}

function parseJson(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return { problem: text.trim() === '' ? 'it is empty' : 'it is no JSON' }
  }
}
