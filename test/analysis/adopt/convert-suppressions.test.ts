import { expect, it } from 'vitest'
import { convertSuppressions } from '../../../analysis/adopt/convert-suppressions.ts'
import { inputOf, stepsOf, WORKFLOW_PATH } from '../engine-input.ts'

const convert = (...steps: readonly string[]) => convertSuppressions(inputOf(stepsOf(...steps)), { by: '@acme/ci', reason: 'carried over' })
const linesOf = (...steps: readonly string[]) => convert(...steps).files.flatMap(({ after }) => after.split('\n').filter((line) => line.includes('autodevops:')).map((line) => line.trim()))

it('names the rules that the comment silences, with the reason that it gives', () => {
  expect(linesOf('- uses: acme/a@v1 # zizmor: ignore[unpinned-uses]')).toEqual(['- uses: acme/a@v1 # autodevops: ignore[unpinned-action] by=@acme/ci carried over'])
  expect(linesOf('- uses: acme/a@v1 # zizmor: ignore[unpinned-uses] -- we sign it')).toEqual(['- uses: acme/a@v1 # autodevops: ignore[unpinned-action] by=@acme/ci we sign it'])
  expect(linesOf('- uses: actions/cache@v5 # zizmor: ignore[unpinned-uses]')).toEqual(['- uses: actions/cache@v5 # autodevops: ignore[unpinned-official-action] by=@acme/ci carried over'])
  expect(linesOf('# poutine:ignore injection', '- run: echo ${{ github.event.issue.title }}')).toEqual(['# autodevops: ignore[script-injection] by=@acme/ci carried over'])
})

it('keeps what stands in front of the comment', () => {
  expect(linesOf('- uses: acme/a@v1 # v1.0 # zizmor: ignore[unpinned-uses]')).toEqual(['- uses: acme/a@v1 # v1.0 # autodevops: ignore[unpinned-action] by=@acme/ci carried over'])
})

it('leaves comments that silence nothing here, or more than we know', () => {
  const { files, left } = convert('- uses: acme/a@v1 # zizmor: ignore[unpinned-uses,new-audit]', `- uses: acme/b@${'a'.repeat(40)} # zizmor: ignore[unpinned-uses]`)
  expect(files).toEqual([])
  expect(left).toEqual([
    `${WORKFLOW_PATH}:7: the comment for zizmor says more than can be converted`,
    `${WORKFLOW_PATH}:8: the comment for zizmor silences nothing here`,
  ])
})
