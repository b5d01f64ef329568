// Names of popular actions, and the one that another name is a slip away from.
import data from './actions.json' with { type: 'json' }

/** Shorter owners are one slip away from too many real ones. */
const MIN_OWNER = 4

let owners: ReadonlySet<string> | null = null
let byRepository: ReadonlyMap<string, readonly string[]> | null = null

/** The popular `owner/repo` whose owner is one slip away from this one's and whose name is the same; null for all others. */
export function popularTwin(owner: string, repository: string): string | null {
  const mine = owner.toLowerCase()
  const name = repository.toLowerCase().slice(mine.length + 1)
  if (owners === null || byRepository === null) {
    const pairs = Object.keys(data.actions).map((key) => key.split('/'))
    owners = new Set(pairs.map(([each = '']) => each))
    const map = new Map<string, string[]>()
    for (const [each = '', repo = ''] of pairs) map.set(repo, [...(map.get(repo) ?? []), each])
    byRepository = map
  }
  if (owners.has(mine)) return null
  const twin = (byRepository.get(name) ?? []).find((other) => other.length >= MIN_OWNER && isOneSlip(mine, other))
  return twin === undefined ? null : `${twin}/${name}`
}

/** One letter added, left out, changed, or two neighbours swapped. */
function isOneSlip(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && start < b.length && a.charAt(start) === b.charAt(start)) start++
  const [restA, restB] = [a.slice(start), b.slice(start)]
  if (restA.length !== restB.length) return restA.length > restB.length ? restA.slice(1) === restB : restB.slice(1) === restA
  const swapped = restB.charAt(1) + restB.charAt(0) + restB.slice(2)
  return restA.slice(1) === restB.slice(1) || restA === swapped
}
