// The organisation's policy as GET /v1/policy answers it.
import { z } from 'zod'

export const policySchema = z.strictObject({
  /** 0: none was ever written, and the text is empty. */
  version: z.int(),
  text: z.string(),
  by: z.string(),
  reason: z.string(),
  at: z.string(),
  /** Of the repository whose run asks; absent where nobody knows them, and for everybody else. */
  topics: z.array(z.string()).optional(),
})

/** What a caller needs of it: another version of the service may answer more. */
export const policyTextSchema = z.object(policySchema.shape).pick({ version: true, text: true, topics: true })

/** The same as a runner keeps it, with the entity tag that it came under. */
export const keptPolicySchema = z.object({ etag: z.string(), answer: policyTextSchema })

export type KeptPolicy = z.infer<typeof keptPolicySchema>
