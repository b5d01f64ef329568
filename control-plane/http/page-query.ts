// The query of every list: at most `limit` entries after the one that the last answer named as `next`.
import { z } from 'zod'

export const pageQuerySchema = z.strictObject({
  after: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
