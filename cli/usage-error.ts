// A wrong command line: the message names the value, what is allowed and the near miss. Exit code 2.
export class UsageError extends Error {
  override name = 'UsageError'
}

/** "unknown X 'value'; did you mean 'Y'? Allowed: a, b", with the near miss only where there is one. */
export function unknownValue(what: string, value: string, known: readonly string[]): UsageError {
  const near = nearest(value, known)
  return new UsageError(`unknown ${what} '${value}'${near === null ? '.' : `; did you mean '${near}'?`} Allowed: ${known.join(', ')}`)
}

/** The known word that is a slip of the finger away from `value`, or null. */
function nearest(value: string, known: readonly string[]): string | null {
  const word = value.slice(0, 64).toLowerCase()
  let best: string | null = null
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const distance = candidate.startsWith(word) && word.length > 1 ? 1 : editDistance(word, candidate)
    if (distance < least) [best, least] = [candidate, distance]
  }
  return best
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let least = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1)
      next.push(least)
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
