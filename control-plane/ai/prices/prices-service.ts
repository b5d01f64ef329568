// The prices that hold for a tenant: those we ship, those an operator added for everybody, and its own, later ones first.
// Adding and ending go to the audit log with what was before.
import type { AuditStore } from '../../audit/audit-store.ts'
import { isDuplicateKey } from '../../database/database-errors.ts'
import type { TenantCollections, TenantDocument } from '../../database/tenant-collections.ts'
import { AppError } from '../../errors.ts'
import { KNOWN_PRICES } from './known-prices.ts'
import { priceOf, type Price } from './price.ts'

interface By {
  readonly actor: string
  readonly correlationId: string | null
}

/** null: no price holds. */
export type PriceFinder = (model: string, dateMs: number) => Price | null

export interface PricesService {
  /** Shipped ones first, the tenant's own last. */
  list(tenantId: string): Promise<readonly Price[]>
  /** null: no price holds; never zero. */
  priceOf(tenantId: string, model: string, dateMs: number): Promise<Price | null>
  /** As `priceOf`, for many models at once. */
  finder(tenantId: string): Promise<PriceFinder>
  /** Throws PRICE_EXISTS when one of this model begins on the same day. */
  add(tenantId: string, price: Price, by: By): Promise<void>
  /** The last day on which the price of this model that began on `effectiveFrom` holds. Throws PRICE_NOT_FOUND, and PRICE_EXISTS when it ends earlier. */
  end(tenantId: string, ended: Pick<Price, 'model' | 'effectiveFrom'> & { readonly effectiveTo: string }, by: By): Promise<void>
}

interface PriceDocument extends TenantDocument, Price {}

const COLLECTION = 'prices'
const MOST = 1_000
/** Stands where a tenant would: no tenant's id looks like it (they contain an @). */
export const EVERYBODY = 'everybody'

export function createPricesService({ collections, audit }: { collections: TenantCollections; audit: AuditStore }): PricesService {
  const of = (tenantId: string) => collections.for(tenantId).collection<PriceDocument>(COLLECTION)
  const key = (tenantId: string, { model, effectiveFrom }: Pick<Price, 'model' | 'effectiveFrom'>) => `${tenantId}|${model}|${effectiveFrom}`
  const read = async (tenantId: string) => {
    const [general = [], own = []] = await Promise.all([EVERYBODY, tenantId].map(async (owner) => (await of(owner).find({}, { limit: MOST })).map(toPrice)))
    // One that was stored for the same model and day replaces the shipped or the general one, its end included.
    const byStart = new Map([...KNOWN_PRICES, ...general, ...own].map((price) => [`${price.model}|${price.effectiveFrom}`, price]))
    return { own, all: [...byStart.values()] }
  }
  const list = async (tenantId: string): Promise<readonly Price[]> => (await read(tenantId)).all
  const finder = async (tenantId: string): Promise<PriceFinder> => {
    const { own, all } = await read(tenantId)
    // A tenant's own comes first, also where a shipped one began later.
    return (model, dateMs) => priceOf(own, model, dateMs) ?? priceOf(all, model, dateMs)
  }
  return {
    list, finder,
    priceOf: async (tenantId, model, dateMs) => (await finder(tenantId))(model, dateMs),
    add: async (tenantId, price, { actor, correlationId }) => {
      try {
        await of(tenantId).insertOne({ _id: key(tenantId, price), ...price })
      } catch (error) {
        throw isDuplicateKey(error) ? new AppError('PRICE_EXISTS', { detail: `${price.model} from ${price.effectiveFrom}`, cause: error }) : error
      }
      await audit.for(tenantId).append({ actor, action: 'price.added', subject: price.model, details: { before: null, after: JSON.stringify(price) }, correlationId })
    },
    end: async (tenantId, { model, effectiveFrom, effectiveTo }, { actor, correlationId }) => {
      const before = (await list(tenantId)).find((price) => price.model === model && price.effectiveFrom === effectiveFrom)
      if (before === undefined) throw new AppError('PRICE_NOT_FOUND', { detail: `${model} from ${effectiveFrom}` })
      if (before.effectiveTo !== null && effectiveTo > before.effectiveTo) throw new AppError('PRICE_EXISTS', { detail: `${model} from ${effectiveFrom} ends on ${before.effectiveTo}; add another price for later days` })
      const after = { ...before, effectiveTo }
      await of(tenantId).updateOne({ _id: key(tenantId, before) }, { $set: after }, { upsert: true })
      await audit.for(tenantId).append({ actor, action: 'price.ended', subject: model, details: { before: JSON.stringify(before), after: JSON.stringify(after) }, correlationId })
    },
  }
}

const toPrice = ({ _id, tenantId: _owner, ...price }: PriceDocument): Price => price
