// The secrets that a file's expressions name one by one, with the place of each. Leaves out the token that every job has, the whole
// context and computed names.
import type { ExpressionSite } from './expression-sites.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { Range } from '../rules/rule.ts'
import { contextAccesses } from './expression-paths.ts'
import { expressionSites } from './expression-sites.ts'

export interface SecretRead {
  /** In capitals, as GitHub stores it. */
  readonly name: string
  readonly site: ExpressionSite
  readonly at: Range
}

/** In the order of the file. */
export function secretReads(file: PipelineFile): readonly SecretRead[] {
  if (!/secrets/i.test(file.text)) return []
  return expressionSites(file).flatMap((site) => site.spans.flatMap((span): SecretRead[] => {
    if (span.root === null) return []
    return contextAccesses(span.root).flatMap(({ node, path: [context, name = '*'] }): SecretRead[] => {
      if (context !== 'secrets' || name === '*' || name === 'github_token') return []
      return [{ name: name.toUpperCase(), site, at: { start: span.offsetOf(node.start), end: span.offsetOf(node.end) } }]
    })
  }))
}
