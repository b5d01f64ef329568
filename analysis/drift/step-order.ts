// Steps on the wrong side of one whose work they see. All steps of a job share its workspace; only those that install a tool do not
// depend on one another.
import type { Step } from '../workflow/step.ts'
import { toolAction } from '../data/tool-actions.ts'

/** The pairs in the expected order; gives the fewest that have moved. */
export function movedSteps(pairs: readonly (readonly [expected: Step, found: Step])[]): readonly (readonly [expected: Step, found: Step])[] {
  const places = pairs.map(([, { node }]) => node.start)
  const staying = longestRise(places)
  return pairs.filter((pair, index) => !staying.has(index) && pairs.some((other, at) => at !== index && isCrossed(places, index, at) && !areIndependent(pair[0], other[0])))
}

const isCrossed = (places: readonly number[], a: number, b: number): boolean => a < b !== (places[a] ?? 0) < (places[b] ?? 0)

const areIndependent = (a: Step, b: Step): boolean => isInstaller(a) && isInstaller(b)

const isInstaller = ({ uses }: Step): boolean => uses !== null && (toolAction(uses.name) !== undefined || /(?:^|\/)setup-[\w-]+$/i.test(uses.name))

/** Indexes of a longest ascending part. */
function longestRise(values: readonly number[]): ReadonlySet<number> {
  const tails: number[] = []
  const before: number[] = []
  for (const [index, value] of values.entries()) {
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((values[tails[middle] ?? 0] ?? 0) < value) low = middle + 1
      else high = middle
    }
    before.push(low === 0 ? -1 : (tails[low - 1] ?? -1))
    tails[low] = index
  }
  const rise = new Set<number>()
  for (let at = tails.at(-1) ?? -1; at !== -1; at = before[at] ?? -1) rise.add(at)
  return rise
}
