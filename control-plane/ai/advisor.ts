// What models add to an analysis: explanations, fixes for findings that have none, a summary. Asked only for what the tenant turned on;
// a model that fails, or answers what may not be shown, takes nothing from the analysis but this.
import type { AnalyseInput, AnalyseResult } from '../../analysis/analyse.ts'
import type { Finding, Fix } from '../../analysis/finding.ts'
import { rankOf } from '../../analysis/finding.ts'
import { checkProposals } from '../../analysis/fixes/check-proposals.ts'
import { openSpans, type OpenSpan } from '../../analysis/fixes/open-spans.ts'
import type { Advice } from '../../contract/analyses.ts'
import { AppError } from '../errors.ts'
import type { Logger } from '../logging.ts'
import type { AiSettings, PurposeSwitches } from './ai-settings.ts'
import type { CallContext } from './model-call.ts'
import { askItems, promptOf } from './purposes/ask-items.ts'
import type { AskingParts, Content, ItemReplies, Task } from './purposes/ask-items.ts'
import { acceptExplanation, EXPLAIN, explainContent } from './purposes/explain.ts'
import type { Prompt } from './purposes/prompt.ts'
import { fixContent, PROPOSE_FIX, toProposedFix } from './purposes/propose-fix.ts'
import { redactSecrets } from './redact-secrets.ts'
import { PURPOSES, type Purpose } from './purposes/purpose.ts'
import { acceptSummary, SUMMARISE, summaryContent } from './purposes/summarise.ts'

export interface AdviceRequest {
  readonly input: AnalyseInput
  readonly result: AnalyseResult
  readonly context: Omit<CallContext, 'purpose'>
}

export interface Advised {
  readonly advice: Advice
  /** The fixes of `advice`, by fingerprint. */
  readonly fixes: ReadonlyMap<string, Fix>
  readonly tokens: number
  readonly costMicroUsd: number
}

export interface Advisor {
  /** Rejects only when the signal is aborted. */
  advise(request: AdviceRequest, logger: Pick<Logger, 'warn'>): Promise<Advised>
  /** The requests that an analysis would make if no answer were known, whatever is turned on; redacted as they would be sent. */
  preview(request: Pick<AdviceRequest, 'input' | 'result'>): readonly { readonly purpose: Purpose; readonly prompt: Prompt }[]
}

export interface AdvisorParts extends AskingParts {
  readonly settings: Pick<AiSettings, 'get'>
}

/** Questions about one analysis, the gravest findings first. */
const MOST_FINDINGS = 30
/** A longer stretch of a file is not sent. */
const MOST_EXCERPT = 6_000

const BY_POLICY = 'the policy keeps models from this repository'
const NOTHING: Advice = { state: 'off', reason: 'AI is off for this organisation', models: [], calls: 0, cached: 0, summary: null, explanations: [], fixes: [], dropped: { texts: 0, fixes: 0 } }

export function createAdvisor(parts: AdvisorParts): Advisor {
  return {
    advise: async (request, logger) => {
      const work = createWork(request)
      try {
        const on = await parts.settings.get(request.context.tenantId)
        const isOn = PURPOSES.some((purpose) => on[purpose])
        if (isOn && request.input.policy.allowsAi) await askAll(parts, on, work)
        else if (isOn) work.advice = { ...NOTHING, reason: BY_POLICY }
      } catch (error) {
        request.context.signal.throwIfAborted()
        logger.warn({ err: error, analysisId: request.context.subject }, 'the analysis goes on without AI')
        fail(work, error instanceof AppError ? error : new AppError('INTERNAL', { cause: error }))
      }
      return { advice: work.advice, fixes: work.fixes, tokens: work.tokens, costMicroUsd: work.costMicroUsd }
    },
    preview: ({ input, result }) => {
      const { explained, fixable } = subjectsOf(input, result)
      const requests: readonly (readonly [Task<unknown>, readonly Content[]])[] = [
        [EXPLAIN, explained.map(explainContent)], [PROPOSE_FIX, fixable.map(fixContent)], [SUMMARISE, summaryOf(result)],
      ]
      return requests.flatMap(([task, contents]) => (contents.length === 0 ? [] : [{ purpose: task.purpose, prompt: promptOf(task, contents) }]))
    },
  }
}

interface Work {
  readonly request: AdviceRequest
  advice: Advice
  fixes: ReadonlyMap<string, Fix>
  tokens: number
  costMicroUsd: number
  /** Credentials in the analysed files; null until they were looked for. */
  secrets: readonly string[] | null
}

const createWork = (request: AdviceRequest): Work => ({ request, advice: NOTHING, fixes: new Map(), tokens: 0, costMicroUsd: 0, secrets: null })

const secretsOf = (work: Work): readonly string[] =>
  (work.secrets ??= work.request.input.files.flatMap((file) => ('text' in file ? redactSecrets(file.text).removed : [])))

