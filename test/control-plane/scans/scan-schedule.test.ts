import { expect, test } from 'vitest'
import { nextSlot } from '../../../control-plane/scans/scan-schedule.ts'

const NOW = new Date('2026-11-30T12:34:56.789Z')
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const FLEET = Array.from({ length: 12_000 }, (_, index) => String(700_000_000 + index))
const slotsOf = (every: 'daily' | 'weekly') => FLEET.map((id) => (nextSlot(id, every, NOW) ?? NOW).getTime() - NOW.getTime())

test.each([['daily', DAY_MS] as const, ['weekly', 7 * DAY_MS] as const])('a fleet spreads evenly over %s intervals, beginning at any moment', (every, length) => {
  const slots = slotsOf(every)
  expect(Math.min(...slots)).toBeGreaterThan(0)
  expect(Math.max(...slots)).toBeLessThanOrEqual(length)
  const parts = Array.from({ length: 24 }, (_, part) => slots.filter((at) => Math.floor((at / length) * 24) === part).length)
  // 500 are expected in each of 24 parts; five standard deviations are 110.
  expect(Math.min(...parts)).toBeGreaterThan(390)
  expect(Math.max(...parts)).toBeLessThan(610)
})

test('a repository keeps its place, however late it was looked at', () => {
  const first = nextSlot('42', 'daily', NOW) ?? NOW
  for (const lateMs of [0, 1, HOUR_MS, DAY_MS - 1]) expect(nextSlot('42', 'daily', new Date(first.getTime() + lateMs))).toEqual(new Date(first.getTime() + DAY_MS))
  expect(nextSlot('42', 'daily', new Date(first.getTime() - 1))).toEqual(first)
  expect(nextSlot('42', 'off', NOW)).toBeNull()
})
