import { expect, it } from 'vitest'
import { matchesName, matchesPath } from '../../../analysis/policy/path-glob.ts'

it.each([
  ['.github/workflows/*.yml', '.github/workflows/ci.yml'],
  ['.github/workflows/ci-?.yml', '.github/workflows/ci-1.yml'],
  ['**/action.yml', 'action.yml'],
  ['**/action.yml', 'a/b/action.yml'],
  ['.github/**', '.github/workflows/ci.yml'],
  ['vendor/', 'vendor/x/action.yml'],
  ['ci.yml', '.github/workflows/ci.yml'],
  ['./.github/workflows/ci.yml', '.github/workflows/ci.yml'],
  ['a/**/b/**/c.yml', 'a/x/b/y/b/z/c.yml'],
])('%s matches %s', (pattern, path) => {
  expect(matchesPath([pattern], path)).toBe(true)
})

it.each([
  ['.github/*.yml', '.github/workflows/ci.yml'],
  ['workflows/ci.yml', '.github/workflows/ci.yml'],
  ['c?.yml', '.github/workflows/ci/.yml'],
  ['**/action.yml', 'a/action.yaml'],
  ['vendor/', 'vendored/action.yml'],
  ['ci.yml', '.github/workflows/ci.yml.old'],
  ['ci.[yY]ml', 'ci.yml'],
  ['', 'ci.yml'],
])('%j does not match %s', (pattern, path) => {
  expect(matchesPath([pattern], path)).toBe(false)
})

it('ends however many stars a pattern has', () => {
  expect(matchesPath([`${'**/a/'.repeat(200)}b`], `${'a/'.repeat(2_000)}c`)).toBe(false)
  expect(matchesName('*a'.repeat(2_000), 'a'.repeat(1_000))).toBe(false)
})

it('takes a name as it is written but for stars', () => {
  expect(matchesName('gpu-*', 'gpu-large')).toBe(true)
  expect(matchesName('gpu-*', 'cpu-large')).toBe(false)
  expect(matchesName('a.c', 'abc')).toBe(false)
})
