// Reads the quoting of a POSIX script: quotes, comments, substitutions, here-documents. It follows nesting and ignores
// everything else about the language. Linear in the length of the script.
import type { Hole, Quoting } from './quoting.ts'

type Mode = 'word' | 'double' | 'single' | 'ansi' | 'comment' | 'parameter' | 'arithmetic' | 'backquote' | 'document' | 'raw-document'

interface Document {
  readonly word: string
  readonly isRaw: boolean
}

const HEREDOC = /^<<-?[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([A-Za-z_][\w.-]*))/
const QUOTING: Readonly<Record<Mode, Quoting>> = {
  word: 'word', double: 'double', single: 'single', ansi: 'other', comment: 'comment', parameter: 'other', arithmetic: 'other',
  backquote: 'word', document: 'document', 'raw-document': 'raw-document',
}

/** How each hole is quoted in bash or sh. */
export function placesInSh(script: string, holes: readonly Hole[]): readonly Quoting[] {
  const places: Quoting[] = []
  const modes: Mode[] = ['word']
  const documents: Document[] = []
  let at = 0
  const mode = (): Mode => modes.at(-1) ?? 'word'

  function lineBreak(): void {
    if (mode() === 'comment') modes.pop()
    const document = documents[0]
    if (mode() === 'document' || mode() === 'raw-document') {
      if (lineAt(script, at + 1).trim() === document?.word) {
        documents.shift()
        modes.pop()
        at += lineAt(script, at + 1).length
        const next = documents[0]
        if (next !== undefined) modes.push(next.isRaw ? 'raw-document' : 'document')
      }
    } else if (document !== undefined && mode() !== 'double' && mode() !== 'single') {
      modes.push(document.isRaw ? 'raw-document' : 'document')
      if (lineAt(script, at + 1).trim() === document.word) lineBreak()
    }
  }

  for (const hole of holes) {
    while (at < hole.start) {
      const character = script.charAt(at)
      if (character === '\n') lineBreak()
      else at += step(script, at, { modes, documents })
      at++
    }
    places.push(QUOTING[mode()])
    at = Math.max(at, hole.end)
  }
  return places
}

function lineAt(script: string, start: number): string {
  const end = script.indexOf('\n', start)
  return script.slice(start, end < 0 ? script.length : end)
}

/** Handles one character and answers how many more it takes. */
function step(script: string, at: number, state: { modes: Mode[]; documents: Document[] }): number {
  const { modes } = state
  const character = script.charAt(at)
  switch (modes.at(-1)) {
    case 'comment': case 'raw-document': return 0
    case 'single':
      if (character === "'") modes.pop()
      return 0
    case 'ansi':
      if (character === "'") modes.pop()
      return character === '\\' ? 1 : 0
    case 'double':
      if (character === '"') {
        modes.pop()
        return 0
      }
      return substitution(script, at, modes)
    case 'document': return substitution(script, at, modes)
    case 'parameter':
      if (character === '}') {
        modes.pop()
        return 0
      }
      return quoteOrSubstitution(script, at, modes)
    case 'arithmetic':
      if (script.startsWith('))', at)) {
        modes.pop()
        return 1
      }
      return substitution(script, at, modes)
    default: return inWords(script, at, state)
  }
}

function inWords(script: string, at: number, { modes, documents }: { modes: Mode[]; documents: Document[] }): number {
  const character = script.charAt(at)
  if (character === ')' && modes.length > 1 && modes.at(-1) === 'word') {
    modes.pop()
    return 0
  }
  if (character === '#' && (at === 0 || /[\s;&|()]/.test(script.charAt(at - 1)))) {
    modes.push('comment')
    return 0
  }
  if (character === '(' && modes.length > 1) {
    modes.push('word')
    return 0
  }
  if (character === '<' && script.startsWith('<<<', at)) return 2
  const heredoc = character === '<' ? HEREDOC.exec(script.slice(at, at + 120)) : null
  if (heredoc !== null) {
    documents.push({ word: heredoc[1] ?? heredoc[2] ?? heredoc[3] ?? '', isRaw: heredoc[3] === undefined || heredoc[0].includes('\\') })
    return heredoc[0].length - 1
  }
  return quoteOrSubstitution(script, at, modes)
}

function quoteOrSubstitution(script: string, at: number, modes: Mode[]): number {
  const character = script.charAt(at)
  if (character === '"') modes.push('double')
  else if (character === "'") modes.push('single')
  else if (script.startsWith("$'", at)) {
    modes.push('ansi')
    return 1
  } else return substitution(script, at, modes)
  return 0
}

function substitution(script: string, at: number, modes: Mode[]): number {
  const character = script.charAt(at)
  if (character === '\\') return script.charAt(at + 1) === '\n' ? 0 : 1
  if (character === '`') {
    if (modes.includes('backquote')) while (modes.length > 1 && modes.pop() !== 'backquote');
    else modes.push('backquote')
    return 0
  }
  if (character !== '$') return 0
  if (script.startsWith('$((', at)) {
    modes.push('arithmetic')
    return 2
  }
  if (script.startsWith('$(', at)) modes.push('word')
  else if (script.startsWith('${', at)) modes.push('parameter')
  else return 0
  return 1
}
