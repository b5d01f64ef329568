// Matches a file's suppressions with what its rules reported.
import type { Raw, Scope } from '../examine.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { ScalarNode, YamlNode } from '../source/node.ts'
import type { Suppression, SuppressionUse } from './suppressions.ts'
import { markOf, readSuppressions, stateOf } from './suppressions.ts'

/** Marks the reports that a valid suppression names, unless the policy does not honour them, and tells what each suppression did. */
export function silence(file: PipelineFile, raws: readonly Raw[], { policy, today }: Pick<Scope, 'policy' | 'today'>): readonly SuppressionUse[] {
  const suppressions = readSuppressions(file)
  if (suppressions.length === 0) return []
  const uses = suppressions.map((suppression) => ({ suppression, state: stateOf(suppression, today), silenced: new Set<string>() }))
  for (const raw of raws) {
    const lines = linesOf(file, raw.report.at)
    for (const { suppression, state, silenced } of uses) {
      const id = state === 'valid' && suppression.lines.some((line) => lines.has(line)) ? matchingId(raw, suppression) : undefined
      if (id === undefined) continue
      silenced.add(id)
      if (policy.honourSuppressions) raw.suppressed ??= markOf(suppression)
    }
  }
  return uses
}

function matchingId({ rule }: Raw, { kind, ids }: Suppression): string | undefined {
  if (kind === 'inline') return ids.find((id) => id === rule.meta.id)
  return ids.find((id) => rule.meta.equivalents.zizmor?.includes(id))
}

/** The line of the finding; for one inside a block scalar, where no comment can stand, also the line of its header. */
function linesOf(file: PipelineFile, { start }: { readonly start: number }): ReadonlySet<number> {
  const lines = new Set([file.lines.lineOf(start)])
  const block = file.tree.root === null ? null : enclosingBlock(file.tree.root, start)
  if (block !== null) lines.add(file.lines.lineOf(block.start))
  return lines
}

function enclosingBlock(root: YamlNode, offset: number): ScalarNode | null {
  let node: YamlNode | undefined = root
  while (node !== undefined && node.kind !== 'scalar') {
    const children: readonly YamlNode[] = node.kind === 'mapping' ? node.pairs.map((pair) => pair.value) : node.kind === 'sequence' ? node.items : []
    node = children.find((child) => child.start <= offset && offset < child.end)
  }
  return node !== undefined && (node.style === 'literal' || node.style === 'folded') ? node : null
}
