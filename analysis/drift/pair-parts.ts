// Which job or step of one workflow is which of the other: by id, then by what it uses, then by name, then by content, and at last by
// likeness, so that a step whose only command changed is that step still.

/** How a job or step is recognised; null for what it has not. */
export interface Identity {
  readonly id: string | null
  readonly uses: string | null
  readonly name: string | null
  readonly content: string
  /** Of a script; empty for anything else. */
  readonly words: ReadonlySet<string>
}

export interface Paired<T> {
  /** In the order of the expected ones. */
  readonly pairs: readonly (readonly [expected: T, found: T])[]
  readonly missing: readonly T[]
  readonly extra: readonly T[]
}

/** Share of the expected words that a changed script must keep. */
const LIKENESS = 0.5
/** Comparisons by likeness that one list may cost. */
const MOST_COMPARED = 40_000

const PASSES: readonly ((identity: Identity) => string | null)[] = [
  ({ id }) => id,
  ({ uses, content }) => uses && `${uses}\n${content}`,
  ({ uses, name }) => uses && name && `${uses}\n${name}`,
  ({ uses }) => uses,
  ({ name }) => name,
  ({ content }) => content,
]

/** Each part is paired at most once; of equal candidates the first with the first. */
export function pairParts<T>(expected: readonly T[], found: readonly T[], identityOf: (part: T) => Identity): Paired<T> {
  const left = new Map(found.map((part) => [part, identityOf(part)]))
  const open = new Map(expected.map((part) => [part, identityOf(part)]))
  const partners = new Map<T, T>()
  const pair = (part: T, partner: T): void => {
    partners.set(part, partner)
    open.delete(part)
    left.delete(partner)
  }
  for (const keyOf of PASSES) {
    const candidates = new Map<string, T[]>()
    for (const [part, identity] of left) {
      const key = keyOf(identity)
      if (key === null || key === '') continue
      const known = candidates.get(key)
      if (known === undefined) candidates.set(key, [part])
      else known.push(part)
    }
    for (const [part, identity] of [...open]) {
      const partner = candidates.get(keyOf(identity) ?? '')?.shift()
      if (partner !== undefined) pair(part, partner)
    }
  }
  for (const [part, { words }] of open.size * left.size > MOST_COMPARED ? [] : [...open]) {
    const partner = mostAlike(words, left)
    if (partner !== null) pair(part, partner)
  }
  return {
    pairs: expected.flatMap((part) => { const partner = partners.get(part); return partner === undefined ? [] : [[part, partner] as const] }),
    missing: [...open.keys()],
    extra: [...left.keys()],
  }
}

function mostAlike<T>(words: ReadonlySet<string>, left: ReadonlyMap<T, Identity>): T | null {
  let best: T | null = null
  let most = Math.max(1, words.size * LIKENESS)
  if (words.size === 0) return null
  for (const [part, identity] of left) {
    const shared = [...words].filter((word) => identity.words.has(word)).length
    if (shared > most || (best === null && shared === most)) [best, most] = [part, shared]
  }
  return best
}
