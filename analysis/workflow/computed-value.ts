// What a command substitution (`$(...)`, backquotes) puts into a value: the event file, the API through `gh` and `curl`, files of the
// workspace, its commits and branch, and text that the script prints into a pipe. Filters behind a `|` are read as far as they
// decide whether anything dangerous is left, and whether it fits on one line. Everything else is unknown.

/** What a value is made of, besides what a program computes. */
export interface ComputedValue {
  /** What it reads of the event or of the API, as paths of the context that carries the same. */
  readonly reads: readonly string[]
  /** What of the workspace it is read from, in words: `the file a.txt`. */
  readonly workspace: string | null
  /** Text that the script itself prints into the pipe, with its variables and expressions. */
  readonly printed: string | null
  /** No line of it, but the first, begins as the author of what was read wants. */
  readonly isLine: boolean
}

/** The event and the API: what another text was read from, for `echo "$answer" | jq .title`. */
export type ReadsOf = (variable: string) => readonly string[]

const NOTHING: ComputedValue = { reads: [], workspace: null, printed: null, isLine: true }

/** What the text of an assignment or of a printed line holds of others' text through the commands in it. */
export function computedValueOf(text: string, readsOf: ReadsOf): ComputedValue {
  const filters = filtersOf(text)
  if (filters.removes) return NOTHING
  const reads = [...answersOf(text), ...partsOf(text, readsOf)]
  const workspace = reads.length > 0 ? null : workspaceOf(text)
  const printed = reads.length > 0 || workspace !== null ? null : printedIn(text)
  return { reads, workspace: workspace?.name ?? null, printed, isLine: filters.isLine ?? workspace?.isLine ?? false }
}

/** `$(echo "v$TITLE" | tr a-z A-Z)`, `$(tr a-z A-Z <<< "$TITLE")`: what goes into the filters. */
const PRINTED = /(?:\$\(|`)\s*(?:(?:echo|printf)\s+(?:-\w+\s+)*([^|`]*)\||(?:tr|sed|awk|cut)\s[^|`]*<<<\s*([^|`)]*))/

/** What jq picks is partsOf's. */
function printedIn(text: string): string | null {
  const found = /\bjq\b/.test(text) ? null : PRINTED.exec(text)
  return found === null ? null : (found[1] ?? found[2] ?? null)
}

interface Filters {
  /** What is left of a text carries no code: a number, a hash, letters and digits. */
  readonly removes: boolean
  /** Whether what comes out has one line; null when the filters say nothing of it. */
  readonly isLine: boolean | null
}

