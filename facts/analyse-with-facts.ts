// Runs the engine until it asks for nothing more: an answer may lead to a further question (a release, then its commit).
import { analyse, type AnalyseInput, type AnalyseResult, type SourceFile } from '../analysis/analyse.ts'
import type { FactRequest, Facts } from '../analysis/fact.ts'

/** More rounds of questions than this no rule needs; what is still asked then is reported as not checked. */
const MOST_ROUNDS = 3

export interface Answering {
  readonly ask: (wanted: readonly FactRequest[]) => Promise<Facts>
  /** Reads manifests of the analysed repository, each with its text or why it has none. */
  readonly read: (paths: readonly string[]) => Promise<readonly SourceFile[]>
}

/** The engine's last result, and the input that gave it, with every answer. Rejects only when `ask` or `read` does. */
export async function analyseWithFacts(input: AnalyseInput, { ask, read }: Answering): Promise<{ readonly input: AnalyseInput; readonly result: AnalyseResult }> {
  let known = input
  let result = analyse(known)
  for (let round = 1; round <= MOST_ROUNDS && (result.wanted.length > 0 || result.unread.length > 0); round++) {
    const { wanted, unread } = result
    const [facts, manifests] = await Promise.all([wanted.length === 0 ? [] : ask(wanted), unread.length === 0 ? [] : read(unread)])
    known = { ...known, facts: new Map([...known.facts, ...facts]), manifests: [...(known.manifests ?? []), ...manifests] }
    result = analyse(known)
  }
  return { input: known, result }
}
