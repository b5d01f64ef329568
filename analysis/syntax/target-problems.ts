// Why a local action or a called workflow does not work, judged from the place that uses it. Leaves out the steps of a
// composite action and the jobs of a workflow: what is wrong there is reported on the file itself.
import type { Confidence, Severity } from '../finding.ts'
import type { ActionField, ActionMetadata } from '../workflow/action-metadata.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { SchemaProblem } from './schema-problem.ts'
import { asScalar } from '../workflow/nodes.ts'
import { DAMAGING, schemaProblems } from './schema-problems.ts'

export interface TargetProblem {
  /** A sentence without its end, such as "runs needs 'main'". */
  readonly text: string
  readonly severity?: Severity
  readonly confidence?: Confidence
}

/** `type` does nothing here either, and nobody is misled by it. */
const INPUT_KEYS: ReadonlySet<string> = new Set(['description', 'required', 'default', 'deprecationMessage', 'type'])
const MAX_PROBLEMS = 20
/** Only a policy file names rules. */
const NO_RULES: ReadonlyMap<string, unknown> = new Map()
/** Other images of a container are names, whatever the runner makes of them. */
const DOCKERFILE = /(?:^|\/)dockerfile[^/:]*$/i

/** At most 20; only the first where the metadata cannot be read at all. */
export function actionProblems(file: PipelineFile): readonly TargetProblem[] {
  const unread = unreadable(file)
  if (unread !== null) return [unread]
  const { action } = file
  if (action === null) return [{ text: 'its metadata is no map' }]
  const problems = schemaProblems(file, NO_RULES).filter(({ place }) => !place.startsWith('runs.steps['))
  const broken = problems.find(isKindProblem)
  if (broken) return [toTarget(broken)]
  const repeated = repeatedField(action.inputs, 'input') ?? repeatedField(action.outputs, 'output')
  if (repeated !== null) return [repeated]
  const read = problems.filter((problem) => problem.kind !== 'invalid-value' || problem.reason !== 'kind')
  return [...read.map(toTarget), ...action.inputs.flatMap(inputProblems)].slice(0, MAX_PROBLEMS)
}

/** Why a job cannot call the workflow: at most one problem. */
export function callProblems(file: PipelineFile): readonly TargetProblem[] {
  const unread = unreadable(file)
  if (unread !== null) return [unread]
  if (!file.workflow?.triggers.some(({ name }) => name === 'workflow_call')) return [{ text: "it has no 'workflow_call' trigger" }]
  const broken = schemaProblems(file, NO_RULES).find((problem) => problem.place.startsWith('on.workflow_call') && isKindProblem(problem))
  return broken ? [toTarget(broken)] : []
}

function unreadable({ tree }: PipelineFile): TargetProblem | null {
  const problem = tree.problems.find(({ code }) => DAMAGING.has(code) || code === 'empty')
  return problem === undefined ? null : { text: problem.message }
}

/** A collection where a text is needed, or the reverse: behind it nothing can be read. A wrong text where nothing is refused is none. */
function isKindProblem(problem: SchemaProblem): boolean {
  if (problem.kind !== 'invalid-value' || problem.reason !== 'kind') return false
  return problem.doubt !== 'tolerated' || problem.found === 'a map' || problem.found === 'a list'
}

function repeatedField(fields: readonly ActionField[], what: 'input' | 'output'): TargetProblem | null {
  const seen = new Set<string>()
  for (const { name } of fields) {
    if (seen.has(name.toLowerCase())) return { text: `it declares the ${what} '${name}' twice, case ignored` }
    seen.add(name.toLowerCase())
  }
  return null
}

function inputProblems({ name, node }: ActionField): readonly TargetProblem[] {
  return node?.pairs.flatMap(({ key, value }): TargetProblem[] => {
    if (!INPUT_KEYS.has(key.text)) return [{ text: `'${key.text}' is no key of inputs.${name}`, severity: 'low' }]
    const isBlank = key.text === 'deprecationMessage' && asScalar(value)?.text.trim() === ''
    return isBlank ? [{ text: `inputs.${name} is called deprecated with an empty message`, severity: 'low' }] : []
  }) ?? []
}

function toTarget(problem: SchemaProblem): TargetProblem {
  const place = problem.place || 'the metadata'
  switch (problem.kind) {
    case 'missing-key': {
      const keys = problem.keys.map((key) => `'${key}'`).join(' and ')
      return problem.enforced ? { text: `${place} needs ${keys}` } : { text: `${place} has no ${keys}`, severity: 'low' }
    }
    case 'unknown-key':
      if (problem.nearMiss !== null) return { text: `'${problem.key}' is no key of ${place}; did you mean '${problem.nearMiss}'?` }
      if (problem.excludedBy !== null) return { text: `'${problem.key}' cannot stand in ${place} beside '${problem.excludedBy}'` }
      return { text: `'${problem.key}' is no key of ${place} that this version knows`, severity: 'info', confidence: 'low' }
    case 'invalid-value': {
      const text = `${place} is ${problem.found}; it has to be ${problem.expected}${problem.hint}`
      if (problem.doubt === 'newer') return { text, severity: 'info', confidence: 'low' }
      return problem.doubt === 'tolerated' ? { text, severity: 'low' } : { text }
    }
  }
}

/** The files of the action's folder that it runs: scripts of a JavaScript action, the Dockerfile of a container. */
export function entryFiles({ using, main, pre, post, image }: ActionMetadata): readonly string[] {
  const runtime = using?.text ?? ''
  const entries = runtime.startsWith('node') ? [main, pre, post] : runtime === 'docker' && DOCKERFILE.test(image?.text ?? '') ? [image] : []
  return entries.flatMap((node) => (node === null || node.text === '' || node.text.startsWith('docker://') ? [] : [node.text]))
}
