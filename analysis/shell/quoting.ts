// How a place in a script is quoted: decides whether a variable there is one word of data, is split, or is not read at all.
import { placesInPowerShell } from './quoting-powershell.ts'
import { placesInSh } from './quoting-sh.ts'

/** 'word' is unquoted; 'raw-document' a here-document or here-string that expands nothing; 'other' a place that is not understood. */
export type Quoting = 'double' | 'single' | 'word' | 'document' | 'raw-document' | 'comment' | 'other'

/** Start and end of something that the shell never sees as written, such as an expression. */
export interface Hole {
  readonly start: number
  readonly end: number
}

/** For each hole (ascending, not overlapping) of the script, how its place is quoted; 'other' in shells and languages not read here. */
export function quotingOf(script: string, holes: readonly Hole[], shell: string): readonly Quoting[] {
  switch (shell) {
    case 'bash': case 'sh': case 'unknown': return placesInSh(script, holes)
    case 'pwsh': case 'powershell': return placesInPowerShell(script, holes)
    default: return holes.map(() => 'other')
  }
}
