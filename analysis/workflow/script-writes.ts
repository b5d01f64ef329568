// What a script writes to its outputs and to the environment of later steps, as far as the script shows it in plain sight:
// `echo "name=value" >> $GITHUB_OUTPUT` and its kin. A value that a program computes is left out.
import type { ScalarNode } from '../source/node.ts'
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'

export interface ScriptWrite {
  readonly target: 'output' | 'env'
  readonly name: string
  /** The expressions that stand in the value. */
  readonly expressions: readonly ExpressionSpan[]
  /** The variables that the value names, without `$`. */
  readonly variables: readonly string[]
}

const PAIR = /(?:echo|printf|Write-Output|>>)?[ \t]*["']?\b([A-Za-z_][\w-]*)=(.*)/
const COMMAND = /::set-(output|env)[ \t]+name=([A-Za-z_][\w-]*)::(.*)/
const DOCUMENT = /([A-Za-z_][\w-]*)<<(?:-)?["']?([\w$-]+)/
const PRINTS = /\b(?:echo|printf|Write-Output|Add-Content|Out-File)\b|^\s*"/i
const VARIABLE = /\$(?:env:)?\{?(?:env:)?([A-Za-z_]\w*)/gi
const COMPUTED = /\$\(|`|\|/

const known = new WeakMap<ScalarNode, readonly ScriptWrite[]>()

/** The writes of the script in a scalar of the file `source`, in order. */
export function writesOf(source: string, scalar: ScalarNode): readonly ScriptWrite[] {
  const cached = known.get(scalar)
  if (cached) return cached
  const writes = /GITHUB_(?:OUTPUT|ENV)|::set-(?:output|env)/.test(scalar.text) ? [...read(source, scalar)] : []
  known.set(scalar, writes)
  return writes
}

function* read(source: string, scalar: ScalarNode): Generator<ScriptWrite> {
  const script = source.slice(scalar.start, scalar.end)
  const spans = expressionsIn(source, scalar)
  const byDefault = script.includes('GITHUB_OUTPUT') ? 'output' : 'env'
  const assigned = new Map<string, Value>()
  let document: { name: string; end: string; target: 'output' | 'env'; parts: Value[] } | null = null
  let start = scalar.start
  for (const line of script.split('\n')) {
    const value = (text: string): Value => valueOf(text, { start: start + line.indexOf(text), spans, assigned })
    const target = line.includes('GITHUB_ENV') ? 'env' : line.includes('GITHUB_OUTPUT') ? 'output' : byDefault
    const command = COMMAND.exec(line)
    const pair = PRINTS.test(line) ? PAIR.exec(line) : null
    const opened = PRINTS.test(line) ? DOCUMENT.exec(line) : null
    if (document !== null) {
      if (line.includes(document.end)) {
        yield { target: document.target, name: document.name, ...merge(document.parts) }
        document = null
      } else document.parts.push(value(line))
    } else if (command !== null) yield { target: command[1] === 'env' ? 'env' : 'output', name: command[2] ?? '', ...value(command[3] ?? '') }
    else if (opened !== null) document = { name: opened[1] ?? '', end: opened[2] ?? '', target, parts: [] }
    else if (pair !== null) yield { target, name: pair[1] ?? '', ...value((pair[2] ?? '').replace(/["']?\s*>>.*$/, '')) }
    else {
      const assignment = /^\s*(?:export\s+|\$)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line)
      if (assignment !== null) assigned.set(assignment[1] ?? '', value(assignment[2] ?? ''))
    }
    start += line.length + 1
  }
}

type Value = Pick<ScriptWrite, 'expressions' | 'variables'>

const EMPTY: Value = { expressions: [], variables: [] }

function merge(values: readonly Value[]): Value {
  return { expressions: values.flatMap(({ expressions }) => expressions), variables: values.flatMap(({ variables }) => variables) }
}

function valueOf(text: string, { start, spans, assigned }: { start: number; spans: readonly ExpressionSpan[]; assigned: ReadonlyMap<string, Value> }): Value {
  if (COMPUTED.test(text.replace(/\$\{\{.*?\}\}/g, ''))) return EMPTY
  const expressions = spans.filter((span) => span.start >= start && span.end <= start + text.length)
  const names = [...text.replace(/\$\{\{.*?\}\}/g, '').matchAll(VARIABLE)].map((match) => match[1] ?? '')
  const own = names.flatMap((name) => assigned.get(name) ?? [])
  return merge([{ expressions, variables: names.filter((name) => !assigned.has(name)) }, ...own])
}
