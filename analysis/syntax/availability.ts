// Which contexts and functions GitHub offers below a key, read from the schema's `context` lists. A definition adds to what
// its parent offers.
import { OFFERED_FUNCTIONS } from './expression-functions.ts'

export interface Availability {
  /** In lower case; empty where GitHub evaluates no expression. */
  readonly contexts: ReadonlySet<string>
  /** Fewest and most arguments by name in lower case. */
  readonly functions: ReadonlyMap<string, { readonly min: number; readonly max: number }>
}

export const NOTHING_OFFERED: Availability = { contexts: new Set(), functions: new Map() }

const CALL = /^(\w+)\((\d+),(\w+)\)$/

const known = new WeakMap<Availability, Map<string, Availability>>()

/** What stands below a definition with that list: the same object for the same question. */
export function offeredBelow(parent: Availability, added: readonly string[]): Availability {
  if (added.length === 0) return parent
  const children = known.get(parent) ?? new Map<string, Availability>()
  known.set(parent, children)
  const name = added.join()
  let offered = children.get(name)
  if (!offered) children.set(name, (offered = add(parent, added)))
  return offered
}

function add(parent: Availability, added: readonly string[]): Availability {
  const contexts = new Set(parent.contexts)
  const functions = new Map(parent.functions)
  for (const entry of added) {
    const [, name, min, max] = CALL.exec(entry) ?? []
    if (name === undefined) contexts.add(entry)
    else functions.set(name.toLowerCase(), { min: Number(min), max: max === 'MAX' ? 255 : Number(max) })
  }
  return { contexts, functions }
}

export const isOffered = ({ functions }: Availability, name: string): boolean =>
  !OFFERED_FUNCTIONS.has(name.toLowerCase()) || functions.has(name.toLowerCase())
