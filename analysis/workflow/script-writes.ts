// What a script writes to its outputs and to the environment of later steps, as far as the script shows it in plain sight:
// `echo "name=value" >> $GITHUB_OUTPUT` and its kin. What commands compute is computed-value.ts's.
import type { ScalarNode } from '../source/node.ts'
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'
import type { ComputedValue } from './computed-value.ts'
import { computedValueOf } from './computed-value.ts'

export interface ScriptWrite {
  readonly target: 'output' | 'env' | 'path'
  /** Of the output or variable; '' for a folder of the search path. */
  readonly name: string
  /** The expressions that stand in the value. */
  readonly expressions: readonly ExpressionSpan[]
  /** The variables that the value names, without `$`. */
  readonly variables: readonly string[]
  /** What the value reads of the event or of the API, as paths of the context that carries the same. */
  readonly reads: readonly string[]
  /** What of the workspace the value is read from, in words: `the file a.txt`. */
  readonly workspace: string | null
  /** Commands cut what was read so that no line of it, but the first, begins as its author wants. */
  readonly isLine: boolean
}

const PAIR = /(?:echo|printf|Write-Output|>>)?[ \t]*["']?\b([A-Za-z_][\w-]*)=(.*)/
const COMMAND = /::set-(output|env)[ \t]+name=([A-Za-z_][\w-]*)::(.*)/
const ADD_PATH = /::add-path::(.*)/
const DOCUMENT = /([A-Za-z_][\w-]*)<<(?:-)?["']?([\w$-]+)/
const PRINTS = /\b(?:echo|printf|Write-Output|Add-Content|Out-File)\b|^\s*"/i
/** The line goes to a file of its own, the job's summary or the error output. */
const ELSEWHERE = />>?\s*(?!["']?\$?\{?(?:env:)?GITHUB_(?:ENV|OUTPUT|PATH))(?:"[^\s"]*"|'[^\s']*'|[^\s'"`)>]+)\s*$/
const ASSIGNMENT = /^\s*(?:export\s+|\$)?([A-Za-z_]\w*)\s*=\s*(.*)$/
const VARIABLE = /\$(?:env:)?\{?(?:env:)?([A-Za-z_]\w*)/gi
const COMPUTED = /\$\(|`|\|/

/** `[[ $number =~ ^[0-9]+$ ]]`: whatever comes out of it was checked. */
const CHECKED = /\$\{?(\w+)\}?["']?\s*=~\s*["']?\^(?:\[(?!\^)[^\]\s]+\]|\\\.|[^\s.[])+\$["']?(?:\s|$)/g

const OPENS = /^\s*(?:if|for|while|until|case)\s/
const CLOSES = /(?:^|;)\s*(?:fi|done|esac)\b/

/** In characters. */
const MAX_SCRIPT = 65_536
const MAX_LINE = 1_000

const known = new WeakMap<ScalarNode, readonly ScriptWrite[]>()

/** The writes of the script in a scalar of the file `source`, in order. */
export function writesOf(source: string, scalar: ScalarNode): readonly ScriptWrite[] {
  const cached = known.get(scalar)
  if (cached) return cached
  const writes = scalar.text.length <= MAX_SCRIPT && /GITHUB_(?:OUTPUT|ENV|PATH)|::(?:set-output|set-env|add-path)/.test(scalar.text) ? [...read(source, scalar)] : []
  known.set(scalar, writes)
  return writes
}

function* read(source: string, scalar: ScalarNode): Generator<ScriptWrite> {
  const script = source.slice(scalar.start, scalar.end)
  const spans = expressionsIn(source, scalar)
  const byDefault = script.includes('GITHUB_OUTPUT') ? 'output' : 'env'
  const assigned = new Map<string, Value>()
  let document: { name: string; end: string; target: 'output' | 'env'; parts: Value[] } | null = null
  let here: HereDocument | null = null
  let start = scalar.start
  let depth = 0
  for (const whole of script.split('\n')) {
    // Longer lines are data; the patterns here would take their time.
    const line = whole.length > MAX_LINE ? '' : whole
    const value = (text: string): Value => valueOf(text, { start: start + line.indexOf(text), spans, assigned })
    if (here !== null && line.trim() === here.end) here = null
    const target = here?.target ?? (line.includes('GITHUB_ENV') ? 'env' : line.includes('GITHUB_OUTPUT') ? 'output' : byDefault)
    // A pattern is compiled when it is first used, and most scripts hold none of these words.
    const isCommand = line.includes('::')
    const command = isCommand ? COMMAND.exec(line) : null
    const added = isCommand ? ADD_PATH.exec(line) : null
    const assignment = here === null && line.includes('=') ? ASSIGNMENT.exec(line) : null
    // `x=$(echo ...)` prints into the variable.
    const prints = here !== null || (PRINTS.test(line) && (assignment === null || line.includes('GITHUB_')))
    const pair = prints && !ELSEWHERE.test(line) ? PAIR.exec(line) : null
    const dump = line.includes('GITHUB_') ? DUMP.exec(line) : null
    const opened = prints && line.includes('<<') ? DOCUMENT.exec(line) : null
    if (document !== null) {
      if (line.includes(document.end)) {
        yield { target: document.target, name: document.name, ...merge(document.parts) }
        document = null
      } else document.parts.push(prints ? value(line) : commandValueOf(`$(${line.trim()})`, assigned))
    } else if (command !== null) yield { target: command[1] === 'env' ? 'env' : 'output', name: command[2] ?? '', ...value(command[3] ?? '') }
    else if (added !== null) yield { target: 'path', name: '', ...value(added[1] ?? '') }
    else if (dump !== null) yield { target: dumpTarget(line), name: '', ...EMPTY, workspace: `the file ${dump[1] ?? ''}`, isLine: false }
    else if (opened !== null) document = { name: opened[1] ?? '', end: opened[2] ?? '', target, parts: [] }
    else if (pair !== null) yield { target, name: pair[1] ?? '', ...value((pair[2] ?? '').replace(/["']?\s*(?:>>|\|\s*(?:tee|Out-File|Add-Content)\b).*$/i, '')) }
    else if (line.includes('GITHUB_PATH') && prints) yield { target: 'path', name: '', ...value(line.replace(/\s*(?:>>|\|).*$/, '')) }
    else {
      for (const [, checked = ''] of line.includes('=~') ? line.matchAll(CHECKED) : []) assigned.set(checked, EMPTY)
      if (assignment !== null) {
        const [, name = '', assignedText = ''] = assignment
        // Behind a condition it may not happen: then what was there before stays.
        const before = depth > 0 ? assigned.get(name) : undefined
        assigned.set(name, before === undefined ? value(assignedText) : merge([before, value(assignedText)]))
      }
    }
    if (here === null && line.includes('<<')) here = hereDocumentIn(line)
    depth = Math.max(0, depth + (OPENS.test(line) ? 1 : 0) - (CLOSES.test(line) ? 1 : 0))
    start += whole.length + 1
  }
}

/** `cat <<EOF >> $GITHUB_ENV`: the lines up to EOF are printed. */
interface HereDocument {
  readonly end: string
  readonly target: 'output' | 'env'
}

const HERE = /^\s*(?:cat|tee)\b[^|]*<<-?\s*([A-Za-z_]\w*)/

/** Null when the word is quoted: then the shell leaves the variables alone. */
function hereDocumentIn(line: string): HereDocument | null {
  const file = /GITHUB_(ENV|OUTPUT)\b/.exec(line)?.[1]
  const end = file === undefined ? undefined : HERE.exec(line)?.[1]
  return end === undefined ? null : { end, target: file === 'ENV' ? 'env' : 'output' }
}

/** `cat file >> $GITHUB_ENV`: whatever stands in the file. */
const DUMP = /^\s*(?:cat|type|Get-Content)\s+["']?((?!-)[\w./~-]+)["']?\s*(?:>>|\|\s*(?:tee|Out-File|Add-Content)).*GITHUB_(?:ENV|OUTPUT|PATH)/

const dumpTarget = (line: string): ScriptWrite['target'] => (line.includes('GITHUB_ENV') ? 'env' : line.includes('GITHUB_PATH') ? 'path' : 'output')

type Value = Pick<ScriptWrite, 'expressions' | 'variables' | 'reads' | 'workspace' | 'isLine'>

const EMPTY: Value = { expressions: [], variables: [], reads: [], workspace: null, isLine: true }

function merge(values: readonly Value[]): Value {
  return {
    expressions: values.flatMap(({ expressions }) => expressions),
    variables: values.flatMap(({ variables }) => variables),
    reads: values.flatMap(({ reads }) => reads),
    workspace: values.find(({ workspace }) => workspace !== null)?.workspace ?? null,
    isLine: values.every(({ isLine }) => isLine),
  }
}

interface Place {
  /** Where the text stands in the file. */
  readonly start: number
  readonly spans: readonly ExpressionSpan[]
  readonly assigned: ReadonlyMap<string, Value>
}

function valueOf(text: string, place: Place): Value {
  const plain = text.replace(/\$\{\{.*?\}\}/g, '').replace(/\$\(\s*(?:echo\s+)?("?)(\$\{?(?:env:)?\w+\}?)\1\s*\)/g, '$2')
  if (!COMPUTED.test(plain)) return plainValueOf(plain, text.length, place)
  const { printed, ...computed } = computedIn(text, place.assigned)
  if (printed === null) return { ...EMPTY, ...computed }
  const value = plainValueOf(printed.replace(/\$\{\{.*?\}\}/g, ''), printed.length, { ...place, start: place.start + text.indexOf(printed) })
  return { ...value, isLine: value.isLine || computed.isLine }
}

/** What a command prints that stands in no text of the file as it is here. */
function commandValueOf(command: string, assigned: Place['assigned']): Value {
  const { printed, ...computed } = computedIn(command, assigned)
  return printed === null ? { ...EMPTY, ...computed } : EMPTY
}

const computedIn = (text: string, assigned: Place['assigned']): ComputedValue => computedValueOf(text, (name) => assigned.get(name)?.reads ?? [])

/** `plain` has no expressions; `length` counts them. */
function plainValueOf(plain: string, length: number, { start, spans, assigned }: Place): Value {
  const expressions = spans.filter((span) => span.start >= start && span.end <= start + length)
  const names = !plain.includes('$') ? [] : [...plain.matchAll(VARIABLE)].map((match) => match[1] ?? '')
  const own = names.flatMap((name) => assigned.get(name) ?? [])
  const variables = names.filter((name) => !assigned.has(name))
  return merge([{ ...EMPTY, expressions, variables, isLine: expressions.length + variables.length === 0 }, ...own])
}
