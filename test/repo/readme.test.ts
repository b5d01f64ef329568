import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { withTables } from '../../scripts/generate-readme.ts'
import { REPOSITORY_ROOT } from '../runner/repository-root.ts'

const read = (name: string): string => readFileSync(new URL(name, REPOSITORY_ROOT), 'utf8')

describe('README.md', () => {
  it('has the inputs and outputs of action.yml (node --import tsx scripts/generate-readme.ts writes them)', () => {
    expect(read('README.md')).toBe(withTables(read('README.md'), read('action.yml')))
  })

  it('stays under 150 lines', () => {
    expect(read('README.md').split('\n').length).toBeLessThan(150)
  })
})

describe('the tables of the README', () => {
  const action = "inputs:\n  level:\n    description: One of a | b.\n    default: 'a'\n  token:\n    description: A token.\noutputs:\n  count:\n    description: How many.\n"

  it('replace what stood between the markers, and only that', () => {
    expect(withTables('# X\n<!-- inputs -->\nold\n<!-- /inputs -->\nend\n', action)).toBe([
      '# X', '<!-- inputs -->',
      '| input | default | what it does |', '| --- | --- | --- |', '| `level` | `a` | One of a \\| b. |', '| `token` |  | A token. |', '',
      '| output | what it holds |', '| --- | --- |', '| `count` | How many. |',
      '<!-- /inputs -->', 'end', ''].join('\n'))
  })

  it('need their markers', () => {
    expect(() => withTables('# X\n', action)).toThrow('<!-- inputs -->')
  })
})
