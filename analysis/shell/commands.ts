// The simple commands of a POSIX script: their words, without keywords and assignments, those in substitutions included.
// It is no shell: patterns, arithmetic and functions are only recognised well enough not to be taken for commands.
export interface Word {
  /** Quotes undone; what is substituted stands as it is written. */
  readonly text: string
  readonly start: number
  readonly end: number
  /** False when the shell, or an expression, puts something in. */
  readonly isLiteral: boolean
}

export interface Command {
  /** The program first; never empty. */
  readonly words: readonly Word[]
  readonly start: number
  /** Behind the last word or redirection. */
  readonly end: number
  /** 0 outside of substitutions. */
  readonly depth: number
  /** Its output goes to a pipe or a file, or its input comes from one. */
  readonly isRedirected: boolean
}

const DROPPED = new Set(['if', 'then', 'else', 'elif', 'fi', 'do', 'done', 'while', 'until', '!', 'time', '{', '}', 'esac', 'exec', 'command', 'sudo', 'nohup'])
const SKIPPED = new Set(['for', 'select', 'case', 'function'])
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/
const HEREDOC = /^<<-?[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([A-Za-z_][\w.-]*))/
const MAX_DEPTH = 20

interface Reader {
  readonly text: string
  readonly commands: Command[]
  readonly documents: string[]
  at: number
  /** How many `case` are open: a bracket then ends a pattern. */
  cases: number
}

interface Draft {
  words: Word[]
  end: number
  isRedirected: boolean
}

/** Scripts that were read: several rules ask for one, and a fix's check asks for those that it left alone again. */
const known = new Map<string, readonly Command[]>()
const MAX_KNOWN = 2_000

/** The commands in the order in which they begin; offsets count from the start of `script`. Linear, bounded in depth. */
export function commandsIn(script: string): readonly Command[] {
  let commands = known.get(script)
  if (commands === undefined) {
    commands = read(script)
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(script, commands)
  }
  return commands
}

function read(script: string): readonly Command[] {
  const reader: Reader = { text: script, commands: [], documents: [], at: 0, cases: 0 }
  while (reader.at < script.length) readList(reader, { depth: 0, close: '' })
  return reader.commands.sort((a, b) => a.start - b.start)
}

/** Reads commands up to the closing character, which it takes, or the end. */
function readList(reader: Reader, { depth, close }: { depth: number; close: '' | ')' | '`' }): void {
  const { text } = reader
  let draft: Draft = { words: [], end: 0, isRedirected: false }
  const finish = (isPiped: boolean, isKept = true): void => {
    if (isKept) keep(reader, { ...draft, isRedirected: draft.isRedirected || isPiped }, depth)
    draft = { words: [], end: 0, isRedirected: false }
  }
  while (reader.at < text.length) {
    const character = text.charAt(reader.at)
    if (character === close) {
      reader.at++
      finish(false)
      return
    }
    if (character === ' ' || character === '\t' || character === '\r') reader.at++
    else if (text.startsWith('\\\n', reader.at) || text.startsWith('\\\r\n', reader.at)) reader.at = text.indexOf('\n', reader.at) + 1
    else if (character === '\n') {
      reader.at++
      finish(false)
      skipDocuments(reader)
    } else if (character === '#') reader.at = endOfLine(text, reader.at)
    else if (character === ')') {
      // A pattern of a case, or the end of a group.
      reader.at++
      const isHead = draft.words[0]?.text === 'case'
      finish(false, isHead || reader.cases === 0 || draft.words.length > 1)
    } else if (character === '|' && text.charAt(reader.at + 1) !== '|') {
      reader.at += 1
      finish(true)
      draft.isRedirected = true
    } else if (';&|('.includes(character) && !text.startsWith('&>', reader.at)) {
      reader.at += text.charAt(reader.at + 1) === character ? 2 : 1
      if (character !== '(' || draft.words.length > 0) finish(false, character !== '(')
    } else if (!readRedirection(reader, draft, close)) {
      const word = readWord(reader, depth, close)
      draft.words.push(word)
      draft.end = word.end
    }
  }
  finish(false)
}

function keep(reader: Reader, { words, end, isRedirected }: Draft, depth: number): void {
  let first = 0
  while (first < words.length && (DROPPED.has(words[first]?.text ?? '') || ASSIGNMENT.test(words[first]?.text ?? ''))) first++
  const program = words[first]
  if (words.some(({ text }) => text === 'esac')) reader.cases = Math.max(0, reader.cases - 1)
  if (program?.text === 'case') reader.cases++
  if (program === undefined || SKIPPED.has(program.text)) return
  reader.commands.push({ words: words.slice(first), start: program.start, end, depth, isRedirected })
}

