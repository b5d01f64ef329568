// The organisation's policy as GET /v1/policy answers it.
import { z } from 'zod'

export const policySchema = z.strictObject({
  /** 0: none was ever written, and the text is empty. */
  version: z.int(),
  text: z.string(),
  by: z.string(),
  reason: z.string(),
  at: z.string(),
})
