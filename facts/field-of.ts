// Reads what came as JSON from outside, whose shape nobody vouches for.

/** A field of an object; undefined for everything that is none. */
export function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}

/** A field that is a text; null for every other. */
export function textOf(value: unknown, key: string): string | null {
  const text = fieldOf(value, key)
  return typeof text === 'string' ? text : null
}
