// What a rule is. One rule per file; a rule never throws, logs, awaits or looks anything up: it asks with ctx.want.
import type { Confidence, Equivalents, FixSafety, Profile, Severity, TextEdit, WrittenFile } from '../finding.ts'
import type { FactAnswer, FactRequest, FactValues } from '../fact.ts'
import type { Host } from '../analyse.ts'
import type { Policy } from '../policy/policy.ts'
import type { SuppressionUse } from '../policy/suppressions.ts'
import type { Repository } from '../workflow/repository.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { Workflow } from '../workflow/workflow.ts'
import type { Job } from '../workflow/job.ts'
import type { Step } from '../workflow/step.ts'
import type { Uses } from '../workflow/uses.ts'
import type { ActionMetadata } from '../workflow/action-metadata.ts'
import type { DependabotConfig } from '../workflow/dependabot-config.ts'

/** A message with `{name}` placeholders; a message may carry its own grading where the rule's table gives cases. */
export type Message = string | { readonly text: string; readonly severity?: Severity; readonly confidence?: Confidence; readonly profile?: Profile }

export interface RuleMeta<M extends string = string> {
  readonly id: string
  readonly summary: string
  readonly severity: Severity
  readonly confidence: Confidence
  /** The lowest in which it says anything: below it the rule does not run. A message or report may only move up. */
  readonly profile: Profile
  readonly fix: 'none' | FixSafety | 'safe or unsafe'
  readonly since: string
  /** Which part of the score its findings lower. */
  readonly category: 'security' | 'reliability' | 'performance' | 'dependencies' | 'maintainability'
  readonly equivalents: Equivalents
  readonly messages: Readonly<Record<M, Message>>
  /** Its findings stand on a secret: no report prints that line. */
  readonly marksSecret?: true
}

/** Where a finding stands: any node, pair or range of the file. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** What a rule wants of a `uses:` line. All wishes for one line become one combined edit (fixes/combine-uses.ts). */
export interface UsesWish {
  readonly kind: 'uses'
  readonly uses: Uses
  readonly wish: Wish
}

/** 'pin': today's commit of the ref in use. 'upgrade': a release on a supported runtime. 'secure': a release without a known advisory.
 *  'comment': the version comment that belongs to the pin. */
export type Wish = 'pin' | 'upgrade' | 'secure' | 'comment'

export interface EditsFix {
  readonly kind: 'edits'
  readonly safety: FixSafety
  readonly description: string
  readonly edits: readonly TextEdit[]
}

/** For what a repository lacks: a file, or lines of one that is no pipeline. */
export interface FileFix {
  readonly kind: 'file'
  readonly safety: FixSafety
  readonly description: string
  readonly file: WrittenFile
}

export interface Report<M extends string = string> {
  readonly message: M
  readonly at: Range
  readonly data?: Readonly<Record<string, string | number>>
  /** Grades this one finding differently from its message and rule. */
  readonly severity?: Severity
  readonly confidence?: Confidence
  readonly profile?: Profile
  /** Where another tool asks for more than the rule does and this finding does not have it: replaces the rule's names for these tools. */
  readonly equivalents?: Equivalents
  readonly fix?: EditsFix | UsesWish | FileFix | null
  /** With job and step, what makes this finding itself when lines move; default: the text at the place. */
  readonly identity?: string
}

export interface RuleContext<M extends string = string> {
  readonly file: PipelineFile
  /** Every rule there is, by its id. */
  readonly registry: ReadonlyMap<string, RuleMeta>
  readonly repository: Repository
  readonly policy: Policy
  readonly host: Host
  /** YYYY-MM-DD. */
  readonly today: string
  report(report: Report<M>): void
  /** Asks for a fact; answered before the second pass, or listed under "not checked". */
  want(request: FactRequest): void
  fact<K extends keyof FactValues>(request: Extract<FactRequest, { kind: K }>): FactAnswer<K> | undefined
}

/** Called in document order; write the one at the lowest level that works. `step` and `uses` see nested groups and composite actions too. */
export interface Visitor {
  readonly file?: (this: void, file: PipelineFile) => void
  readonly workflow?: (this: void, workflow: Workflow) => void
  readonly job?: (this: void, job: Job) => void
  readonly step?: (this: void, step: Step) => void
  readonly uses?: (this: void, uses: Uses) => void
  readonly action?: (this: void, action: ActionMetadata) => void
  readonly dependabot?: (this: void, config: DependabotConfig) => void
  readonly end?: (this: void) => void
  /** After every rule has spoken: the file's inline suppressions, and what they silenced. */
  readonly suppressions?: (this: void, uses: readonly SuppressionUse[]) => void
}

export interface Rule {
  readonly meta: RuleMeta
  create(ctx: RuleContext): Visitor
}

/** Types the message ids of `create` by those of `meta`: a wrong one does not compile. */
export function defineRule<const M extends string>(rule: { readonly meta: RuleMeta<M>; create(ctx: RuleContext<M>): Visitor }): Rule {
  return rule
}
