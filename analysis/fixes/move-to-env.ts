// Moves expressions out of a step's code into its `env`, where their text is data: one set of edits for the whole step.
// It gives up where a variable cannot stand, where `env` is not a plain block map, and where the name is taken.
import type { TextEdit } from '../finding.ts'
import type { EditsFix } from '../rules/rule.ts'
import type { ScalarNode } from '../source/node.ts'
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import type { Step } from '../workflow/step.ts'
import type { Variable } from '../shell/variable.ts'
import { quotingOf } from '../shell/quoting.ts'
import { scriptOf, type Script } from '../shell/script.ts'
import { variableAt } from '../shell/variable.ts'
import { contextPath } from '../syntax/expression-paths.ts'
import { indentOf, insertBefore, insertBelow, isOneLine } from '../workflow/insert-lines.ts'
import { asScalar, findPair } from '../workflow/nodes.ts'
import { variableName } from './variable-name.ts'

/** Expressions of one scalar of a step that are to become variables. */
export interface Move {
  readonly step: Step
  /** The key below which the code stands: `run`, or `with` for a code input. */
  readonly key: 'run' | 'with'
  readonly scalar: ScalarNode
  /** A shell's name, or the language of the input. */
  readonly language: string
  readonly expansions: readonly Expansion[]
}

export interface Expansion {
  readonly span: ExpressionSpan
  /** What it comes from, as a path: names the variable where the expression itself is no plain access. */
  readonly origin: string
}

/** In characters; a longer script is not rewritten. */
const MAX_SCRIPT = 65_536

export interface Moved {
  readonly fix: EditsFix
  /** The expressions that it moves; the others stay where they are. */
  readonly spans: ReadonlySet<ExpressionSpan>
}

/** Moves what can be moved; null where nothing can. */
export function moveToEnv(move: Move): Moved | null {
  const { node } = move.step
  // An alias stands in the step, its text somewhere else.
  if (node.flow || move.scalar.end - move.scalar.start > MAX_SCRIPT || move.scalar.start < node.start || move.scalar.end > node.end) return null
  const script = scriptOf(move.step.file.text, move.scalar)
  const places = placesOf(move, script)
  if (places.length === 0) return null
  const names = new Map(places.map(({ expression, name }) => [expression, name]))
  const added = [...names].flatMap(([expression, name]) => (name.isNew ? [`${name.text}: ${envValue(expression)}`] : []))
  const insertion = added.length === 0 ? [] : insertEnv(move, added)
  if (insertion === null) return null
  const list = [...new Set([...names.values()].map(({ text }) => text))].join(', ')
  const fix: EditsFix = {
    kind: 'edits',
    safety: places.every(({ variable }) => variable.isSafe) ? 'safe' : 'unsafe',
    description: `Pass the value through env (${list}) and read it as a variable`,
    edits: [...insertion, ...places.map(({ variable }) => editOf(variable, script))],
  }
  return { fix, spans: new Set(places.map(({ span }) => span)) }
}

function editOf({ start, end, text }: Variable, script: Script): TextEdit {
  return { start: script.offsetOf(start), end: script.offsetOf(end), text: script.escape(text) }
}

interface Place {
  readonly span: ExpressionSpan
  readonly expression: string
  readonly name: Name
  readonly variable: Variable
}

/** The expressions that have a name and a place where a variable can stand. */
function placesOf(move: Move, script: Script): readonly Place[] {
  const { expansions, language } = move
  const holes = expansions.map(({ span }) => ({ start: script.indexOf(span.start), end: script.indexOf(span.end) }))
  const quotings = quotingOf(script.text, holes, language)
  const names = chooseNames(move, script)
  return expansions.flatMap(({ span }, index) => {
    const expression = span.text.trim()
    const hole = holes[index]
    const name = names.get(expression)
    const variable = hole && name ? variableAt({ script: script.text, hole, quoting: quotings[index] ?? 'other', language, name: name.text }) : null
    return name && variable ? [{ span, expression, name, variable }] : []
  })
}