/** What a redirection can begin with. */
const REDIRECTING = '0123456789&<>'

function readRedirection(reader: Reader, draft: Draft, close: string): boolean {
  if (!REDIRECTING.includes(reader.text.charAt(reader.at))) return false
  const rest = reader.text.slice(reader.at, reader.at + 120)
  const heredoc = rest.startsWith('<<') && !rest.startsWith('<<<') ? HEREDOC.exec(rest) : null
  if (heredoc !== null) {
    reader.documents.push(heredoc[1] ?? heredoc[2] ?? heredoc[3] ?? '')
    reader.at += heredoc[0].length
  } else {
    const operator = /^(?:\d*>&\d|&>>?|\d*>>?\|?|<<<|<(?!\())[ \t]*/.exec(rest)
    if (operator === null) return false
    reader.at += operator[0].length
    if (!/&\d/.test(operator[0]) && /\S/.test(reader.text.charAt(reader.at))) readWord(reader, MAX_DEPTH, close)
  }
  draft.isRedirected = true
  draft.end = Math.min(reader.at, reader.text.length)
  return true
}

function readWord(reader: Reader, depth: number, close: string): Word {
  const { text } = reader
  const start = reader.at
  let value = ''
  let isLiteral = true
  while (reader.at < text.length) {
    const character = text.charAt(reader.at)
    if (character === close) break
    if (character === "'") {
      const end = text.indexOf("'", reader.at + 1)
      const stop = end < 0 ? text.length : end
      const quoted = text.slice(reader.at + 1, stop)
      if (quoted.includes('${{')) isLiteral = false
      value += quoted
      reader.at = stop + 1
    } else if (character === '"') {
      const from = ++reader.at
      while (reader.at < text.length && text.charAt(reader.at) !== '"') if (!skipRun(reader, QUOTED) && skipUnit(reader, depth)) isLiteral = false
      value += text.slice(from, reader.at)
      reader.at++
    } else if (reader.at > start && BREAKING.test(character)) break
    else {
      const from = reader.at
      if (!skipRun(reader, PLAIN) && (skipUnit(reader, depth) || '*?[~'.includes(character))) isLiteral = false
      value += text.slice(from, reader.at)
    }
  }
  return { text: value, start, end: Math.min(reader.at, text.length), isLiteral }
}

const BREAKING = /[\s;&|()<>]/
/** Characters that mean themselves, outside of quotes and between double ones. */
const PLAIN = /[^\s;&|()<>'"\\`$*?[~{}]+/y
const QUOTED = /[^"\\`$]+/y

/** Takes a run of characters that mean themselves; false when there is none. */
function skipRun(reader: Reader, run: RegExp): boolean {
  run.lastIndex = reader.at
  if (!run.test(reader.text)) return false
  reader.at = run.lastIndex
  return true
}

/** Takes one character or one substitution; true when it was one. */
function skipUnit(reader: Reader, depth: number): boolean {
  const { text } = reader
  const character = text.charAt(reader.at)
  if (character === '\\') {
    reader.at += 2
    return false
  }
  if (character === '`' || text.startsWith('$(', reader.at)) {
    const isArithmetic = text.startsWith('$((', reader.at)
    reader.at += character === '`' ? 1 : 2
    if (depth >= MAX_DEPTH || isArithmetic) skipTo(reader, character === '`' ? '`' : isArithmetic ? '))' : ')')
    else readList(reader, { depth: depth + 1, close: character === '`' ? '`' : ')' })
    return true
  }
  if (text.startsWith('${', reader.at)) {
    skipTo(reader, text.startsWith('${{', reader.at) ? '}}' : '}')
    return true
  }
  reader.at++
  return character === '$'
}

function skipTo(reader: Reader, mark: string): void {
  const end = reader.text.indexOf(mark, reader.at)
  reader.at = end < 0 ? reader.text.length : end + mark.length
}

function skipDocuments(reader: Reader): void {
  for (const word of reader.documents.splice(0)) {
    while (reader.at < reader.text.length) {
      const end = endOfLine(reader.text, reader.at)
      const line = reader.text.slice(reader.at, end).trim()
      reader.at = end + 1
      if (line === word) break
    }
  }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}
