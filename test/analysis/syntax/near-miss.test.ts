import { describe, expect, it } from 'vitest'
import { nearMiss } from '../../../analysis/syntax/near-miss.ts'

describe('nearMiss', () => {
  it.each([
    ['wiht', ['with', 'working-directory'], 'with'],
    ['branch', ['branches', 'tags'], 'branches'],
    ['timeoutMinutes', ['timeout-minutes'], 'timeout-minutes'],
    ['NAME', ['name'], 'name'],
    ['run_s-on', ['run', 'runs-on'], 'runs-on'],
    ['ru', ['run'], null],
    ['id', ['if'], null],
    ['node14', ['node12', 'node16'], null],
    ['reviewers', ['url', 'name', 'deployment'], null],
    ['secret', ['secrets', 'services'], 'secrets'],
  ])('takes %j among %j for %j', (word, candidates, expected) => {
    expect(nearMiss(word, candidates)).toBe(expected)
  })

  it('prefers the nearest candidate', () => {
    expect(nearMiss('path-ignore', ['tags-ignore', 'paths-ignore'])).toBe('paths-ignore')
  })
})
