// What a run could not check because a fact was not asked for or not answered, grouped and counted.
import type { FactRequest, Facts } from './fact.ts'
import type { NotChecked } from './analyse.ts'

const WHAT: Readonly<Record<FactRequest['kind'], string>> = {
  ref: 'the commit behind a tag or branch',
  releases: 'the releases of an action',
  repository: 'what became of a repository',
  commit: 'whether a pinned commit belongs to its repository',
  action: "an action's own metadata",
  image: 'the digest behind an image tag',
  advisories: 'published advisories',
  host: 'the version of the code host',
}

const NOT_ASKED = 'the code host was not asked'

/** One entry per kind and reason, the most frequent first. */
export function uncheckedOf(wanted: ReadonlyMap<string, FactRequest>, facts: Facts): readonly NotChecked[] {
  const groups = new Map<string, { what: string; reason: string; count: number }>()
  for (const [key, request] of wanted) {
    const answer = facts.get(key)
    if (answer?.status === 'known') continue
    const reason = answer?.reason ?? NOT_ASKED
    const group = groups.get(`${request.kind} ${reason}`)
    if (group === undefined) groups.set(`${request.kind} ${reason}`, { what: WHAT[request.kind], reason, count: 1 })
    else group.count++
  }
  return [...groups.values()].sort((a, b) => b.count - a.count)
}
