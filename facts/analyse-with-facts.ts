// Runs the engine until it asks for nothing more: an answer may lead to a further question (a release, then its commit).
import { analyse, type AnalyseInput, type AnalyseResult } from '../analysis/analyse.ts'
import type { FactRequest, Facts } from '../analysis/fact.ts'

/** More rounds of questions than this no rule needs; what is still asked then is reported as not checked. */
const MOST_ROUNDS = 3

/** The engine's last result, and the input that gave it, with every answer. Rejects only when `ask` does. */
export async function analyseWithFacts(
  input: AnalyseInput,
  ask: (wanted: readonly FactRequest[]) => Promise<Facts>,
): Promise<{ readonly input: AnalyseInput; readonly result: AnalyseResult }> {
  let known = input
  let result = analyse(known)
  for (let round = 1; round <= MOST_ROUNDS && result.wanted.length > 0; round++) {
    known = { ...known, facts: new Map([...known.facts, ...(await ask(result.wanted))]) }
    result = analyse(known)
  }
  return { input: known, result }
}
