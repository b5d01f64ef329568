// GitHub's expression grammar: the text between the braces (or a bare `if`) to a tree with offsets. It leaves out what
// names and types exist: rules check those. Linear in time, bounded in depth as GitHub bounds it, memoised by text.
import { tokenize, type ExpressionError, type Token } from './expression-tokens.ts'

interface Placed {
  /** Offset in the expression's text, parentheses around it included; see ExpressionSpan.offsetOf for the file's. */
  readonly start: number
  readonly end: number
}

export interface LiteralExpression extends Placed {
  readonly kind: 'literal'
  readonly value: string | number | boolean | null
}
/** A context by its name, as written: `github`. */
export interface ContextExpression extends Placed {
  readonly kind: 'context'
  readonly name: string
}
/** `object.name`, `object['name']`, `object[index]`; `index` is null for a star (`.*` or `[*]`). */
export interface AccessExpression extends Placed {
  readonly kind: 'access'
  readonly object: Expression
  readonly index: Expression | null
}
export interface CallExpression extends Placed {
  readonly kind: 'call'
  /** As written; GitHub compares function names without case. */
  readonly name: string
  readonly args: readonly Expression[]
}
export interface NotExpression extends Placed {
  readonly kind: 'not'
  readonly operand: Expression
}
export interface BinaryExpression extends Placed {
  readonly kind: 'binary'
  readonly operator: '&&' | '||' | '==' | '!=' | '<' | '<=' | '>' | '>='
  readonly left: Expression
  readonly right: Expression
}
export type Expression = LiteralExpression | ContextExpression | AccessExpression | CallExpression | NotExpression | BinaryExpression

export type ParsedExpression = { readonly root: Expression; readonly error: null } | { readonly root: null; readonly error: ExpressionError }

/** GitHub's own bounds. */
const MAX_DEPTH = 50
const MAX_LENGTH = 21_000
const MAX_MEMORY = 4_096
const PRECEDENCE: Readonly<Record<string, number>> = { '||': 1, '&&': 2, '==': 3, '!=': 3, '<': 4, '<=': 4, '>': 4, '>=': 4 }

const memory = new Map<string, ParsedExpression>()

/** Parses the text of one expression, without its braces; offsets count from its first character. Never throws. */
export function parseExpression(text: string): ParsedExpression {
  const known = memory.get(text)
  if (known) return known
  if (memory.size >= MAX_MEMORY) memory.clear()
  const parsed = parse(text)
  memory.set(text, parsed)
  return parsed
}

function parse(text: string): ParsedExpression {
  if (text.length > MAX_LENGTH) return failed(`an expression has at most ${MAX_LENGTH} characters`, { start: 0, end: text.length })
  const tokens = tokenize(text)
  if ('message' in tokens) return { root: null, error: tokens }
  if (tokens[0]?.kind === 'end') return failed('the expression is empty', { start: 0, end: text.length })
  return createParser(tokens).parse()
}

function failed(message: string, { start, end }: Placed): ParsedExpression {
  return { root: null, error: { message, start, end } }
}

function createParser(tokens: readonly Token[]) {
  const end = tokens.at(-1) ?? { kind: 'end', text: '', start: 0, end: 0 }
  let position = 0
  let depth = 0
  let error: ExpressionError | null = null

  const current = (): Token => tokens[position] ?? end
  const isSymbol = (text: string): boolean => current().kind === 'symbol' && current().text === text

  function unexpected(expected: string): null {
    const token = current()
    const found = token.kind === 'end' ? 'the expression ends' : `'${token.text}' stands`
    error ??= { message: `${found} where ${expected} is expected`, start: token.start, end: token.end }
    return null
  }

  function accept(symbol: string): Token | null {
    if (!isSymbol(symbol)) return null
    const token = current()
    position++
    return token
  }

  function nested(level: number): Expression | null {
    if (++depth > MAX_DEPTH) {
      error ??= { message: `an expression may nest ${MAX_DEPTH} levels deep`, start: current().start, end: current().end }
      return null
    }
    const result = binary(level)
    depth--
    return result
  }

  function binary(level: number): Expression | null {
    let left = unary()
    while (left && current().kind === 'symbol') {
      const operator = current().text
      const precedence = PRECEDENCE[operator]
      if (precedence === undefined || precedence < level) break
      position++
      const right: Expression | null = binary(precedence + 1)
      if (!right) return null
      left = { kind: 'binary', operator: operator as BinaryExpression['operator'], left, right, start: left.start, end: right.end }
    }
    return left
  }

  function unary(): Expression | null {
    const bang = accept('!')
    if (!bang) return accesses()
    if (++depth > MAX_DEPTH) return unexpected('a flatter expression')
    const operand = unary()
    depth--
    return operand && { kind: 'not', operand, start: bang.start, end: operand.end }
  }

  function accesses(): Expression | null {
    const isGroup = isSymbol('(')
    let object = primary()
    // `'a'.b` is refused, `('a').b` is not.
    if (object?.kind === 'literal' && !isGroup) return object
    let steps = 0
    while (object && (isSymbol('.') || isSymbol('['))) {
      if (depth + ++steps > MAX_DEPTH) return unexpected('a flatter expression')
      object = accept('.') ? property(object) : index(object)
    }
    return object
  }

  function property(object: Expression): Expression | null {
    const star = accept('*')
    if (star) return { kind: 'access', object, index: null, start: object.start, end: star.end }
    const name = current()
    if (name.kind !== 'name') return unexpected('a property name')
    position++
    const key: Expression = { kind: 'literal', value: name.text, start: name.start, end: name.end }
    return { kind: 'access', object, index: key, start: object.start, end: name.end }
  }

  function index(object: Expression): Expression | null {
    position++
    const key = accept('*') ? null : nested(1)
    if (error) return null
    const close = accept(']')
    return close ? { kind: 'access', object, index: key, start: object.start, end: close.end } : unexpected("']'")
  }

  function primary(): Expression | null {
    const token = current()
    if (accept('(')) {
      const inner = nested(1)
      if (!inner) return null
      const close = accept(')')
      return close ? { ...inner, start: token.start, end: close.end } : unexpected("')'")
    }
    if (token.kind === 'symbol' || token.kind === 'end') return unexpected('a value')
    position++
    if (token.kind !== 'name') return { kind: 'literal', value: literalValue(token), start: token.start, end: token.end }
    return accept('(') ? call(token) : { kind: 'context', name: token.text, start: token.start, end: token.end }
  }

  function call(name: Token): Expression | null {
    const args: Expression[] = []
    let close = accept(')')
    while (!close) {
      const argument = nested(1)
      if (!argument) return null
      args.push(argument)
      close = accept(')')
      if (!close && !accept(',')) return unexpected("',' or ')'")
    }
    return { kind: 'call', name: name.text, args, start: name.start, end: close.end }
  }

  return {
    parse(): ParsedExpression {
      const root = nested(1)
      if (root && current().kind !== 'end') unexpected('an operator or the end')
      if (error) return { root: null, error }
      return root ? { root, error: null } : failed('this is no expression', { start: 0, end: end.end })
    },
  }
}

function literalValue(token: Token): string | number | boolean | null {
  if (token.kind === 'string') return token.text
  if (token.kind === 'number') return Number(token.text)
  return token.kind === 'null' ? null : token.kind === 'true'
}
