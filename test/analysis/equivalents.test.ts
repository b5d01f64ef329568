import { describe, expect, it } from 'vitest'
import { analyse } from '../../analysis/analyse.ts'
import { inputOf, stepsOf } from './engine-input.ts'

const equivalentsOf = (text: string, rule: string) =>
  analyse(inputOf(text)).findings.filter(({ ruleId }) => ruleId === rule).map(({ equivalents }) => equivalents)

describe('equivalents of a finding', () => {
  it('of an unpinned called workflow leave CodeQL out, which looks at steps', () => {
    expect(equivalentsOf(stepsOf('- uses: acme/deploy@v1'), 'unpinned-action')).toEqual([undefined])
    expect(equivalentsOf('on: push\njobs:\n  a:\n    uses: acme/ci/.github/workflows/build.yml@v1\n', 'unpinned-action')).toEqual([{ codeql: [] }])
  })

  it.each([['push', { poutine: [] }], ['issue_comment', undefined], ['[push, pull_request_target]', undefined]])(
    'of a workflow without permissions on %s are %j; poutine reports it once', (on, equivalents) => {
      const job = '\n    runs-on: ubuntu-24.04\n    steps: [run: make]\n'
      expect(equivalentsOf(`on: ${on}\njobs:\n  a:${job}  b:${job}`, 'missing-permissions')).toEqual([equivalents, { poutine: [] }, { poutine: [] }])
    })
})
