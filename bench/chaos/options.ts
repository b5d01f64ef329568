// Reads the arguments of the chaos run.
import { parseArgs } from 'node:util'

export interface ChaosOptions {
  /** Decides the load, the strikes and the faults. */
  readonly seed: number
  /** Submissions of different commits. */
  readonly analyses: number
  /** How long load, strikes and faults go on; what is left is worked off after that. */
  readonly minutes: number
  /** Where the processes' logs go; null keeps none. */
  readonly logs: string | null
}

export const CHAOS_USAGE = `npm run bench chaos -- [--seed N] [--analyses N] [--minutes M] [--logs FOLDER]
  --seed      0 to 999999; decides load, strikes and faults (default: a new one, which is printed)
  --analyses  10 to 5000 submissions of different commits (default: 200)
  --minutes   0.1 to 60, of load, strikes and faults (default: 2)
  --logs      a folder for the logs of every process (default: none are kept)`

const DEFAULTS = { analyses: 200, minutes: 2 }

/** Throws an Error that names the bad value and what is allowed. */
export function readOptions(args: readonly string[], newSeed: () => number): ChaosOptions {
  const { values } = parseArgs({
    args: [...args], strict: true,
    options: { seed: { type: 'string' }, analyses: { type: 'string' }, minutes: { type: 'string' }, logs: { type: 'string' } },
  })
  return {
    seed: values.seed === undefined ? newSeed() : numberOf('seed', values.seed, { from: 0, to: 999_999, isWhole: true }),
    analyses: values.analyses === undefined ? DEFAULTS.analyses : numberOf('analyses', values.analyses, { from: 10, to: 5_000, isWhole: true }),
    minutes: values.minutes === undefined ? DEFAULTS.minutes : numberOf('minutes', values.minutes, { from: 0.1, to: 60, isWhole: false }),
    logs: values.logs ?? null,
  }
}

function numberOf(name: string, text: string, { from, to, isWhole }: { readonly from: number; readonly to: number; readonly isWhole: boolean }): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!(value >= from && value <= to) || (isWhole && !Number.isInteger(value))) {
    throw new Error(`--${name} is ${JSON.stringify(text)}: it must be a ${isWhole ? 'whole ' : ''}number from ${from} to ${to}`)
  }
  return value
}
