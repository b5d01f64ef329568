// Types one expression and says what in it cannot work: names that do not exist, contexts and functions that are not offered,
// arguments and operands that do not fit. Says nothing about values whose kind only shows when it runs.
import type { AccessExpression, BinaryExpression, CallExpression, ContextExpression, Expression } from './expression.ts'
import type { ExpressionProblem } from './expression-problem.ts'
import { shorten } from '../shorten.ts'
import { isOffered, type Availability } from './availability.ts'
import { CONTEXT_NAMES } from './context-types.ts'
import { FUNCTION_NAMES, functionOf, misfit } from './expression-functions.ts'
import { checkFormat } from './format-string.ts'
import { jsonProblem, literalJson } from './literal-json.ts'
import { nearMiss } from './near-miss.ts'
import { ANY, BOOLEAN, arrayOf, describeType, either, type ObjectType, type ValueType } from './value-type.ts'

export interface ExpressionScope {
  /** The expression's text, which the messages quote. */
  readonly text: string
  readonly offered: Availability
  /** `name` in lower case, one of CONTEXT_NAMES. */
  readonly contextType: (name: string) => ValueType
  /** Offsets count from the start of `text`. */
  readonly add: (problem: ExpressionProblem) => void
}

const MAX_LISTED = 10
const MAX_COMPARED = 100

/** The type of the expression's value; adds its problems on the way. */
export function checkExpression(root: Expression, { text, offered, contextType, add }: ExpressionScope): ValueType {
  const quote = ({ start, end }: Expression): string => shorten(text.slice(start, end))

  function typeOf(node: Expression): ValueType {
    switch (node.kind) {
      case 'literal': return { kind: node.value === null ? 'null' : (typeof node.value as 'string' | 'number' | 'boolean') }
      case 'context': return context(node)
      case 'access': return access(node)
      case 'call': return call(node)
      case 'not': typeOf(node.operand); return BOOLEAN
      case 'binary': return binary(node)
    }
  }

  function context({ name, start, end }: ContextExpression): ValueType {
    const key = name.toLowerCase()
    if (!CONTEXT_NAMES.includes(key)) {
      add({ kind: 'unknown-reference', message: 'context', start, end, data: { name, hint: hintFor(key, CONTEXT_NAMES) } })
      return ANY
    }
    if (!offered.contexts.has(key)) add({ kind: 'context-availability', message: 'context', start, end, data: { name, offered: listOf([...offered.contexts]) } })
    return contextType(key)
  }

  function access(node: AccessExpression): ValueType {
    const object = typeOf(node.object)
    const { index } = node
    if (index === null) return object.kind === 'array' ? arrayOf(object.item, true) : isScalar(object) ? noProperty(node, object) : arrayOf(ANY, true)
    if (index.kind !== 'literal') typeOf(index)
    if (isScalar(object)) return noProperty(node, object)
    if (index.kind === 'literal' && index.value !== null && !(object.kind === 'array' && typeof index.value === 'number')) return property(node, object, String(index.value))
    return object.kind === 'array' ? object.item : object.kind === 'object' && object.rest && object.names().length === 0 ? object.rest : ANY
  }

  function property(node: AccessExpression, object: ValueType, name: string): ValueType {
    if (object.kind === 'object') return object.get(name.toLowerCase()) ?? object.rest ?? unknown(node, object, name)
    if (object.kind !== 'array') return isScalar(object) ? noProperty(node, object) : ANY
    if (object.isFiltered) return arrayOf(property(node, object.item, name), true)
    const { start, end } = node
    add({ kind: 'unknown-reference', message: 'list', start, end, data: { name, object: quote(node.object) } })
    return ANY
  }

  function unknown(node: AccessExpression, object: ObjectType, name: string): ValueType {
    const { start, end } = node
    const message = object.noun.startsWith('property') ? 'property' : 'name'
    add({ kind: 'unknown-reference', message, start, end, data: { expression: quote(node), noun: object.noun, name, hint: hintFor(name, object.names()) } })
    return ANY
  }

  function noProperty(node: AccessExpression, object: ValueType): ValueType {
    const { start, end } = node
    add({ kind: 'unknown-reference', message: 'scalar', start, end, data: { expression: quote(node), object: quote(node.object), kind: describeType(object) } })
    return ANY
  }

  function call(node: CallExpression): ValueType {
    const { name, start, end } = node
    const signature = functionOf(name)
    const args = node.args.map(typeOf)
    if (!signature) {
      add({ kind: 'unknown-reference', message: 'function', start, end, data: { name, hint: hintFor(name, FUNCTION_NAMES) } })
      return ANY
    }
    if (!isOffered(offered, name)) {
      add({ kind: 'context-availability', message: 'function', start, end, data: { name: signature.name, instead: insteadOf(signature.name) } })
      return signature.result(args)
    }
    const { min, max } = offered.functions.get(name.toLowerCase()) ?? signature
    if (args.length < min || args.length > max) {
      add({ kind: 'expression-type', message: 'arguments', start, end, data: { name: signature.name, count: args.length, wanted: range(min, max) } })
      return signature.result(args)
    }
    if (signature.name === 'case' && args.length % 2 === 0) add({ kind: 'expression-type', message: 'pairs', start, end, data: { count: args.length } })
    checkArguments(node, args)
    return literalJson(node) ?? signature.result(args)
  }

  function checkArguments(node: CallExpression, args: readonly ValueType[]): void {
    const signature = functionOf(node.name)
    for (const [index, argument] of node.args.entries()) {
      const type = args[index] ?? ANY
      const wanted = misfit(signature?.parameters[index] ?? signature?.parameters.at(-1) ?? 'any', type)
      if (wanted === null) continue
      const { start, end } = argument
      add({ kind: 'expression-type', message: 'argument', start, end, data: { name: signature?.name ?? '', argument: quote(argument), kind: describeType(type), wanted } })
    }
    const json = jsonProblem(node)
    const [first] = node.args
    if (json !== null && first) add({ kind: 'expression-type', message: 'json', start: first.start, end: first.end, data: { text: quote(first), reason: json } })
    if (signature?.name === 'format') for (const problem of checkFormat(node)) add(problem)
  }

  /** Chains lean to the left and can be thousands long: they are walked, not recursed into. */
  function binary(node: BinaryExpression): ValueType {
    const chain: BinaryExpression[] = []
    let first: Expression = node
    for (; first.kind === 'binary'; first = first.left) chain.push(first)
    return chain.reduceRight((left, link) => combine(link, left, typeOf(link.right)), typeOf(first))
  }

  function combine(node: BinaryExpression, left: ValueType, right: ValueType): ValueType {
    const { operator, start, end } = node
    if (operator === '&&' || operator === '||') return either(left, right)
    const data = { operator, left: quote(node.left), right: quote(node.right), leftKind: describeType(left), rightKind: describeType(right) }
    if (operator === '==' || operator === '!=') {
      if (neverEqual(left, right)) add({ kind: 'expression-type', message: 'compare', start, end, data })
    } else if (hasNoOrder(left) || hasNoOrder(right)) add({ kind: 'expression-type', message: 'order', start, end, data })
    return BOOLEAN
  }

  return typeOf(root)
}

