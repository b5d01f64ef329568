// Reads the quoting of a PowerShell script: quotes, here-strings, comments, subexpressions. Linear in its length.
import type { Hole, Quoting } from './quoting.ts'

type Mode = 'word' | 'double' | 'single' | 'document' | 'raw-document' | 'comment' | 'block-comment'

/** How each hole is quoted in pwsh or Windows PowerShell. */
export function placesInPowerShell(script: string, holes: readonly Hole[]): readonly Quoting[] {
  const places: Quoting[] = []
  const modes: Mode[] = ['word']
  let at = 0
  for (const hole of holes) {
    while (at < hole.start) at += 1 + step(script, at, modes)
    const mode = modes.at(-1) ?? 'word'
    places.push(mode === 'block-comment' ? 'comment' : mode)
    at = Math.max(at, hole.end)
  }
  return places
}

/** Handles one character and answers how many more it takes. */
function step(script: string, at: number, modes: Mode[]): number {
  const character = script.charAt(at)
  const next = script.charAt(at + 1)
  switch (modes.at(-1)) {
    case 'comment':
      if (character === '\n') modes.pop()
      return 0
    case 'block-comment': return closing(script, at, { modes, mark: '#>' })
    case 'raw-document': return script.startsWith("'@", at) && isLineStart(script, at) ? closing(script, at, { modes, mark: "'@" }) : 0
    case 'document':
      if (script.startsWith('"@', at) && isLineStart(script, at)) return closing(script, at, { modes, mark: '"@' })
      return subexpression(script, at, modes)
    case 'single':
      if (character !== "'") return 0
      if (next === "'") return 1
      modes.pop()
      return 0
    case 'double':
      if (character !== '"') return subexpression(script, at, modes)
      if (next === '"') return 1
      modes.pop()
      return 0
    default: return inWords(script, at, modes)
  }
}

function inWords(script: string, at: number, modes: Mode[]): number {
  const character = script.charAt(at)
  if (character === '`') return 1
  if (character === ')' && modes.length > 1) modes.pop()
  else if (character === '(' && modes.length > 1) modes.push('word')
  else if (script.startsWith('<#', at)) modes.push('block-comment')
  else if (character === '#' && (at === 0 || /[\s;(){}|]/.test(script.charAt(at - 1)))) modes.push('comment')
  else if (/^@["']\r?\n/.test(script.slice(at, at + 4))) {
    modes.push(script.charAt(at + 1) === '"' ? 'document' : 'raw-document')
    return 1
  } else if (character === '"') modes.push('double')
  else if (character === "'") modes.push('single')
  return 0
}

function subexpression(script: string, at: number, modes: Mode[]): number {
  if (script.charAt(at) === '`') return 1
  if (!script.startsWith('$(', at)) return 0
  modes.push('word')
  return 1
}

function closing(script: string, at: number, { modes, mark }: { modes: Mode[]; mark: string }): number {
  if (!script.startsWith(mark, at)) return 0
  modes.pop()
  return mark.length - 1
}

function isLineStart(script: string, at: number): boolean {
  let before = at - 1
  while (script.charAt(before) === ' ' || script.charAt(before) === '\t') before--
  return before < 0 || script.charAt(before) === '\n'
}
