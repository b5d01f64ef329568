// The problems of every expression of a file, found once for all rules that read them.
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { Repository } from '../workflow/repository.ts'
import type { SyntaxProblemCode } from '../source/node.ts'
import type { ExpressionProblem } from './expression-problem.ts'
import type { ExpressionSpan } from './expression-spans.ts'
import { shorten } from '../shorten.ts'
import { asMapping, asScalar, lookup } from '../workflow/nodes.ts'
import { checkExpression } from './check-expression.ts'
import { createContextTypes, declaredType, type ContextTypes } from './context-types.ts'
import { misfitOf, type Misfit } from './expression-fit.ts'
import { expressionSites, type ExpressionSite } from './expression-sites.ts'
import { describeType, type ValueType } from './value-type.ts'

/** Behind these the tree is what could be saved of the text: what it lacks proves nothing. */
const DAMAGING: ReadonlySet<SyntaxProblemCode> = new Set(['syntax', 'tab-indent', 'too-deep'])
/** A file with more problems than this is no pipeline; the first ones say so. */
const MAX_PROBLEMS = 1_000

const known = new WeakMap<PipelineFile, readonly ExpressionProblem[]>()

/** In the order of the text; none for a file of unknown kind or with broken YAML. */
export function expressionProblems(file: PipelineFile, repository: Repository): readonly ExpressionProblem[] {
  let problems = known.get(file)
  if (!problems) known.set(file, (problems = find(file, repository)))
  return problems
}

/** Those that one rule reports. */
export function expressionProblemsOf<K extends ExpressionProblem['kind']>(kind: K, file: PipelineFile, repository: Repository): readonly Extract<ExpressionProblem, { kind: K }>[] {
  return expressionProblems(file, repository).filter((problem): problem is Extract<ExpressionProblem, { kind: K }> => problem.kind === kind)
}

function find(file: PipelineFile, repository: Repository): readonly ExpressionProblem[] {
  if (file.tree.problems.some(({ code }) => DAMAGING.has(code))) return []
  const types = createContextTypes(file, repository)
  const problems: ExpressionProblem[] = []
  for (const site of expressionSites(file)) {
    if (problems.length >= MAX_PROBLEMS) break
    checkSite(site, { file, types, problems })
  }
  return problems.sort((a, b) => a.start - b.start).slice(0, MAX_PROBLEMS)
}

interface Findings {
  readonly file: PipelineFile
  readonly types: ContextTypes
  readonly problems: ExpressionProblem[]
}

function checkSite(site: ExpressionSite, { file, types, problems }: Findings): void {
  const { spans, unclosed, offered } = site
  if (offered.contexts.size === 0) {
    const [first] = spans
    if (first && !isElsewhere(site)) problems.push({ kind: 'context-availability', message: 'nothing', start: first.start, end: first.end, data: { expression: shorten(first.text) } })
    return
  }
  if (unclosed !== null) problems.push({ kind: 'expression-syntax', message: 'unclosed', start: unclosed, end: unclosed + 3, data: { text: shorten(file.text.slice(unclosed, site.scalar.end)) } })
  for (const span of spans) {
    if (problems.length >= MAX_PROBLEMS) return
    if (span.root === null) {
      const { message = '', start = 0, end = 0 } = span.error ?? {}
      problems.push({ kind: 'expression-syntax', message: 'refused', ...placed(span, { start, end }), data: { text: shorten(span.text), reason: message } })
      continue
    }
    const before = problems.length
    const value = checkExpression(span.root, {
      text: span.text, offered,
      contextType: (name) => types.typeOf(name, site),
      add: (problem) => { problems.push({ ...problem, ...placed(span, problem) }) },
    })
    const problem = fitProblem(site, span, { file, value })
    // Where a context is refused, what it would have held does not matter.
    if (problem && !problems.slice(before).some(({ kind }) => kind === 'context-availability')) problems.push(problem)
  }
}

/** What `uses` may name is a rule of its own; the published schema offers nothing to a shell, yet workflows run with one. */
function isElsewhere({ scalar, step, job, type }: ExpressionSite): boolean {
  return type?.name === 'shell' || scalar === step?.uses?.node || scalar === job?.uses?.node
}

function fitProblem(site: ExpressionSite, span: ExpressionSpan, { file, value }: { readonly file: PipelineFile; readonly value: ValueType }): ExpressionProblem | null {
  const misfit = site.type?.name === 'workflow-call-input-default' ? defaultMisfit(site, file, value) : misfitOf(site, value)
  if (!misfit) return null
  const { start, end } = span
  return { kind: 'expression-type', message: misfit.text ? 'text' : 'key', start, end, data: { expression: shorten(span.text), found: misfit.found, wanted: misfit.wanted } }
}

/** A default has to be of the type that its input declares. */
function defaultMisfit(site: ExpressionSite, { workflow }: PipelineFile, value: ValueType): Misfit | null {
  const call = workflow?.triggers.find(({ name }) => name === 'workflow_call')
  const input = asMapping(lookup(asMapping(lookup(call?.config ?? null, 'inputs')), site.input ?? ''))
  const { kind } = declaredType(asScalar(lookup(input, 'type'))?.text, true)
  const isRight = kind === 'any' || kind === 'string' || value.kind === 'any' || value.kind === kind
  return isRight ? misfitOf(site, value) : { text: false, wanted: describeType({ kind } as ValueType), found: describeType(value) }
}

function placed(span: ExpressionSpan, { start, end }: { readonly start: number; readonly end: number }): { start: number; end: number } {
  const from = span.offsetOf(start)
  return { start: from, end: Math.max(from, span.offsetOf(end)) }
}
