// Fields that many routes ask for, checked exactly as the OpenAPI document says.
import { z } from 'zod'

/** A whole number of a query: digits and nothing else. An empty value is no zero. */
export const queryNumber = (least: number, most: number) =>
  z.preprocess((given) => (typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : given), z.int().min(least).max(most))

/** Text that says something, without the white space around it. */
export const filledText = (most: number, whenBlank = 'must not be blank') => z.string().regex(/\S/, whenBlank).trim().max(most)
