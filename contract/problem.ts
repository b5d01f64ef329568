// Errors over HTTP: RFC 9457 problem documents with a stable code and the request's id.
import { z } from 'zod'

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  requestId: z.string(),
})

export type Problem = z.infer<typeof problemSchema>
