// What of a workflow is compared across a fleet, small enough to keep for each of 500 repositories: what it does as one hash, and which
// versions of whose actions it uses. Leaves out its text.
import type { SourceFile } from '../analyse.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { Uses } from '../workflow/uses.ts'
import { hash128 } from '../fingerprint.ts'
import { createPipelineFile } from '../workflow/pipeline-file.ts'
import { everyStep } from '../workflow/step.ts'
import { versionComment } from '../workflow/version-comment.ts'
import { canonicalText } from './canonical-text.ts'

export interface WorkflowFingerprint {
  readonly path: string
  /** Hex, 32 digits: equal for workflows that do the same. */
  readonly hash: string
  /** Each pair once. */
  readonly uses: readonly UsedAction[]
}

export interface UsedAction {
  /** `owner/repo` or `owner/repo/path`, in lower case. */
  readonly action: string
  /** What a reader calls the version: that of the comment behind a pin, else the ref. */
  readonly version: string
}

/** Of the workflows among the files; what cannot be read is left out. */
export const workflowFingerprints = (files: readonly SourceFile[]): readonly WorkflowFingerprint[] =>
  files.flatMap((file) => ('text' in file ? (fingerprintOf(createPipelineFile(file.path, file.text)) ?? []) : []))

/** Null for what is no workflow. */
function fingerprintOf(file: PipelineFile): WorkflowFingerprint | null {
  if (file.workflow === null) return null
  const uses = new Map(usesIn(file).map((each) => {
    const used: UsedAction = { action: each.name.toLowerCase(), version: versionOf(each) }
    return [`${used.action}@${used.version}`, used]
  }))
  return { path: file.path, hash: hash128(canonicalText(file.workflow.node)), uses: [...uses.values()] }
}

/** Actions and called workflows of other repositories. */
function usesIn({ workflow }: PipelineFile): readonly Uses[] {
  const all = (workflow?.jobs ?? []).flatMap((job) => [job.uses, ...everyStep(job.steps).map(({ uses }) => uses)])
  return all.flatMap((uses) => (uses?.form === 'repository' ? [uses] : []))
}

const versionOf = (uses: Uses): string => (uses.isPinned ? (versionComment(uses)?.version ?? uses.ref) : uses.ref) ?? ''
