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
  const byLine = new Map<number, typeof uses>()
  for (const use of uses) {
    if (use.state === 'valid') for (const line of use.suppression.lines) byLine.set(line, [...(byLine.get(line) ?? []), use])
  }
  for (const raw of raws) {
    for (const line of linesOf(file, raw.report.at)) {
      for (const { suppression, silenced } of byLine.get(line) ?? []) {
        const id = matchingId(raw, suppression)
        if (id === undefined) continue
        silenced.add(id)
        if (policy.honourSuppressions) raw.suppressed ??= markOf(suppression)
      }
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
  while (node !== undefined && node.kind !== 'scalar') node = childAt(node, offset)
  return node !== undefined && (node.style === 'literal' || node.style === 'folded') && offset < node.end ? node : null
}

/** The last child that starts at or before the offset. */
function childAt(node: YamlNode, offset: number): YamlNode | undefined {
  const count = node.kind === 'mapping' ? node.pairs.length : node.kind === 'sequence' ? node.items.length : 0
  const child = (index: number): YamlNode | undefined =>
    node.kind === 'mapping' ? node.pairs[index]?.value : node.kind === 'sequence' ? node.items[index] : undefined
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if ((child(middle)?.start ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return child(low - 1)
}
