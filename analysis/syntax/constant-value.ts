// Computes expressions of literals and pure functions the way GitHub does: loose comparison, text without case. What reads a
// context, the state of the run or files has no constant value.
import type { BinaryExpression, Expression } from './expression.ts'

/** Objects and lists come from `fromJSON`. */
export type ConstantValue = string | number | boolean | null | readonly unknown[] | Readonly<Record<string, unknown>>

/** The value in a box, so that null can be one; null when it depends on the run, or when GitHub would refuse to compute it. */
export interface Constant {
  readonly value: ConstantValue
}

const known = new WeakMap<Expression, Constant | null>()

export function constantOf(node: Expression): Constant | null {
  let constant = known.get(node)
  if (constant === undefined) known.set(node, (constant = compute(node)))
  return constant
}

/** False for false, 0, NaN, the empty text and null. */
export const isTruthy = (value: ConstantValue): boolean => !(value === null || value === false || value === '' || value === 0 || Number.isNaN(value))

function compute(node: Expression): Constant | null {
  switch (node.kind) {
    case 'literal': return { value: node.value }
    case 'context': case 'access': return null
    case 'not': {
      const operand = constantOf(node.operand)
      return operand && { value: !isTruthy(operand.value) }
    }
    case 'binary': return computeBinary(node)
    case 'call': {
      const args = node.args.map(constantOf)
      return args.every((argument) => argument !== null) ? computeCall(node.name.toLowerCase(), args.map(({ value }) => value)) : null
    }
  }
}

/** Chains lean to the left and can be thousands long: they are walked, not recursed into. */
function computeBinary(node: BinaryExpression): Constant | null {
  const chain: BinaryExpression[] = []
  let first: Expression = node
  for (; first.kind === 'binary'; first = first.left) chain.push(first)
  return chain.reduceRight((left, { operator, right }) => combine(operator, left, constantOf(right)), constantOf(first))
}

function combine(operator: BinaryExpression['operator'], a: Constant | null, b: Constant | null): Constant | null {
  // `false && x` never reads x.
  if (operator === '&&' && a && !isTruthy(a.value)) return a
  if (operator === '||' && a && isTruthy(a.value)) return a
  if (!a || !b) return null
  switch (operator) {
    case '&&': case '||': return b
    case '==': return { value: isEqual(a.value, b.value) }
    case '!=': return { value: !isEqual(a.value, b.value) }
    case '<': return { value: compare(a.value, b.value) < 0 }
    case '<=': return { value: compare(a.value, b.value) <= 0 }
    case '>': return { value: compare(a.value, b.value) > 0 }
    case '>=': return { value: compare(a.value, b.value) >= 0 }
  }
}

function computeCall(name: string, [first = null, second = null, ...rest]: readonly ConstantValue[]): Constant | null {
  switch (name) {
    case 'contains':
      if (Array.isArray(first)) return { value: first.some((item) => isEqual(item as ConstantValue, second)) }
      return { value: lower(first).includes(lower(second)) }
    case 'startswith': return { value: lower(first).startsWith(lower(second)) }
    case 'endswith': return { value: lower(first).endsWith(lower(second)) }
    case 'format': return format(textOf(first), [second, ...rest])
    case 'join': return { value: Array.isArray(first) ? first.map((item) => textOf(item as ConstantValue)).join(second === null ? ',' : textOf(second)) : textOf(first) }
    case 'tojson': return { value: JSON.stringify(first, null, 2) }
    case 'fromjson': return parse(textOf(first))
    default: return null
  }
}

function format(template: string, values: readonly ConstantValue[]): Constant | null {
  let isRefused = false
  const value = template.replace(/\{\{|\}\}|\{(\d+)\}|[{}]/g, (token, number?: string) => {
    if (number === undefined) {
      isRefused ||= token.length === 1
      return token.charAt(0)
    }
    const argument = values[Number(number)]
    isRefused ||= argument === undefined
    return textOf(argument ?? null)
  })
  return isRefused ? null : { value }
}

function parse(text: string): Constant | null {
  try {
    return { value: JSON.parse(text) as ConstantValue }
  } catch {
    return null
  }
}

function textOf(value: ConstantValue): string {
  if (value === null) return ''
  if (Array.isArray(value)) return 'Array'
  return typeof value === 'object' ? 'Object' : String(value)
}

const lower = (value: ConstantValue): string => textOf(value).toLowerCase()

function isEqual(a: ConstantValue, b: ConstantValue): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase()
  if (a !== null && b !== null && typeof a === 'object' && typeof b === 'object') return a === b
  return typeof a === typeof b && a !== null && b !== null ? a === b : numberOf(a) === numberOf(b)
}

/** NaN where there is no order: every comparison with it is false. */
function compare(a: ConstantValue, b: ConstantValue): number {
  if (typeof a !== 'string' || typeof b !== 'string') return numberOf(a) - numberOf(b)
  const [left, right] = [a.toUpperCase(), b.toUpperCase()]
  return left < right ? -1 : left > right ? 1 : 0
}

function numberOf(value: ConstantValue): number {
  if (value === null) return 0
  if (typeof value === 'object') return NaN
  return typeof value === 'string' ? (value.trim() === '' ? 0 : Number(value)) : Number(value)
}