async function askAll(parts: AdvisorParts, on: PurposeSwitches, work: Work): Promise<void> {
  work.advice = { ...work.advice, state: 'done', reason: null }
  const { input, result } = work.request
  const { explained, fixable } = subjectsOf(input, result)
  if (on.explain && explained.length > 0) await explain(parts, work, explained)
  if (on.fix && fixable.length > 0) await proposeFixes(parts, work, fixable)
  if (on.summarise) await summarise(parts, work)
}

interface Subjects {
  readonly explained: readonly OpenSpan[]
  /** Those without a fix of ours. */
  readonly fixable: readonly OpenSpan[]
}

function subjectsOf(input: AnalyseInput, { findings }: AnalyseResult): Subjects {
  const gravest = open(findings).sort((a, b) => rankOf(b.severity) - rankOf(a.severity))
  const unfixed = gravest.filter(({ fix }) => fix === null).slice(0, MOST_FINDINGS)
  const spans = new Map(openSpans(input, new Set([...gravest.slice(0, MOST_FINDINGS), ...unfixed].map(({ fingerprint }) => fingerprint)))
    .filter(({ text }) => text.length <= MOST_EXCERPT).map((span) => [span.finding.fingerprint, span]))
  const spansOf = (of: readonly Finding[]) => of.flatMap(({ fingerprint }) => spans.get(fingerprint) ?? [])
  return { explained: spansOf(gravest.slice(0, MOST_FINDINGS)), fixable: spansOf(unfixed) }
}

const open = (findings: readonly Finding[]): Finding[] => findings.filter(({ suppressed }) => suppressed === undefined)
const summaryOf = ({ findings }: AnalyseResult): Content[] => (open(findings).length === 0 ? [] : [summaryContent(open(findings))])

async function ask<T>(parts: AdvisorParts, work: Work, task: Task<T>, contents: readonly Content[]): Promise<ItemReplies<T>['answers']> {
  const replies = await askItems(parts, task, { contents, context: { ...work.request.context, purpose: task.purpose } })
  work.tokens += replies.tokens
  work.costMicroUsd += replies.costMicroUsd
  const { advice } = work
  const models = new Set([...advice.models, ...replies.answers.flatMap((answer) => answer?.model ?? [])])
  work.advice = { ...advice, models: [...models], calls: advice.calls + replies.calls, cached: advice.cached + replies.cached }
  if (replies.error !== null) fail(work, replies.error)
  return replies.answers
}

/** The first reason stands. Public words only. */
function fail(work: Work, { code, message }: AppError): void {
  if (work.advice.state !== 'failed') work.advice = { ...work.advice, state: 'failed', reason: `${code}: ${message}` }
}

function drop(work: Work, kind: keyof Advice['dropped'], count: number): void {
  work.advice = { ...work.advice, dropped: { ...work.advice.dropped, [kind]: work.advice.dropped[kind] + count } }
}

async function explain(parts: AdvisorParts, work: Work, spans: readonly OpenSpan[]): Promise<void> {
  const answers = await ask(parts, work, EXPLAIN, spans.map(explainContent))
  const explanations = spans.flatMap((span, index) => {
    const answer = answers[index] ?? null
    if (answer === null) return []
    const accepted = acceptExplanation(span, answer, secretsOf(work))
    if (accepted === null) drop(work, 'texts', 1)
    const { fingerprint, ruleId, severity, path, start } = span.finding
    return accepted === null ? [] : [{ fingerprint, ruleId, severity, path, line: start.line, ...accepted }]
  })
  work.advice = { ...work.advice, explanations }
}

async function proposeFixes(parts: AdvisorParts, work: Work, spans: readonly OpenSpan[]): Promise<void> {
  const secrets = secretsOf(work)
  const answers = await ask(parts, work, PROPOSE_FIX, spans.map(fixContent))
  const given = spans.flatMap((span, index) => {
    const answer = answers[index] ?? null
    return answer === null ? [] : [toProposedFix(span, answer, secrets)]
  })
  const proposed = given.filter((fix) => fix !== null)
  const { accepted, dropped } = checkProposals(work.request.input, proposed)
  drop(work, 'fixes', given.length - proposed.length + dropped.length)
  work.fixes = accepted
  work.advice = { ...work.advice, fixes: [...accepted].map(([fingerprint, { description, edits }]) => ({ fingerprint, description, edits: edits.map((edit) => ({ ...edit })) })) }
}

async function summarise(parts: AdvisorParts, work: Work): Promise<void> {
  const [content] = summaryOf(work.request.result)
  if (content === undefined) return
  const [answer = null] = await ask(parts, work, SUMMARISE, [content])
  const summary = answer === null ? null : acceptSummary(content, answer, secretsOf(work))
  if (answer !== null && summary === null) drop(work, 'texts', 1)
  work.advice = { ...work.advice, summary }
}
