// The differences of a workflow from its golden one that the policy does not allow: compared once for all rules that read them.
import type { GoldenPolicy, GoldenWorkflow, Policy } from '../policy/policy.ts'
import type { EditsFix } from '../rules/rule.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { Difference, DifferenceKind } from './difference.ts'
import { matchesPath } from '../policy/path-glob.ts'
import { matchesPattern } from '../policy/text-pattern.ts'
import { DAMAGING } from '../syntax/schema-problems.ts'
import { createPipelineFile } from '../workflow/pipeline-file.ts'
import { compareWorkflows } from './compare-workflows.ts'

export interface GoldenDrift {
  /** The golden workflow's file, as the policy names it. */
  readonly golden: string
  readonly difference: Difference
  /** Null unless the policy applies golden workflows. */
  readonly fix: EditsFix | null
}

const parsed = new WeakMap<GoldenWorkflow, PipelineFile>()
const known = new WeakMap<PipelineFile, readonly GoldenDrift[]>()

/** Of these kinds, in the order of the golden workflow; none for a file that no golden workflow is meant for. */
export function goldenDrift(file: PipelineFile, { golden }: Policy, kinds: readonly DifferenceKind[]): readonly GoldenDrift[] {
  if (golden.workflows.length === 0) return []
  let drifts = known.get(file)
  if (drifts === undefined) known.set(file, (drifts = compare(file, golden)))
  return drifts.filter(({ difference }) => kinds.includes(difference.kind))
}

/** The golden workflow that decides about a path. */
export const goldenFor = (path: string, { workflows }: GoldenPolicy): GoldenWorkflow | undefined => workflows.find(({ targets }) => matchesPath(targets, path))

function compare(file: PipelineFile, policy: GoldenPolicy): readonly GoldenDrift[] {
  const golden = goldenFor(file.path, policy)
  const expected = golden === undefined ? null : parseGolden(golden)?.workflow
  if (golden === undefined || !expected || file.workflow === null || file.tree.problems.some(({ code }) => DAMAGING.has(code))) return []
  return compareWorkflows(expected, file.workflow)
    .filter((difference) => isDrift(difference, golden, policy))
    .map((difference) => ({ golden: golden.file, difference, fix: policy.applies ? fixOf(difference, golden) : null }))
}

function parseGolden(golden: GoldenWorkflow): PipelineFile | null {
  if (golden.text === null) return null
  const file = parsed.get(golden) ?? createPipelineFile(golden.file, golden.text, 'workflow')
  parsed.set(golden, file)
  return file
}

function isDrift({ kind, place, parameter, after }: Difference, { parameters, extraSteps }: GoldenWorkflow, { forbidsExtras }: GoldenPolicy): boolean {
  if (kind === 'extra' && (!forbidsExtras || (after !== undefined && extraSteps.some((pattern) => matchesPattern(pattern, after))))) return false
  return !parameters.some((allowed) => allowed === parameter || matchesPattern(allowed, place))
}

function fixOf({ kind, place, restore }: Difference, { file }: GoldenWorkflow): EditsFix | null {
  const edits = kind === 'extra' ? null : restore()
  return edits && { kind: 'edits', safety: 'unsafe', description: `Make '${place}' as the golden workflow '${file}' has it`, edits }
}