interface Name {
  readonly text: string
  /** False when an `env` already gives the expression that name. */
  readonly isNew: boolean
}

/** One name for each expression; those whose name is taken get none. */
function chooseNames({ step, expansions, language }: Move, script: Script): ReadonlyMap<string, Name> {
  const names = new Map<string, Name>()
  for (const { span, origin } of expansions) {
    const expression = span.text.trim()
    if (names.has(expression) || span.root === null || expression.includes('\n')) continue
    const known = existingName(step, span)
    const text = known ?? variableName(span.root, origin)
    if (text === null) continue
    if (known === null && (isTaken(step, text) || [...names.values()].some((other) => other.text === text))) continue
    // PowerShell and Python keep their own variables apart from the environment.
    if (known === null && !language.startsWith('p') && isUsedIn(script, text, span)) continue
    names.set(expression, { text, isNew: known === null })
  }
  return names
}

function envLevels({ env, job }: Step) {
  return [env, job?.env ?? null, job?.workflow.env ?? null]
}

/** `env.X` is already the variable X; so is an expression that an `env` of the step, job or workflow gives a name. */
function existingName(step: Step, { root, text }: ExpressionSpan): string | null {
  const pairs = envLevels(step).flatMap((level) => level?.pairs ?? [])
  const path = root && contextPath(root)
  if (path?.[0] === 'env' && path.length === 2 && path[1] !== '*') return pairs.find(({ key }) => key.text.toLowerCase() === path[1])?.key.text ?? lastPart(text)
  const same = pairs.find(({ value }) => asScalar(value)?.text.replace(/^\$\{\{\s*|\s*\}\}$/g, '') === text.trim())
  return same !== undefined && pairs.find(({ key }) => key.text === same.key.text) === same ? same.key.text : null
}

/** `env.NAME` and `env['NAME']` as they are written. */
function lastPart(expression: string): string | null {
  return /^env(?:\.|\[')([A-Za-z_]\w*)(?:'\])?$/i.exec(expression.trim())?.[1] ?? null
}

function isTaken(step: Step, name: string): boolean {
  return envLevels(step).some((level) => level?.pairs.some(({ key }) => key.text.toUpperCase() === name))
}

/** Whether the script has its own variable of that name; giving it just this expression first is the same variable. */
function isUsedIn(script: Script, name: string, span: ExpressionSpan): boolean {
  const first = new RegExp(`\\b${name}\\b`).exec(script.text)
  if (first === null) return false
  const assigned = /^=["']?$/.exec(script.text.slice(first.index + name.length, script.indexOf(span.start)))
  return assigned === null
}

function envValue(expression: string): string {
  const value = `\${{ ${expression} }}`
  return /: | #/.test(value) ? `'${value.replaceAll("'", "''")}'` : value
}

/** Adds lines to the step's `env`, which is added before `key` where it is missing; null where it is no plain block map. */
export function insertEnv({ step, key }: { readonly step: Step; readonly key: 'run' | 'with' | 'uses' }, lines: readonly string[]): readonly TextEdit[] | null {
  const { file, node } = step
  const env = findPair(node, 'env')
  if (env !== undefined) {
    const first = env.value.kind === 'mapping' && !env.value.flow ? env.value.pairs[0] : undefined
    return first === undefined ? null : [insertBefore(file, first, lines)]
  }
  const at = node.pairs.findIndex((pair) => pair.key.text === key)
  const pair = node.pairs[at]
  const indent = indentOf(file, node)
  if (pair === undefined || indent === null) return null
  const block = ['env:', ...lines.map((line) => `  ${line}`)]
  const previous = node.pairs[at - 1]
  if (previous === undefined || !isOneLine(file, previous)) return [insertBefore(file, pair, block)]
  return [insertBelow(file, Math.max(previous.key.end, previous.value.end), { indent, lines: block })]
}
