// Numbers that a seed decides. Each purpose has a row of its own, so that how often one is asked does not change another.
import { createHash } from 'node:crypto'

export interface Random {
  /** From 0 up to 1. */
  next(): number
  /** A whole number, both ends included. */
  whole(from: number, to: number): number
  chance(share: number): boolean
  /** Throws a TypeError for an empty list. */
  pick<T>(list: readonly T[]): T
}

const BITS = 48

export function createRandom(seed: number, purpose: string): Random {
  let count = 0
  const next = (): number => {
    count += 1
    return createHash('sha256').update(`${seed} ${purpose} ${count}`).digest().readUIntBE(0, BITS / 8) / 2 ** BITS
  }
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    whole,
    chance: (share) => next() < share,
    pick: (list) => {
      const found = list[whole(0, list.length - 1)]
      if (found === undefined) throw new TypeError('there is nothing to pick from')
      return found
    },
  }
}