const isScalar = ({ kind }: ValueType): boolean => kind === 'string' || kind === 'number' || kind === 'boolean' || kind === 'null'

/** An object or a list equals only itself. Null may stand where an object is missing. */
function neverEqual(a: ValueType, b: ValueType): boolean {
  const [first, second] = [a.kind, b.kind].sort()
  if (first === 'array' && second === 'object') return true
  return [a, b].some(({ kind }) => kind === 'array' || kind === 'object') && [a, b].some((type) => isScalar(type) && type.kind !== 'null')
}

const hasNoOrder = ({ kind }: ValueType): boolean => kind === 'array' || kind === 'object' || kind === 'boolean' || kind === 'null'

const insteadOf = (name: string): string => (name === 'hashFiles' ? '; only steps have files' : '; it belongs in an if')

function hintFor(name: string, candidates: readonly string[]): string {
  if (candidates.length > MAX_COMPARED) return ''
  const near = nearMiss(name, candidates)
  if (near !== null) return `; did you mean '${near}'?`
  if (candidates.length === 0) return '; there is none'
  if (candidates.length === 1) return `; there is only ${listOf(candidates)}`
  return candidates.length <= MAX_LISTED ? `; there are ${listOf(candidates)}` : ''
}

const listOf = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')

function range(min: number, max: number): string {
  if (min === max) return min === 0 ? 'no argument' : `${min} argument${min === 1 ? '' : 's'}`
  return max >= 255 ? `${min} or more arguments` : `${min} to ${max} arguments`
}
