// Names of popular actions, and the one that another name is a slip away from.
import data from './actions.json' with { type: 'json' }

/** Shorter owners are one slip away from too many real ones. */
const MIN_OWNER = 4

let owners: ReadonlySet<string> | null = null
/** Owners by the name behind theirs: needed for unknown owners only. */
let ownersOf: ReadonlyMap<string, readonly string[]> | null = null

/** The popular `owner/repo` whose owner is one slip away from this one's and whose name is the same; null for all others. */
export function popularTwin(owner: string, repository: string): string | null {
  const mine = owner.toLowerCase()
  owners ??= new Set(Object.keys(data.actions).map((action) => action.slice(0, action.indexOf('/'))))
  if (owners.has(mine)) return null
  ownersOf ??= byName()
  const name = repository.toLowerCase().slice(mine.length + 1)
  const twin = ownersOf.get(name)?.find((other) => other.length >= MIN_OWNER && isOneSlip(mine, other))
  return twin === undefined ? null : `${twin}/${name}`
}

function byName(): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>()
  for (const action of Object.keys(data.actions)) {
    // An action below its repository's top stands for that repository.
    const [owner = '', name = ''] = action.split('/')
    const others = map.get(name)
    if (others === undefined) map.set(name, [owner])
    else others.push(owner)
  }
  return map
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
