// The engine's plan as a pull request: which files change, the hash of the fix, title, commit message and text.
import { createHash } from 'node:crypto'
import type { Finding } from '../analysis/finding.ts'
import type { FixPlan as EnginePlan } from '../analysis/fixes/plan-fixes.ts'
import type { TreeEntry } from './commit-tree.ts'
import { fixBody } from './fix-pull-request-body.ts'
import type { FixPlan } from './fix-pull-request.ts'

export interface PlanContext {
  readonly entries: ReadonlyMap<string, TreeEntry>
  readonly defaultBranch: string
  readonly commit: string
  /** By which the logs of a service tell of it; null where there is none. */
  readonly correlationId: string | null
  /** Where a person can see how it came about: the analysis, or the workflow run. */
  readonly analysisUrl: string
  /** What a model wrote about the analysis; null or absent without one. */
  readonly modelSummary?: string | null
  /** Whether somebody reads commands in its comments. */
  readonly takesCommands?: boolean
}

export function toFixPlan(plan: EnginePlan, context: PlanContext): FixPlan {
  const count = plan.applied.length
  const title = `Repair pipeline drift: ${count} ${count === 1 ? 'finding' : 'findings'} in ${filesText(plan.files.length)}`
  return {
    hash: hashOf(plan),
    changes: plan.files.map(({ path, after }) => ({ path, mode: context.entries.get(path)?.mode ?? '100644', text: after })),
    title,
    commitMessage: `${title}\n\n${plan.applied.map(({ finding, description, isGiven }) => `- ${finding.path}: ${oneLine(description)} (${finding.ruleId}${isGiven ? ', written by a model' : ''})`).join('\n')}\n`,
    body: fixBody(plan, context),
  }
}

/** Whether a token needs the permission to write workflows for it. */
export const changesWorkflows = ({ changes }: Pick<FixPlan, 'changes'>): boolean => changes.some(({ path }) => path.startsWith('.github/workflows/'))

const filesText = (count: number): string => `${count} ${count === 1 ? 'file' : 'files'}`

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

function textsOf({ fix }: Finding): readonly string[] {
  return fix === null ? [] : [...fix.edits.map(({ text }) => text), ...(fix.file === undefined ? [] : [fix.file.path, fix.file.text])]
}

/** Made of what is repaired and what is written, not of places: it stays the same while lines only move. */
function hashOf({ applied }: EnginePlan): string {
  const fixes = applied.map(({ finding }) => JSON.stringify([finding.path, finding.ruleId, finding.fingerprint, textsOf(finding)]))
  return createHash('sha256').update(JSON.stringify(fixes.sort())).digest('hex')
}
