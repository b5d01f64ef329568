// Owners whose actions GitHub itself writes. The facts are in official-owners.json.
import data from './official-owners.json' with { type: 'json' }

const OWNERS: ReadonlySet<string> = new Set(data.owners)

/** Compared without case. */
export const isOfficialOwner = (owner: string): boolean => OWNERS.has(owner.toLowerCase())
