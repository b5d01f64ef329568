// When a repository is looked at. Its number gives it a place in every day or week, so that a fleet spreads evenly, keeps its
// places over restarts, and processes agree without talking.
import { createHash } from 'node:crypto'
import { DAY_MS } from '../clock.ts'
import type { Interval } from './scan-state.ts'

const LENGTH_MS = { daily: DAY_MS, weekly: 7 * DAY_MS } as const
const HASH_BYTES = 6

/** The repository's first time after this one; null when it is never looked at by itself. */
export function nextSlot(repositoryId: string, every: Interval, after: Date): Date | null {
  if (every === 'off') return null
  const length = LENGTH_MS[every]
  const offset = Math.floor(placeOf(repositoryId) * length)
  return new Date(offset + (Math.floor((after.getTime() - offset) / length) + 1) * length)
}

/** From 0 to below 1, evenly over repositories. */
function placeOf(repositoryId: string): number {
  return createHash('sha256').update(repositoryId).digest().readUIntBE(0, HASH_BYTES) / 2 ** (8 * HASH_BYTES)
}
