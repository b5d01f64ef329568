import { Evaluator, Lexer, Parser, data } from '@actions/expressions'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { constantOf, isTruthy } from '../../../analysis/syntax/constant-value.ts'
import { parseExpression } from '../../../analysis/syntax/expression.ts'

function constant(text: string): unknown {
  const { root } = parseExpression(text)
  const found = root && constantOf(root)
  return found ? found.value : 'no constant'
}

/** What GitHub's own evaluator makes of an expression without contexts, as JSON. */
function valueAtGitHub(text: string): string {
  const root = new Parser(new Lexer(text).lex().tokens, [], []).parse()
  return JSON.stringify(new Evaluator(root, new data.Dictionary()).evaluate(), data.replacer)
}

describe('constantOf', () => {
  it.each([
    ["'a' == 'A'", true],
    ["'1' == 1 && true == 1 && null == ''", true],
    ["null == 'x'", false],
    ["'b' > 'A'", true],
    ["contains('Hello', 'ELL')", true],
    ["contains(fromJSON('[1, \"two\"]'), 'TWO')", true],
    ["format('{0}-{1}-{{0}}', 'a', 2)", 'a-2-{0}'],
    ["join(fromJSON('[1, 2]'), '+')", '1+2'],
    ['false && github.ref', false],
    ["'x' || github.ref", 'x'],
    ['!null', true],
  ])('computes %s', (text, value) => {
    expect(constant(text)).toEqual(value)
  })

  it.each(['github.ref', "github.ref == 'x' && false", 'always()', "hashFiles('a')", 'true && env.A', "format('{1}', 'a')", "fromJSON('{')", "fromJSON('[1]')[0]"])('knows nothing of %s', (text) => {
    expect(constant(text)).toBe('no constant')
  })

  it('counts false, zero, the empty text and null as false', () => {
    expect([false, 0, '', null, NaN].filter(isTruthy)).toEqual([])
    expect([true, 1, ' ', 'false', [], {}].every(isTruthy)).toBe(true)
  })

  it('computes what the evaluator that GitHub publishes computes', () => {
    const literal = fc.constantFrom('true', 'false', 'null', '0', '1', '-2.5', "''", "'a'", "'A b'", "'0'", "'1'", "'x'")
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        literal,
        fc.tuple(tie('expression'), fc.constantFrom('==', '!=', '<', '<=', '>', '>=', '&&', '||'), tie('expression')).map(([a, operator, b]) => `(${a} ${operator} ${b})`),
        tie('expression').map((operand) => `!${operand}`),
        fc.tuple(fc.constantFrom('contains', 'startsWith', 'endsWith', 'join'), tie('expression'), tie('expression')).map(([name, a, b]) => `${name}(${a}, ${b})`),
        fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `format('{0}:{1}', ${a}, ${b})`),
      ),
    }))
    fc.assert(
      fc.property(expression, (text) => {
        const value = constant(text)
        expect([text, JSON.stringify(value)]).toEqual([text, valueAtGitHub(text)])
      }),
      { numRuns: 3_000 },
    )
  })
})
