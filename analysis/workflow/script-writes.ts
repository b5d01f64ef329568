// What a script writes to its outputs and to the environment of later steps, as far as the script shows it in plain sight:
// `echo "name=value" >> $GITHUB_OUTPUT` and its kin. Of computed values only plain reads of the event file and of `gh` are followed.
import type { ScalarNode } from '../source/node.ts'
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'

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
  readonly file: string | null
}

const PAIR = /(?:echo|printf|Write-Output|>>)?[ \t]*["']?\b([A-Za-z_][\w-]*)=(.*)/
const COMMAND = /::set-(output|env)[ \t]+name=([A-Za-z_][\w-]*)::(.*)/
const ADD_PATH = /::add-path::(.*)/
const DOCUMENT = /([A-Za-z_][\w-]*)<<(?:-)?["']?([\w$-]+)/
const PRINTS = /\b(?:echo|printf|Write-Output|Add-Content|Out-File)\b|^\s*"/i
const VARIABLE = /\$(?:env:)?\{?(?:env:)?([A-Za-z_]\w*)/gi
const COMPUTED = /\$\(|`|\|/

/** `[[ $number =~ ^[0-9]+$ ]]`: whatever comes out of it was checked. */
const CHECKED = /\$\{?(\w+)\}?["']?\s*=~\s*["']?\^[^\s.]+\$["']?(?:\s|$)/g

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
  let start = scalar.start
  let depth = 0
  for (const whole of script.split('\n')) {
    // Longer lines are data; the patterns here would take their time.
    const line = whole.length > MAX_LINE ? '' : whole
    const value = (text: string): Value => valueOf(text, { start: start + line.indexOf(text), spans, assigned })
    const target = line.includes('GITHUB_ENV') ? 'env' : line.includes('GITHUB_OUTPUT') ? 'output' : byDefault
    // A pattern is compiled when it is first used, and most scripts hold none of these words.
    const isCommand = line.includes('::')
    const command = isCommand ? COMMAND.exec(line) : null
    const added = isCommand ? ADD_PATH.exec(line) : null
    const prints = PRINTS.test(line)
    const pair = prints ? PAIR.exec(line) : null
    const dump = line.includes('GITHUB_') ? DUMP.exec(line) : null
    const opened = prints && line.includes('<<') ? DOCUMENT.exec(line) : null
    if (document !== null) {
      if (line.includes(document.end)) {
        yield { target: document.target, name: document.name, ...merge(document.parts) }
        document = null
      } else document.parts.push(value(line))
    } else if (command !== null) yield { target: command[1] === 'env' ? 'env' : 'output', name: command[2] ?? '', ...value(command[3] ?? '') }
    else if (added !== null) yield { target: 'path', name: '', ...value(added[1] ?? '') }
    else if (dump !== null) yield { target: dumpTarget(line), name: '', ...EMPTY, file: `the file ${dump[1] ?? ''}` }
    else if (opened !== null) document = { name: opened[1] ?? '', end: opened[2] ?? '', target, parts: [] }
    else if (pair !== null) yield { target, name: pair[1] ?? '', ...value((pair[2] ?? '').replace(/["']?\s*>>.*$/, '')) }
    else if (line.includes('GITHUB_PATH') && prints) yield { target: 'path', name: '', ...value(line.replace(/\s*(?:>>|\|).*$/, '')) }
    else {
      for (const [, checked = ''] of line.includes('=~') ? line.matchAll(CHECKED) : []) assigned.set(checked, EMPTY)
      const assignment = /^\s*(?:export\s+|\$)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line)
      if (assignment !== null) {
        const [, name = '', assignedText = ''] = assignment
        // Behind a condition it may not happen: then what was there before stays.
        const before = depth > 0 ? assigned.get(name) : undefined
        assigned.set(name, before === undefined ? value(assignedText) : merge([before, value(assignedText)]))
      }
    }
    depth = Math.max(0, depth + (OPENS.test(line) ? 1 : 0) - (CLOSES.test(line) ? 1 : 0))
    start += whole.length + 1
  }
}

/** `cat file >> $GITHUB_ENV`: whatever stands in the file. */
const DUMP = /^\s*(?:cat|type|Get-Content)\s+["']?((?!-)[\w./~-]+)["']?\s*(?:>>|\|\s*(?:tee|Out-File|Add-Content)).*GITHUB_(?:ENV|OUTPUT|PATH)/

const dumpTarget = (line: string): ScriptWrite['target'] => (line.includes('GITHUB_ENV') ? 'env' : line.includes('GITHUB_PATH') ? 'path' : 'output')

type Value = Pick<ScriptWrite, 'expressions' | 'variables' | 'reads' | 'file'>

const EMPTY: Value = { expressions: [], variables: [], reads: [], file: null }

function merge(values: readonly Value[]): Value {
  return {
    expressions: values.flatMap(({ expressions }) => expressions),
    variables: values.flatMap(({ variables }) => variables),
    reads: values.flatMap(({ reads }) => reads),
    file: values.find(({ file }) => file !== null)?.file ?? null,
  }
}

function valueOf(text: string, { start, spans, assigned }: { start: number; spans: readonly ExpressionSpan[]; assigned: ReadonlyMap<string, Value> }): Value {
  const plain = text.replace(/\$\{\{.*?\}\}/g, '').replace(/\$\(\s*echo\s+("?)(\$\{?\w+\}?)\1\s*\)/g, '$2')
  if (COMPUTED.test(plain)) return { ...EMPTY, reads: [...readsOf(text), ...partsOf(text, assigned)], file: workspaceReadOf(text) }
  const expressions = spans.filter((span) => span.start >= start && span.end <= start + text.length)
  const names = !plain.includes('$') ? [] : [...plain.matchAll(VARIABLE)].map((match) => match[1] ?? '')
  const own = names.flatMap((name) => assigned.get(name) ?? [])
  return merge([{ expressions, variables: names.filter((name) => !assigned.has(name)), reads: [], file: null }, ...own])
}

/** `$(<file)`, `$(cat file)`, `$(jq -r .x file.json)`. */
const FILE = /(?:\$\(|`)\s*(?:<|cat\s+(?:-\w+\s+)*|(?:head|tail)\s+(?:-\w+\s*\d*\s+)*|jq\s+(?:-\w+\s+)*['"]?\.[\w.\][]*['"]?\s+)\s*["']?((?![-|$"')])[\w./~-]+)/
/** What these show has one line. */
const ONE_LINE = /\b(?:head|tail)\s+(?:-n\s*)?-?1\b/
/** `tr ',' '\n'` adds line breaks. */
const BREAKS = /\|\s*tr\s+(?:-[a-zA-Z]+\s+)*(?:'[^']*'|"[^"]*"|[^\s'"]+)\s+['"]?\\n/
const COMMITS = /(?:\$\(|`)\s*(git\s+(?:log|show))\b([^|)`]*)/
const ONE_COMMIT = /\s-(?:1|n\s*1)\b|--max-count[= ]1\b/
const FORMAT = /--(?:pretty|format)[= ](?:format:)?["']?([^"']*)/

/** A file of the workspace, or the messages of its commits, where line breaks of them reach the value. */
function workspaceReadOf(text: string): string | null {
  if ((CLEANS.test(text) && !BREAKS.test(text)) || ONE_LINE.test(text)) return null
  const file = FILE.exec(text)?.[1]
  if (file !== undefined) return `the file ${file}`
  if (!text.includes('git')) return null
  const [, command = '', options = ''] = COMMITS.exec(text) ?? []
  const format = FORMAT.exec(options)?.[1]
  // Subjects and names are lines; bodies have several.
  const isText = format === undefined ? command !== '' && !/--(?:oneline|quiet|name-only|stat)\b/.test(options) : /%[bB]/.test(format) || (/%(?:s|an|cn)/.test(format) && !ONE_COMMIT.test(options))
  return isText ? `the output of '${command}'` : null
}

/** What is in every text that reads of the event or of the API. */
const READERS = ['GITHUB_EVENT_PATH', 'view', '/pulls', '/issues']
const EVENT_FILE = /\bjq\b[^|]*?\s["']?(\.[\w.]+)["']?\s.*GITHUB_EVENT_PATH/
const VIEW = /\bgh\s+(pr|issue)\s+view\b.*--json[\s=]+["']?([\w,]+)/
const VIEWED: Readonly<Record<string, string>> = {
  title: 'title', body: 'body', headRefName: 'head.ref', headRefOid: 'head.sha', comments: 'body', files: 'body', reviews: 'body',
}
/** `gh api repos/o/r/pulls/1 --jq .title`; curl at the same address. */
const API = /\b(?:gh\s+api|curl)\b.*\/(pulls|issues)\b/
const FILTER = /(?:--jq|-q|\bjq(?:\s+-\w+)*)[\s=]+(?:"([^"]{1,200})"|'([^']{1,200})'|(\S{1,200}))/
const ANSWERED = /\.(title|body|head\.ref|head\.sha|filename|message)\b/g
/** Programs that leave nothing dangerous of a value. */
const CLEANS = /\|\s*(?:tr|sed|grep|cut|awk|wc|base64|sha\w*sum|md5sum)\b/

/** `$(jq -r .issue.title "$GITHUB_EVENT_PATH")` and `$(gh pr view --json title -q .title)` read what an outsider wrote. */
function readsOf(text: string): readonly string[] {
  if (!READERS.some((word) => text.includes(word)) || CLEANS.test(text)) return []
  const event = EVENT_FILE.exec(text)?.[1]
  if (event !== undefined) return [`github.event${event.toLowerCase()}`]
  const filter = filterOf(text)
  const [, kind = '', fields = ''] = VIEW.exec(text) ?? []
  const object = kind === 'pr' ? 'pull_request' : 'issue'
  const viewed = fields.split(',').filter((field) => filter === undefined || filter.includes(field))
  if (fields !== '') return viewed.flatMap((field) => (VIEWED[field] === undefined ? [] : [`github.event.${object}.${VIEWED[field]}`]))
  const answered = API.exec(text)?.[1] === 'issues' ? 'issue' : 'pull_request'
  if (filter === undefined || !API.test(text)) return []
  return [...filter.matchAll(ANSWERED)].map(([, name = '']) => `github.event.${answered}.${name === 'filename' || name === 'message' ? 'body' : name}`)
}

/** `$(echo "$PULL" | jq -r .title)`: of what the variable was read from, the part that the filter picks. */
function partsOf(text: string, assigned: ReadonlyMap<string, Value>): readonly string[] {
  if (!text.includes('jq')) return []
  const name = /(?:echo\s+|<<<\s*)["']?\$\{?(\w+)\}?["']?[^\n]*\bjq\b|\bjq\b[^\n]*<<<\s*["']?\$\{?(\w+)/.exec(text)
  const reads = name === null ? [] : (assigned.get(name[1] ?? name[2] ?? '')?.reads ?? [])
  const filter = reads.length === 0 ? undefined : filterOf(text)
  return filter === undefined ? [] : reads.filter((path) => filter.toLowerCase().replace(/refname/, '.ref').includes(path.slice(path.lastIndexOf('.') + 1)))
}

function filterOf(text: string): string | undefined {
  const found = FILTER.exec(text)
  return found === null ? undefined : (found[1] ?? found[2] ?? found[3])
}
