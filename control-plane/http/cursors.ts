// Cursors of lists: opaque to the caller, and good only for the list, the organisation and the filters that they came from.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { queryNumber } from './request-fields.ts'

/** What a list is, besides its page: all of it must be the same when the cursor comes back. */
export interface ListIdentity {
  readonly list: string
  readonly tenantId: string
  readonly filters?: object
}

const LONGEST = 512
const cursorSchema = z.tuple([z.string(), z.string(), z.string().min(1)])

const limitSchema = queryNumber(1, 200).default(50)
export const cursorQuery = { cursor: z.string().max(LONGEST).optional(), limit: limitSchema }

const fingerprint = ({ tenantId, filters = {} }: ListIdentity): string =>
  createHash('sha256').update(JSON.stringify([tenantId, Object.entries(filters).filter(([, value]) => value !== undefined).sort()])).digest('base64url').slice(0, 16)

/** The cursor after a full page; null when the list ends. */
export function nextCursor(identity: ListIdentity, page: readonly { readonly _id: string }[], limit: number): string | null {
  const last = page.at(-1)
  return last === undefined || page.length < limit ? null : Buffer.from(JSON.stringify([identity.list, fingerprint(identity), last._id])).toString('base64url')
}

/** The id after which to go on. Throws CURSOR_INVALID. */
export function readCursor(identity: ListIdentity, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  const [list, print, after] = decode(cursor)
  if (list !== identity.list) throw new AppError('CURSOR_INVALID', { detail: `it comes from the list ${list.slice(0, 50)}, this is ${identity.list}` })
  if (print !== fingerprint(identity)) throw new AppError('CURSOR_INVALID', { detail: 'it comes from another organisation or from other filters; begin again without it' })
  return after
}

function decode(cursor: string): readonly [string, string, string] {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (cause) {
    throw new AppError('CURSOR_INVALID', { detail: 'it is not one of ours; begin again without it', cause })
  }
}
