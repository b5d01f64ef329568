import { describe, expect, it } from 'vitest'
import { isInRange } from '../../../analysis/data/version-range.ts'
import { fullestVersionTag, namesVersion } from '../../../analysis/data/version-tag.ts'

describe('a range of an advisory', () => {
  it.each([
    ['>= 1.0.0, < 2.3.1', [2, 3, 0], true], ['>= 1.0.0, < 2.3.1', [2, 3, 1], false], ['>= 1.0.0, < 2.3.1', [0, 9, 0], false],
    ['<= 45.0.7', [45, 0, 7], true], ['<= 45.0.7', [45, 0, 8], false], ['> 1', [1, 0, 0], false], ['= 1.2', [1, 2, 0], true], ['= 1.2', [1, 2, 1], false],
  ] as const)('%s holds for %j: %s', (range, version, holds) => {
    expect(isInRange(version, range)).toBe(holds)
  })

  it.each(['', '1.0.0', '>= one', '~> 1.0'])("contains nothing when it reads '%s'", (range) => {
    expect(isInRange([1, 0, 0], range)).toBe(false)
  })
})

describe('tags of one commit', () => {
  it.each([
    [['v4', 'v4.2.1', 'v4.2'], 'v4.2.1'], [['v4.2.1', 'v4.2.2'], 'v4.2.2'], [['latest', 'v4'], 'v4'], [['latest'], null], [[], null],
  ] as const)('%j say %s', (tags, fullest) => {
    expect(fullestVersionTag(tags)).toBe(fullest)
  })

  it('are named by their own parts only', () => {
    expect([namesVersion('v4', 'v4.2.1'), namesVersion('4.2', 'v4.2.1'), namesVersion('stable', 'stable')]).toEqual([true, true, true])
    expect([namesVersion('v4.3', 'v4.2.1'), namesVersion('v4.2.1', 'v4'), namesVersion('v4', 'v40.0.0'), namesVersion('v4', 'main')]).toEqual([false, false, false, false])
  })
})
