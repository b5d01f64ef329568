// What all processes know of the providers together: circuit breakers, and daily limits that are used up. Every change is one
// compare-and-set, so that of many processes exactly one opens a breaker, and exactly one request is the probe of a half-open one.
import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { unlessDuplicate } from '../database/database-errors.ts'
import type { TenantCollections, TenantDocument } from '../database/tenant-collections.ts'

interface ProviderDocument extends TenantDocument {
  readonly circuit: 'closed' | 'open' | 'half-open'
  /** In a row. */
  readonly failures: number
  /** Open: when a probe may go. Half-open: until when the probe may take. Daily limit: when it ends. */
  readonly until: Date | null
  readonly probe: string | null
}

export interface BreakerSettings {
  /** Failures in a row that open it. */
  readonly threshold: number
  readonly coolDownMs: number
  /** A probe that has not reported by then is lost with its process; longer than any call. */
  readonly probeMs: number
}

/** Leave to make one call. Exactly one of `succeeded`, `failed` and `abandoned` ends it. */
export interface Ticket {
  readonly probe: string | null
  readonly failuresSeen: number
}

export interface ProviderStates {
  /** Null while the breaker is open, or half-open with its probe under way. */
  enter(provider: string): Promise<Ticket | null>
  /** Whether nobody asks it, but for a probe. */
  isOpen(provider: string): Promise<boolean>
  succeeded(provider: string, ticket: Ticket): Promise<void>
  failed(provider: string, ticket: Ticket): Promise<void>
  /** The call ended without a word on the provider. */
  abandoned(provider: string, ticket: Ticket): Promise<void>
  /** When the model's daily limit ends; null when it has none that is used up. */
  exhaustedUntil(model: string): Promise<Date | null>
  exhaust(model: string, until: Date): Promise<void>
}

const COLLECTION = 'providers'
/** Providers belong to the service: no tenant's id looks like it (they contain an @). */
const EVERYONE = 'public'
const CLOSED = { circuit: 'closed', failures: 0, until: null, probe: null } as const

export function createProviderStates({ collections, clock, settings }: { collections: TenantCollections; clock: Clock; settings: BreakerSettings }): ProviderStates {
  const states = collections.for(EVERYONE).collection<ProviderDocument>(COLLECTION)
  const after = (ms: number) => new Date(clock().getTime() + ms)
  const won = async (filter: Parameters<typeof states.updateOne>[0], set: Partial<ProviderDocument>) => (await states.updateOne(filter, { $set: set })).modifiedCount === 1

  const takeProbe = async ({ _id, circuit }: ProviderDocument): Promise<Ticket | null> => {
    const probe = randomUUID()
    const due = { _id, circuit, until: { $lte: clock() } }
    return (await won(due, { circuit: 'half-open', probe, until: after(settings.probeMs) })) ? { probe, failuresSeen: 0 } : null
  }
  const endProbe = async (_id: string, { probe }: Ticket, set: Partial<ProviderDocument>) => {
    await states.updateOne({ _id, circuit: 'half-open', probe }, { $set: { probe: null, ...set } })
  }
  const countFailure = async (_id: string): Promise<void> => {
    const { matchedCount } = await states.updateOne({ _id, circuit: 'closed' }, { $inc: { failures: 1 } })
    if (matchedCount === 0) await insertFirst(_id)
    await won({ _id, circuit: 'closed', failures: { $gte: settings.threshold } }, { circuit: 'open', until: after(settings.coolDownMs) })
  }
  const insertFirst = async (_id: string): Promise<void> => {
    if ((await states.findOne({ _id })) !== null) return
    if (await unlessDuplicate(states.insertOne({ _id, ...CLOSED, failures: 1 }))) return
    await states.updateOne({ _id, circuit: 'closed' }, { $inc: { failures: 1 } })
  }
  const limitOf = (model: string): string => `daily ${model}`
  return {
    enter: async (provider) => {
      const found = await states.findOne({ _id: provider })
      if (found === null || found.circuit === 'closed') return { probe: null, failuresSeen: found?.failures ?? 0 }
      return found.until !== null && found.until <= clock() ? takeProbe(found) : null
    },
    isOpen: async (provider) => ((await states.findOne({ _id: provider }))?.circuit ?? 'closed') !== 'closed',
    succeeded: async (provider, ticket) => {
      if (ticket.probe !== null) await endProbe(provider, ticket, CLOSED)
      else if (ticket.failuresSeen > 0) await won({ _id: provider, circuit: 'closed', failures: { $gt: 0 } }, { failures: 0 })
    },
    failed: (provider, ticket) => (ticket.probe === null ? countFailure(provider) : endProbe(provider, ticket, { circuit: 'open', until: after(settings.coolDownMs) })),
    abandoned: async (provider, ticket) => {
      if (ticket.probe !== null) await endProbe(provider, ticket, { circuit: 'open', until: clock() })
    },
    exhaustedUntil: async (model) => {
      const until = (await states.findOne({ _id: limitOf(model) }))?.until ?? null
      return until !== null && until > clock() ? until : null
    },
    exhaust: async (model, until) => {
      await states.updateOne({ _id: limitOf(model) }, { $set: { circuit: 'closed', failures: 0, probe: null, until } }, { upsert: true })
    },
  }
}
