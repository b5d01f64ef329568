// Runs the engine, and once more where it asked for manifests: for whoever has the repository at hand.
import type { AnalyseInput, AnalyseResult, SourceFile } from './analyse.ts'
import { analyse } from './analyse.ts'

/** The engine's last result, and the input that gave it, with the manifests. */
export function analyseWithManifests(input: AnalyseInput, read: (path: string) => SourceFile): { readonly input: AnalyseInput; readonly result: AnalyseResult } {
  const result = analyse(input)
  if (result.unread.length === 0) return { input, result }
  const known = { ...input, manifests: result.unread.map(read) }
  return { input: known, result: analyse(known) }
}
