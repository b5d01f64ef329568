// The configured models with what they are asked for and what they cost on a day.
import { z } from 'zod'
import type { Models } from '../models.ts'
import type { Price } from './price.ts'
import { storedPriceSchema } from './price-schema.ts'

export const modelRowSchema = z.strictObject({
  id: z.string(), provider: z.string(), windowTokens: z.int(), outputLimitTokens: z.int(),
  purposes: z.array(z.string()).describe('For what it can be asked, at some size of the question'),
  price: storedPriceSchema.nullable().describe('null: this model is not asked'),
})
export type ModelRow = z.infer<typeof modelRowSchema>

export function listModels({ models, aliases, routes }: Models, priceOfModel: (model: string) => Price | null): ModelRow[] {
  return models.map(({ id, provider, windowTokens, outputLimitTokens }) => {
    const purposes = Object.entries(routes).filter(([, steps]) => steps.some(({ alias }) => aliases[alias]?.includes(id) === true)).map(([purpose]) => purpose)
    const price = priceOfModel(id)
    return { id, provider, windowTokens, outputLimitTokens, purposes, price: price === null ? null : { ...price, tiers: [...price.tiers] } }
  })
}
