import { describe, expect, it } from 'vitest'
import { parseExpression } from '../../../analysis/syntax/expression.ts'
import { contextAccesses } from '../../../analysis/syntax/expression-paths.ts'

function paths(text: string): string[] {
  const { root, error } = parseExpression(text)
  if (!root) throw new Error(error.message)
  return contextAccesses(root).map(({ path }) => path.join('.'))
}

describe('contextAccesses', () => {
  it('names each access at its full length, in lower case', () => {
    expect(paths("GitHub.Event['Issue'].title == github.actor")).toEqual(['github.event.issue.title', 'github.actor'])
  })

  it('writes a star for stars and computed indexes, and finds what computes them', () => {
    expect(paths('github.event.commits.*.message')).toEqual(['github.event.commits.*.message'])
    expect(paths('matrix[inputs.name].x')).toEqual(['matrix.*.x', 'inputs.name'])
  })

  it('looks into arguments, and below a call that is accessed', () => {
    expect(paths('format(env.a, needs.b.outputs.c)')).toEqual(['env.a', 'needs.b.outputs.c'])
    expect(paths('fromJSON(steps.x.outputs.y).title')).toEqual(['steps.x.outputs.y'])
  })

  it('names a whole context', () => {
    expect(paths('toJSON(github)')).toEqual(['github'])
  })
})
