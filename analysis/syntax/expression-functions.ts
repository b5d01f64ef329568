// GitHub's expression functions: how many arguments they take, of which kind, and what comes back. Which of them a key offers
// is availability.ts.
import { ANY, BOOLEAN, STRING, mergeAll, type ValueType } from './value-type.ts'

/** 'scalar' is text, number, boolean or null; 'text' leaves out boolean and null, which become words nobody meant. */
export type Parameter = 'any' | 'text' | 'scalar' | 'text or list'

export interface FunctionSignature {
  /** As GitHub writes it. */
  readonly name: string
  readonly min: number
  readonly max: number
  /** By place; the last one also stands for all that follow. */
  readonly parameters: readonly Parameter[]
  result(args: readonly ValueType[]): ValueType
}

const SIGNATURES: readonly FunctionSignature[] = [
  { name: 'contains', min: 2, max: 2, parameters: ['text or list', 'any'], result: () => BOOLEAN },
  { name: 'startsWith', min: 2, max: 2, parameters: ['text'], result: () => BOOLEAN },
  { name: 'endsWith', min: 2, max: 2, parameters: ['text'], result: () => BOOLEAN },
  { name: 'format', min: 1, max: 255, parameters: ['text', 'any'], result: () => STRING },
  { name: 'join', min: 1, max: 2, parameters: ['text or list', 'text'], result: () => STRING },
  { name: 'toJSON', min: 1, max: 1, parameters: ['any'], result: () => STRING },
  { name: 'fromJSON', min: 1, max: 1, parameters: ['scalar'], result: () => ANY },
  { name: 'hashFiles', min: 1, max: 255, parameters: ['text'], result: () => STRING },
  { name: 'case', min: 3, max: 255, parameters: ['any'], result: (args) => mergeAll(args.filter((_, index) => index % 2 === 1 || index === args.length - 1)) },
  ...['always', 'cancelled', 'success', 'failure'].map((name) => ({ name, min: 0, max: 255, parameters: [], result: () => BOOLEAN })),
]

const byName: ReadonlyMap<string, FunctionSignature> = new Map(SIGNATURES.map((signature) => [signature.name.toLowerCase(), signature]))

/** Functions that only some keys offer; all others exist wherever an expression may stand. */
export const OFFERED_FUNCTIONS: ReadonlySet<string> = new Set(['always', 'cancelled', 'success', 'failure', 'hashfiles'])

/** Compared without case. */
export const functionOf = (name: string): FunctionSignature | undefined => byName.get(name.toLowerCase())

export const FUNCTION_NAMES: readonly string[] = SIGNATURES.map(({ name }) => name)

/** Why an argument cannot stand there, or null. */
export function misfit(parameter: Parameter, { kind }: ValueType): string | null {
  if (parameter === 'any' || kind === 'any' || kind === 'string' || kind === 'number') return null
  if (parameter === 'text or list') return kind === 'array' ? null : 'text or a list'
  if (parameter === 'scalar') return kind === 'boolean' || kind === 'null' ? null : 'text'
  return 'text'
}
