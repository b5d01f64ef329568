// What a script writes to its outputs and to the environment of later steps, as far as the script shows it in plain sight:
// `echo "name=value" >> $GITHUB_OUTPUT` and its kin. Of computed values only plain reads of the event file and of `gh` are followed.
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
  /** What the value reads of the event or of the API, as paths of the context that carries the same. */
  readonly reads: readonly string[]
}

const PAIR = /(?:echo|printf|Write-Output|>>)?[ \t]*["']?\b([A-Za-z_][\w-]*)=(.*)/
const COMMAND = /::set-(output|env)[ \t]+name=([A-Za-z_][\w-]*)::(.*)/
const DOCUMENT = /([A-Za-z_][\w-]*)<<(?:-)?["']?([\w$-]+)/
const PRINTS = /\b(?:echo|printf|Write-Output|Add-Content|Out-File)\b|^\s*"/i
const VARIABLE = /\$(?:env:)?\{?(?:env:)?([A-Za-z_]\w*)/gi
const COMPUTED = /\$\(|`|\|/

/** In characters. */
const MAX_SCRIPT = 65_536
const MAX_LINE = 1_000

const known = new WeakMap<ScalarNode, readonly ScriptWrite[]>()

/** The writes of the script in a scalar of the file `source`, in order. */
export function writesOf(source: string, scalar: ScalarNode): readonly ScriptWrite[] {
  const cached = known.get(scalar)
  if (cached) return cached
  const writes = scalar.text.length <= MAX_SCRIPT && /GITHUB_(?:OUTPUT|ENV)|::set-(?:output|env)/.test(scalar.text) ? [...read(source, scalar)] : []
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
  for (const whole of script.split('\n')) {
    // Longer lines are data; the patterns here would take their time.
    const line = whole.length > MAX_LINE ? '' : whole
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
    start += whole.length + 1
  }
}

type Value = Pick<ScriptWrite, 'expressions' | 'variables' | 'reads'>

const EMPTY: Value = { expressions: [], variables: [], reads: [] }

function merge(values: readonly Value[]): Value {
  return {
    expressions: values.flatMap(({ expressions }) => expressions),
    variables: values.flatMap(({ variables }) => variables),
    reads: values.flatMap(({ reads }) => reads),
  }
}

function valueOf(text: string, { start, spans, assigned }: { start: number; spans: readonly ExpressionSpan[]; assigned: ReadonlyMap<string, Value> }): Value {
  const plain = text.replace(/\$\{\{.*?\}\}/g, '').replace(/\$\(\s*echo\s+("?)(\$\{?\w+\}?)\1\s*\)/g, '$2')
  if (COMPUTED.test(plain)) return { ...EMPTY, reads: readsOf(text) }
  const expressions = spans.filter((span) => span.start >= start && span.end <= start + text.length)
  const names = [...plain.matchAll(VARIABLE)].map((match) => match[1] ?? '')
  const own = names.flatMap((name) => assigned.get(name) ?? [])
  return merge([{ expressions, variables: names.filter((name) => !assigned.has(name)), reads: [] }, ...own])
}

const EVENT_FILE = /\bjq\b[^|]*?\s["']?(\.[\w.]+)["']?\s.*GITHUB_EVENT_PATH/
const VIEW = /\bgh\s+(pr|issue)\s+view\b.*--json[\s=]+["']?([\w,]+)/
const VIEWED: Readonly<Record<string, string>> = {
  title: 'title', body: 'body', headRefName: 'head.ref', comments: 'body', files: 'body', reviews: 'body',
}
/** Programs that leave nothing dangerous of a value. */
const CLEANS = /\|\s*(?:tr|sed|grep|cut|awk|wc|base64|sha\w*sum|md5sum)\b/

/** `$(jq -r .issue.title "$GITHUB_EVENT_PATH")` and `$(gh pr view --json title -q .title)` read what an outsider wrote. */
function readsOf(text: string): readonly string[] {
  if (CLEANS.test(text)) return []
  const event = EVENT_FILE.exec(text)?.[1]
  if (event !== undefined) return [`github.event${event.toLowerCase()}`]
  const [, kind = '', fields = ''] = VIEW.exec(text) ?? []
  const object = kind === 'pr' ? 'pull_request' : 'issue'
  return fields.split(',').flatMap((field) => (VIEWED[field] === undefined ? [] : [`github.event.${object}.${VIEWED[field]}`]))
}
