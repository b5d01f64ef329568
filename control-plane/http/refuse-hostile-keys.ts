// Keys in a JSON body that mean something to JavaScript or to the database (`__proto__`, `$gt`) are refused before any schema looks
// at it, whatever the schema would let through.
import type { preValidationHookHandler } from 'fastify'
import { AppError } from '../errors.ts'

const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype']

/** Throws BODY_INVALID. */
export const refuseHostileKeys: preValidationHookHandler = (request, _reply, done) => {
  const found = hostileKey(request.body)
  if (found === null) done()
  else done(new AppError('BODY_INVALID', { detail: `body: the key ${found.slice(0, 50)} is not accepted; keys may not begin with $, nor be ${PROTOTYPE_KEYS.join(', ')}` }))
}

function hostileKey(body: unknown): string | null {
  const open: unknown[] = [body]
  for (let value = open.pop(); value !== undefined || open.length > 0; value = open.pop()) {
    if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) continue
    if (!Array.isArray(value)) {
      const found = Object.keys(value).find((key) => key.startsWith('$') || PROTOTYPE_KEYS.includes(key))
      if (found !== undefined) return found
    }
    for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) open.push(inner)
  }
  return null
}
