// Matches a file's suppressions, and those of the policy, with what its rules reported.
import type { Raw, Scope } from '../examine.ts'
import type { SuppressionMark } from '../finding.ts'
import type { Range } from '../rules/rule.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { ScalarNode, YamlNode } from '../source/node.ts'
import type { Suppression, SuppressionUse } from './suppressions.ts'
import { stepAt, usedAt } from '../locate.ts'
import { matchesPath } from './path-glob.ts'
import { markOf, readSuppressions, stateOf, stateOfDecision } from './suppressions.ts'

/** A finding that is longer is silenced near its beginning. */
const MAX_LINES = 50

/** Marks the reports that a valid suppression names, unless the policy does not honour them, and tells what each of the file's own did. */
export function silence(file: PipelineFile, raws: readonly Raw[], scope: Pick<Scope, 'policy' | 'today'>): readonly SuppressionUse[] {
  const uses = silenceInline(file, raws, scope)
  if (scope.policy.suppressions.length > 0 && scope.policy.honourSuppressions) silenceByPolicy(file, raws, scope)
  return uses
}

/** The policy's entries; the line of the entry is that of the finding itself. */
function silenceByPolicy(file: PipelineFile, raws: readonly Raw[], { policy, today }: Pick<Scope, 'policy' | 'today'>): void {
  const entries = policy.suppressions.filter((entry) => stateOfDecision(entry, today) === 'valid' && matchesPath(entry.paths, file.path))
  if (entries.length === 0) return
  for (const raw of raws) {
    const { id } = raw.rule.meta
    const line = file.lines.lineOf(raw.report.at.start)
    const entry = entries.find(({ rules, line: only }) => rules.includes(id) && (only === null || only === line))
    if (entry !== undefined) raw.suppressed ??= markOf(entry, 'policy')
  }
}

function silenceInline(file: PipelineFile, raws: readonly Raw[], { policy, today }: Pick<Scope, 'policy' | 'today'>): readonly SuppressionUse[] {
  const suppressions = readSuppressions(file)
  if (suppressions.length === 0) return []
  const uses = suppressions.map((suppression) => ({ suppression, state: stateOf(suppression, today), silenced: new Set<string>() }))
  const byLine = new Map<number, typeof uses>()
  for (const use of uses) {
    if (use.state === 'valid') for (const line of use.suppression.lines) byLine.set(line, [...(byLine.get(line) ?? []), use])
  }
  const apply = (raw: Raw, line: number, accepts: (suppression: Suppression) => boolean): void => {
    for (const { suppression, silenced } of byLine.get(line) ?? []) {
      const id = accepts(suppression) ? matchingId(raw, suppression) : undefined
      if (id === undefined) continue
      silenced.add(id)
      if (policy.honourSuppressions) raw.suppressed ??= markOf(suppression, suppression.kind)
    }
  }
  for (const raw of raws) {
    for (const line of linesOf(file, raw.report.at)) apply(raw, line, () => true)
    // Other tools take the whole step for the place of a finding, and people write their comment where it begins.
    const step = stepAt(file, raw.report.at.start)
    if (step !== undefined) apply(raw, file.lines.lineOf(step.node.start), ({ tool }) => tool !== null)
    // What is wrong with a use is often written further down, in an input or in `secrets`, and so is the comment.
    const user = usedAt(file, raw.report.at.start)
    if (user !== null) for (const line of linesOf(file, user.node)) apply(raw, line, ({ tool }) => tool !== null)
  }
  return uses
}

function matchingId({ rule, report }: Raw, { tool, ids }: Suppression): string | undefined {
  if (tool === null) return ids.find((id) => id === rule.meta.id)
  const names = report.equivalents?.[tool] ?? rule.meta.equivalents[tool]
  // poutine's comment without a name means all of its rules; an empty list of zizmor's means none.
  return ids.length === 0 && tool === 'poutine' ? names?.[0] : ids.find((id) => names?.includes(id))
}

/** The lines of the finding; for one inside a block scalar, where no comment can stand, also the line of its header. */
function linesOf(file: PipelineFile, { start, end }: Range): ReadonlySet<number> {
  const first = file.lines.lineOf(start)
  const lines = new Set([first])
  for (let line = first + 1; line <= Math.min(file.lines.lineOf(end), first + MAX_LINES); line++) lines.add(line)
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

/** What the organisation decided about this very finding; null when it decided nothing, or the decision has run out. */
export function dismissalOf(fingerprint: string, { policy, today }: Pick<Scope, 'policy' | 'today'>): SuppressionMark | null {
  const decision = policy.honourSuppressions ? policy.dismissals.get(fingerprint) : undefined
  return decision !== undefined && stateOfDecision(decision, today) === 'valid' ? markOf(decision, 'dismissed') : null
}
