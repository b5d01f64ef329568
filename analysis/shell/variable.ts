// How a script reads an environment variable at a place where an expression stood, and whether that means the same for
// every harmless value. Null where no variable can stand.
import type { Hole, Quoting } from './quoting.ts'

export interface VariableRequest {
  readonly script: string
  readonly hole: Hole
  readonly quoting: Quoting
  /** A shell, or the language of a code input. */
  readonly language: string
  readonly name: string
}

/** What replaces script[start, end). */
export interface Variable extends Hole {
  readonly text: string
  readonly isSafe: boolean
}

/** The replacement that keeps the value one piece of data. */
export function variableAt(request: VariableRequest): Variable | null {
  const { hole, name, language } = request
  switch (language) {
    case 'bash': case 'sh': case 'unknown': return inSh(request)
    case 'pwsh': case 'powershell': return inPowerShell(request)
    case 'cmd': return { ...hole, text: `%${name}%`, isSafe: false }
    case 'javascript': return instead(request, { quotes: '\'"`', text: `process.env.${name}` }) ?? inTemplate(request)
    case 'python': return /^[ \t]*import os\b/m.test(request.script) ? instead(request, { quotes: '\'"', text: `os.environ["${name}"]` }) : null
    default: return null
  }
}

function inSh({ script, hole, quoting, language, name }: VariableRequest): Variable | null {
  const variable = `\${${name}}`
  switch (quoting) {
    case 'double': return { ...hole, text: variable, isSafe: language !== 'unknown' }
    case 'document': case 'comment': return { ...hole, text: variable, isSafe: false }
    // Leaves the single quotes, reads the variable in double ones, and goes back.
    case 'single': return { ...hole, text: `'"${variable}"'`, isSafe: false }
    case 'word': return isCommand(script, hole) ? null : { ...hole, text: `"${variable}"`, isSafe: false }
    default: return null
  }
}

function inPowerShell({ script, hole, quoting, language, name }: VariableRequest): Variable | null {
  switch (quoting) {
    case 'double': return { ...hole, text: `\${env:${name}}`, isSafe: language === 'pwsh' }
    case 'document': case 'comment': return { ...hole, text: `\${env:${name}}`, isSafe: false }
    case 'word': return isCommand(script, hole) ? null : { ...hole, text: `$env:${name}`, isSafe: false }
    default: return null
  }
}

/** How far back a command's beginning is looked for, in characters. */
const REACH = 200

/** A text that is itself the command is meant to be run: no variable does that. */
function isCommand(script: string, { start }: Hole): boolean {
  const before = start > REACH ? `x${script.slice(start - REACH, start)}` : script.slice(0, start)
  return /(?:^|[\n;&|(`])[ \t]*$/.test(before)
}

/** Replaces a whole string literal that is nothing but the expression. */
function instead({ script, hole }: VariableRequest, { quotes, text }: { quotes: string; text: string }): Variable | null {
  const quote = script.charAt(hole.start - 1)
  const isWhole = quote !== '' && quotes.includes(quote) && script.charAt(hole.end) === quote
  const isPlain = !/[\w'"`]/.test(script.charAt(hole.start - 2)) && script.charAt(hole.end + 1) !== quote
  return isWhole && isPlain ? { start: hole.start - 1, end: hole.end + 1, text, isSafe: false } : null
}

/** Inside a JavaScript template literal; backquotes are counted, which nested literals would confuse. */
function inTemplate({ script, hole, name }: VariableRequest): Variable | null {
  const before = script.slice(0, hole.start).replace(/\\`/g, '')
  return before.split('`').length % 2 === 0 ? { ...hole, text: `\${process.env.${name}}`, isSafe: false } : null
}
