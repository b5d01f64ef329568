// The query of every list: at most `limit` entries after the one that the last answer named as `next`.
import { z } from 'zod'
import { queryNumber } from './request-fields.ts'

export const pageQuerySchema = z.strictObject({
  after: z.string().max(64).optional(),
  limit: queryNumber(1, 200).default(50),
})
