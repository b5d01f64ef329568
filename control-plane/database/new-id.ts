// Time-ordered identifiers (UUID version 7): lists page by `_id` ranges, so they need no sort and no further index.
import { randomBytes } from 'node:crypto'

const TIME_BYTES = 6

/** 36 characters; later ids sort after earlier ones of another millisecond. */
export function newId(now: Date): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now.getTime(), 0, TIME_BYTES)
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** No id of that time or later sorts before it, every earlier one does. */
export function firstIdAt(time: Date): string {
  const hex = Math.max(0, time.getTime()).toString(16).padStart(TIME_BYTES * 2, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}
