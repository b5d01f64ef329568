// Finds "condition && first || second" whose first result is false, zero, empty or null: then the second always comes out.
// Leaves out choices whose first result is only known when they run.
import type { BinaryExpression, Expression } from '../syntax/expression.ts'
import type { EditsFix } from './rule.ts'
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import { constantOf, isTruthy } from '../syntax/constant-value.ts'
import { childrenOf } from '../syntax/expression-paths.ts'
import { expressionSites } from '../syntax/expression-sites.ts'
import { defineRule } from './rule.ts'

export const unsoundTernary = defineRule({
  meta: {
    id: 'unsound-ternary',
    summary: 'Choose only between values that count as true',
    severity: 'low',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { zizmor: ['unsound-ternary'] },
    messages: {
      falsy: "'{value}' counts as false, so this choice never gives it and always goes on to what follows; use case(condition, {value}, ...)",
    },
  },
  create(ctx) {
    return {
      file(file) {
        for (const { spans } of expressionSites(file)) {
          for (const span of spans) {
            if (span.root === null || !span.text.includes('||')) continue
            for (const chain of chainsIn(span.root)) {
              const alternative = chain.alternatives.slice(0, -1).find(isFalsyChoice)
              if (!alternative) continue
              const at = { start: span.offsetOf(chain.node.start), end: span.offsetOf(chain.node.end) }
              const value = span.text.slice(alternative.right.start, alternative.right.end)
              ctx.report({ message: 'falsy', at, data: { value }, fix: fixFor(file.text, span, { ...chain, at }) })
            }
          }
        }
      },
    }
  },
})

/** `a || b || c`: the outermost node and what stands between its bars. */
interface Chain {
  readonly node: BinaryExpression
  readonly alternatives: readonly Expression[]
}

function chainsIn(root: Expression): readonly Chain[] {
  const chains: Chain[] = []
  const open: Expression[] = [root]
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind !== 'binary' || node.operator !== '||') {
      open.push(...childrenOf(node))
      continue
    }
    const alternatives = alternativesOf(node)
    chains.push({ node, alternatives })
    open.push(...alternatives)
  }
  return chains
}

/** From left to right. */
function alternativesOf(root: BinaryExpression): readonly Expression[] {
  const found: Expression[] = []
  const open: Expression[] = [root]
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === 'binary' && node.operator === '||') open.push(node.right, node.left)
    else found.push(node)
  }
  return found
}

function isFalsyChoice(node: Expression): node is BinaryExpression {
  if (node.kind !== 'binary' || node.operator !== '&&' || constantOf(node.left)) return false
  const first = constantOf(node.right)
  return first !== null && !isTruthy(first.value)
}

function fixFor(source: string, { text }: ExpressionSpan, { node, alternatives, at }: Chain & { readonly at: { readonly start: number; readonly end: number } }): EditsFix | null {
  const written = text.slice(node.start, node.end)
  // Escapes and folded lines: what the file says is not what the expression says.
  if (source.slice(at.start, at.end) !== written) return null
  const quote = ({ start, end }: Expression): string => text.slice(start, end)
  const [last, ...choices] = [...alternatives].reverse()
  const pairs = choices.reverse().map((choice) => (choice.kind === 'binary' && choice.operator === '&&' ? [asBoolean(choice.left, quote), quote(choice.right)] : null))
  if (!last || pairs.some((pair) => pair === null)) return null
  const replacement = `case(${[...pairs.flatMap((pair) => pair ?? []), quote(last)].join(', ')})`
  return { kind: 'edits', safety: 'unsafe', description: 'Choose with case, which gives every value', edits: [{ ...at, text: replacement }] }
}

const BOOLEAN_FUNCTIONS: ReadonlySet<string> = new Set(['contains', 'startswith', 'endswith', 'always', 'success', 'failure', 'cancelled'])

/** `case` takes true and false only. */
function asBoolean(node: Expression, quote: (node: Expression) => string): string {
  return isBoolean(node) ? quote(node) : `!!(${quote(node)})`
}

function isBoolean(node: Expression): boolean {
  if (node.kind === 'call') return BOOLEAN_FUNCTIONS.has(node.name.toLowerCase())
  if (node.kind === 'literal') return typeof node.value === 'boolean'
  if (node.kind !== 'binary') return node.kind === 'not'
  return (node.operator !== '&&' && node.operator !== '||') || (isBoolean(node.left) && isBoolean(node.right))
}
