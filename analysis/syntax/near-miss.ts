// The word that was probably meant: one slip away, more for longer words. Never says that a word is wrong.

const MAX_SLIPS = 2
const LETTERS_PER_SLIP = 3

/** The nearest candidate, or null when none is near enough to be a slip of `word`. */
export function nearMiss(word: string, candidates: Iterable<string>): string | null {
  let best: string | null = null
  let bestDistance = Infinity
  for (const candidate of candidates) {
    const distance = slips(word, candidate)
    const limit = Math.max(0.5, Math.min(MAX_SLIPS, Math.floor(Math.min(word.length, candidate.length) / LETTERS_PER_SLIP)))
    if (distance <= limit && distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Edit distance with transpositions; spelling variants (case, `-`, `_` or nothing between words) are half a slip. */
function slips(word: string, candidate: string): number {
  if (plain(word) === plain(candidate)) return 0.5
  // `node14` is another version than `node12`, not a slip.
  if (withoutDigits(word) === withoutDigits(candidate)) return Infinity
  if (Math.abs(word.length - candidate.length) > MAX_SLIPS) return Infinity
  return editDistance(word.toLowerCase(), candidate.toLowerCase())
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_ ]/g, '')

const withoutDigits = (word: string): string => word.replaceAll(/\d/g, '')

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1))
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1)
      }
      current.push(cost)
    }
    beforeLast = last
    last = current
  }
  return last[b.length] ?? Infinity
}
