// What a walk over a schema finds: where, and what would be right. Grading and wording are the rules'.

interface Placed {
  readonly start: number
  readonly end: number
  /** Keys and indexes from the root to the map or value in question: `jobs.build.steps[0]`; '' at the root. */
  readonly place: string
}

export interface UnknownKey extends Placed {
  readonly kind: 'unknown-key'
  readonly key: string
  /** A key that the map lacks and that was probably meant. */
  readonly nearMiss: string | null
  /** The key beside it that makes it impossible (`uses` for `steps`); null for a key that exists nowhere here. */
  readonly excludedBy: string | null
}

export interface MissingKey extends Placed {
  readonly kind: 'missing-key'
  /** All of these are needed ... */
  readonly keys: readonly string[]
  /** ... or all of one of these instead. */
  readonly instead: readonly (readonly string[])[]
  /** False when GitHub's documentation asks for the key but nothing refuses the file. */
  readonly enforced: boolean
}

export interface InvalidValue extends Placed {
  readonly kind: 'invalid-value'
  /** 'kind': a list where a text is needed; 'empty'; 'list': a text that is not in the list; 'range': a number out of bounds. */
  readonly reason: 'kind' | 'empty' | 'list' | 'range'
  /** In words: "the text 'yes'", "a list". */
  readonly found: string
  /** In words: "true or false". */
  readonly expected: string
  /** What to change, where that is clear; '' otherwise. */
  readonly hint: string
  /** 'newer': the list grows, so the value may only be newer than our data. 'tolerated': documented otherwise, refused by nothing. */
  readonly doubt: 'newer' | 'tolerated' | null
}

export type SchemaProblem = UnknownKey | MissingKey | InvalidValue
