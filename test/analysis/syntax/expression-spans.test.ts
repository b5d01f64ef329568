import { describe, expect, it } from 'vitest'
import type { ScalarNode, YamlNode } from '../../../analysis/source/node.ts'
import { parse } from '../../../analysis/source/parse.ts'
import { contextAccesses } from '../../../analysis/syntax/expression-paths.ts'
import { expressionsIn, expressionsInCondition, type ExpressionSpan } from '../../../analysis/syntax/expression-spans.ts'

function scalarOf(text: string): ScalarNode {
  const root: YamlNode | null = parse(text).root
  const value = root?.kind === 'mapping' ? root.pairs[0]?.value : undefined
  if (value?.kind !== 'scalar') throw new Error('expected a scalar below the first key')
  return value
}

/** The source of each context access, found through the span's offsets. */
const accessesInSource = (source: string, spans: readonly ExpressionSpan[]): string[] =>
  spans.flatMap((span) => (span.root ? contextAccesses(span.root) : []).map(({ node }) => source.slice(span.offsetOf(node.start), span.offsetOf(node.end - 1) + 1)))

const find = (source: string) => expressionsIn(source, scalarOf(source))

describe('expressionsIn', () => {
  it('finds each expression with its braces', () => {
    const source = 'run: echo ${{ a.b }} and ${{c}} # ${{ comment }}\n'
    expect(find(source).map(({ start, end }) => source.slice(start, end))).toEqual(['${{ a.b }}', '${{c}}'])
  })

  it.each([
    ['a plain scalar', 'run: x ${{ github.actor }} y\n'],
    ['a plain scalar over lines', 'run: x ${{ true &&\n    github.actor\n  }} y\n'],
    ['a single-quoted scalar', "run: 'it''s ${{ format(''a'', github.actor) }}'\n"],
    ['a double-quoted scalar', 'run: "say \\"${{ \'\\\\\' == github.actor }}\\""\n'],
    ['a double-quoted scalar over lines', 'run: "a ${{ \'x\' ==\\\n   github.actor }}"\n'],
    ['a literal block', 'run: |\n  # it\'s\n  echo ${{\n      github.actor }}\n'],
    ['a folded block', 'run: >-\n  echo ${{ github.actor }}\n'],
    ['a file with CRLF', 'run: |\r\n  echo ${{ 1 ==\r\n  github.actor }}\r\n'],
  ])('keeps exact offsets in %s', (_, source) => {
    const spans = find(source)
    expect(spans.map(({ error }) => error)).toEqual([null])
    expect(accessesInSource(source, spans)).toEqual(['github.actor'])
  })

  it('does not end an expression at braces inside its strings', () => {
    const [span] = find("run: ${{ format('}}', a) }}\n")
    expect(span?.text).toBe(" format('}}', a) ")
    const [quoted] = find("run: '${{ format(''}}'', a) }}'\n")
    expect(quoted?.text).toBe(" format('}}', a) ")
  })

  it('leaves out braces that are never closed and the header of a block', () => {
    expect(find('run: echo ${{ a\n')).toEqual([])
    expect(find('run: | # ${{ a }}\n  echo\n')).toEqual([])
  })
})

describe('expressionsInCondition', () => {
  it('takes a value without braces as one expression', () => {
    const source = "if: github.actor == 'x'\n"
    const spans = expressionsInCondition(source, scalarOf(source))
    expect(spans.map(({ start, end }) => source.slice(start, end))).toEqual(["github.actor == 'x'"])
    expect(accessesInSource(source, spans)).toEqual(['github.actor'])
  })

  it('takes only what stands in braces where there are any', () => {
    const source = 'if: ${{ a.b }} && c\n'
    expect(accessesInSource(source, expressionsInCondition(source, scalarOf(source)))).toEqual(['a.b'])
  })

  it('finds a bare condition in a block, and none in an empty value', () => {
    const source = 'if: |\n  always() &&\n  a.b\n'
    expect(accessesInSource(source, expressionsInCondition(source, scalarOf(source)))).toEqual(['a.b'])
    expect(expressionsInCondition('if:\n', scalarOf('if:\n'))).toEqual([])
  })
})
