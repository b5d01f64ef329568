import { Lexer, Parser } from '@actions/expressions'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseExpression, type Expression } from '../../../analysis/syntax/expression.ts'

/** The tree as one line, fully bracketed. */
function print(node: Expression): string {
  switch (node.kind) {
    case 'literal':
      return JSON.stringify(node.value)
    case 'context':
      return node.name
    case 'access':
      return `${print(node.object)}[${node.index ? print(node.index) : '*'}]`
    case 'call':
      return `${node.name}(${node.args.map(print).join(', ')})`
    case 'not':
      return `(!${print(node.operand)})`
    case 'binary':
      return `(${print(node.left)} ${node.operator} ${print(node.right)})`
  }
}

const treeOf = (text: string): string => {
  const { root, error } = parseExpression(text)
  return root ? print(root) : `error at ${error.start}-${error.end}: ${error.message}`
}

/** What GitHub's own parser says of the same text, every name in it being known. */
function isAcceptedByGitHub(text: string): boolean {
  try {
    const { tokens } = new Lexer(text).lex()
    const names = tokens.map((token) => token.lexeme)
    const functions = names.map((name) => ({ name, minArgs: 0, maxArgs: Number.MAX_SAFE_INTEGER, call: () => { throw new Error('never called') } }))
    return new Parser(tokens, names, functions).parse() !== undefined
  } catch {
    return false
  }
}

describe('parseExpression', () => {
  it('reads property, index and star accesses', () => {
    expect(treeOf(' github.event.issue.title ')).toBe('github["event"]["issue"]["title"]')
    expect(treeOf("('a').*")).toBe('"a"[*]')
    expect(treeOf("github['event'][inputs.key].*.body")).toBe('github["event"][inputs["key"]][*]["body"]')
    expect(treeOf('github.event.commits[*].message')).toBe('github["event"]["commits"][*]["message"]')
    expect(treeOf('fromJSON(env.data)[0].true')).toBe('fromJSON(env["data"])[0]["true"]')
  })

  it('binds operators as GitHub does', () => {
    expect(treeOf('a || b && c == d < !e')).toBe('(a || (b && (c == (d < (!e)))))')
    expect(treeOf('a == b != c')).toBe('((a == b) != c)')
    expect(treeOf('(a || b) && c')).toBe('((a || b) && c)')
  })

  it('reads literals', () => {
    expect(treeOf("'it''s'")).toBe('"it\'s"')
    expect(treeOf('0xff')).toBe('255')
    expect(treeOf('-1.5e3')).toBe('-1500')
    expect(treeOf('.5')).toBe('0.5')
    expect(treeOf('null')).toBe('null')
    expect(treeOf('true')).toBe('true')
    expect(treeOf('True')).toBe('True')
  })

  it('gives every node its place in the text', () => {
    const { root } = parseExpression("  contains(github.ref, 'v')")
    if (root?.kind !== 'call') throw new Error('expected a call')
    expect([root.start, root.end]).toEqual([2, 27])
    expect(root.args.map(({ start, end }) => [start, end])).toEqual([[11, 21], [23, 26]])
  })

  it.each([
    ['', 'error at 0-0: the expression is empty'],
    ['a &&', "error at 4-4: the expression ends where a value is expected"],
    ['a b', "error at 2-3: 'b' stands where an operator or the end is expected"],
    ['a = b', "error at 2-3: '=' is not part of an expression; compare with =="],
    ['"text"', `error at 0-6: '"text"' is not part of an expression; strings stand in single quotes`],
    ["'text", "error at 0-5: the string 'text is never closed; end it with a single quote"],
    ['f(a', "error at 3-3: the expression ends where ',' or ')' is expected"],
    ['a[0', "error at 3-3: the expression ends where ']' is expected"],
    ['a.', 'error at 2-2: the expression ends where a property name is expected'],
    ['a + b', "error at 2-3: '+' is not part of an expression"],
  ])('says what is wrong with %j', (text, message) => {
    expect(treeOf(text)).toBe(message)
  })

  it('answers, and quickly, whatever the text and however deep it nests', () => {
    expect(treeOf('('.repeat(9_000))).toContain('an expression may nest 50 levels deep')
    expect(treeOf('!'.repeat(20_000))).toContain('error')
    expect(treeOf(`a${'[0]'.repeat(5_000)}`)).toContain('error')
    expect(treeOf('a'.repeat(30_000))).toContain('at most 21000 characters')
    expect(parseExpression(Array.from({ length: 2_000 }, () => 'a').join(' || ')).error).toBeNull()
  })

  it('accepts and refuses the same texts as the parser that GitHub publishes', () => {
    const piece = fc.constantFrom('a', 'github', '.', '.*', '[', ']', '[*]', '(', ')', ',', '!', '&&', '||', '==', '!=', '<', '>=', "'s'", "''", '1', '-2', '.5', '0xf', 'true', 'null', ' ', 'x-y', '"', '=', '+', '-')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        // The published parser takes a comma before the closing parenthesis, the runner does not.
        fc.pre(!/,\s*\)/.test(text))
        expect([text, parseExpression(text).error === null]).toEqual([text, isAcceptedByGitHub(text)])
      }),
      { numRuns: 20_000 },
    )
  })
})