/** A program behind a pipe, or in front of a here-string. */
const FILTER = /(?:\||(?:\$\(|`)(?=[^|`]*<<<))\s*([A-Za-z][\w.+-]*)((?:'[^']*'|"[^"]*"|[^|)`'"])*)/g
const SUMS = /^(?:wc|cksum|md5sum|sha\w*sum)$/
const ONE_LINE = /^\s*(?:-n\s*)?-?1\b/
/** `tr ',' '\n'` adds line breaks; with them first it takes them away. */
const ADDS_BREAKS = /^\s+(?:-\w+\s+)*(?:'[^']*'|"[^"]*"|[^\s'"-][^\s'"]*)\s+['"]?\\n/
const NAMES_BREAKS = /^\s+(?:-\w+\s+)*(?:'[^']*(?:\\n|:space:|:cntrl:)|"[^"]*(?:\\n|:space:|:cntrl:)|[^'"\s]*(?:\\n|:space:|:cntrl:))/

function filtersOf(text: string): Filters {
  let isLine: boolean | null = null
  if (!text.includes('|') && !text.includes('<<<')) return { removes: false, isLine }
  for (const [, program = '', words = ''] of text.matchAll(FILTER)) {
    if (removes(program, words)) return { removes: true, isLine }
    if (program === 'tr' && ADDS_BREAKS.test(words)) isLine = false
    else if (joins(program, words)) isLine = true
  }
  return { removes: false, isLine }
}

function removes(program: string, words: string): boolean {
  switch (program) {
    case 'base64': return !/\s(?:-d|-D|--decode)\b/.test(words)
    case 'tr': return /^\s+-\w*[cC]|--complement/.test(words)
    // A pattern that takes anything lets everything through; any other is taken for a list of what may come.
    case 'grep': return /\s-\w*[cqLl]/.test(words) || (/\s-\w*o/.test(words) && !/\.[*+]|\[\^|\\S/.test(words))
    case 'sed': return /\[\^|\\[1-9]/.test(words)
    case 'awk': return !/print\s+\$|NR/.test(words)
    case 'jq': return /\blength\b/.test(words)
    default: return SUMS.test(program)
  }
}

function joins(program: string, words: string): boolean {
  switch (program) {
    case 'head': case 'tail': return ONE_LINE.test(words)
    case 'tr': return NAMES_BREAKS.test(words)
    case 'jq': return /\s-\w*[cs]/.test(words)
    case 'paste': return /\s-\w*s/.test(words)
    case 'sed': return /\s-n\s+['"]?\d+p/.test(words)
    default: return program === 'xargs'
  }
}

interface WorkspaceRead {
  readonly name: string
  readonly isLine: boolean
}

/** `$(<file)`, `$(cat file)`, `$(jq -r .x file.json)`; folders of the system are nobody's. */
const FILE = /(?:\$\(|`)\s*(?:<|(cat)\s+(?:-\w+\s+)*|(head|tail)\s+((?:-\w+\s*\d*\s+)*)|[jy]q\s+(?:-\w+\s+)*(?:'[^']*'|"[^"]*"|\.[\w.\][]*)\s+)\s*["']?((?!\/(?:etc|proc|sys|usr|dev)\/)(?![-|$"')])[\w./~-]+)/
const GIT = /(?:\$\(|`)\s*git\s+(?:(?:--no-pager|-C\s+\S+|-c\s+\S+)\s+)*(log|show|diff|diff-tree|ls-files|branch|rev-parse|symbolic-ref)\b([^|)`]*)/
const ONE_COMMIT = /\s-(?:1|n\s*1)\b|--max-count[= ]1\b/
const FORMAT = /--(?:pretty|format)[= ](?:(?:format|tformat):)?["']?([^"']*)/
/** Not that of a remote, which is the repository's default branch. */
const OWN_HEAD = /\sHEAD\b/
/** Counts and states. */
const COUNTS = /--(?:shortstat|quiet|exit-code|check|count)\b/

/** A file of the workspace, the names of its files, the texts of its commits, or its branch. */
function workspaceOf(text: string): WorkspaceRead | null {
  const file = FILE.exec(text)
  if (file !== null) return { name: `the file ${file[4] ?? ''}`, isLine: file[2] !== undefined && ONE_LINE.test(file[3] ?? '') }
  if (!text.includes('git')) return null
  const [, command = '', options = ''] = GIT.exec(text) ?? []
  if (command === '' || COUNTS.test(options)) return null
  const name = `the output of git ${command}`
  switch (command) {
    case 'branch': return options.includes('--show-current') ? { name, isLine: true } : null
    case 'rev-parse': return options.includes('--abbrev-ref') && OWN_HEAD.test(options) ? { name, isLine: true } : null
    case 'symbolic-ref': return OWN_HEAD.test(options) ? { name, isLine: true } : null
    case 'diff': case 'diff-tree': case 'ls-files': return { name, isLine: /--(?:name-status|stat)\b/.test(options) }
    default: return ofCommits(name, command, options)
  }
}

/** Subjects, names and addresses are lines; bodies have several, and so has what several commits say. */
function ofCommits(name: string, command: string, options: string): WorkspaceRead | null {
  // A line of these begins with a letter, a blank or a commit.
  if (/--(?:name-status|stat)\b|--oneline\b|=oneline\b/.test(options)) return { name, isLine: true }
  if (/--name-only\b/.test(options)) return { name, isLine: false }
  const format = FORMAT.exec(options)?.[1]
  if (format === undefined) return { name, isLine: false }
  if (/%[bB]/.test(format)) return { name, isLine: false }
  const isOne = /^%[hH]/.test(format) || ONE_COMMIT.test(options) || (command === 'show' && /\s-s\b|--no-patch\b/.test(options))
  return /%(?:s|f|an|ae|cn|ce|aN|cN|D|d)/.test(format) ? { name, isLine: isOne } : null
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
const JQ = /(?:--jq|-q|\bjq(?:\s+-\w+)*)[\s=]+(?:"([^"]{1,200})"|'([^']{1,200})'|(\S{1,200}))/
/** What of a whole answer can be picked later. */
const ANSWERS = {
  issue: ['github.event.issue.title', 'github.event.issue.body'],
  pull_request: ['title', 'body', 'head.ref', 'head.sha'].map((field) => `github.event.pull_request.${field}`),
} as const
const ANSWERED = /\.(title|body|head\.ref|head\.sha|filename|message)\b/g

/** `$(jq -r .issue.title "$GITHUB_EVENT_PATH")` and `$(gh pr view --json title -q .title)` read what an outsider wrote. */
function answersOf(text: string): readonly string[] {
  if (!READERS.some((word) => text.includes(word))) return []
  const event = EVENT_FILE.exec(text)?.[1]
  if (event !== undefined) return [`github.event${event.toLowerCase()}`]
  const filter = filterIn(text)
  const [, kind = '', fields = ''] = VIEW.exec(text) ?? []
  const object = kind === 'pr' ? 'pull_request' : 'issue'
  const viewed = fields.split(',').filter((field) => filter === undefined || filter.includes(field))
  if (fields !== '') return viewed.flatMap((field) => (VIEWED[field] === undefined ? [] : [`github.event.${object}.${VIEWED[field]}`]))
  const asked = API.exec(text)?.[1]
  if (asked === undefined) return []
  const answered = asked === 'issues' ? 'issue' : 'pull_request'
  if (filter === undefined) return ANSWERS[answered]
  return [...filter.matchAll(ANSWERED)].map(([, name = '']) => `github.event.${answered}.${name === 'filename' || name === 'message' ? 'body' : name}`)
}

/** `$(echo "$PULL" | jq -r .title)`: of what the variable was read from, the part that the filter picks. */
function partsOf(text: string, readsOf: ReadsOf): readonly string[] {
  if (!text.includes('jq')) return []
  const name = /(?:echo\s+|<<<\s*)["']?\$\{?(\w+)\}?["']?[^\n]*\bjq\b|\bjq\b[^\n]*<<<\s*["']?\$\{?(\w+)/.exec(text)
  const reads = name === null ? [] : readsOf(name[1] ?? name[2] ?? '')
  const filter = reads.length === 0 ? undefined : filterIn(text)
  const picked = filter?.toLowerCase().replace('headrefname', 'head.ref').replace('headrefoid', 'head.sha')
  return picked === undefined ? [] : reads.filter((path) => picked.includes(path.split('.').slice(3).join('.')))
}

function filterIn(text: string): string | undefined {
  const found = JQ.exec(text)
  return found === null ? undefined : (found[1] ?? found[2] ?? found[3])
}
