// A value that must never be printed. It shows itself as `[secret]` to util.inspect, JSON and template strings,
// and refuses to be written to the database. Only `reveal()` gives the value.
import { inspect } from 'node:util'

const MASK = '[secret]'

export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value in clear: call it at the last moment, and pass the result to nothing that logs. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return MASK
  }

  toJSON(): string {
    return MASK
  }

  toBSON(): never {
    throw new TypeError('A secret cannot be stored in clear; encrypt or hash it first')
  }

  [inspect.custom](): string {
    return MASK
  }
}
