// One file's change as a unified diff that `git apply` and `patch` take. Colours only where a palette brings them.
import { FILE_HEADERS_ONLY, createTwoFilesPatch } from 'diff'
import type { Palette } from '../analysis/report/text.ts'
import { NO_COLOURS } from '../analysis/report/text.ts'

export interface FileChange {
  readonly path: string
  /** Null for a new file. */
  readonly before: string | null
  readonly after: string
}

export function renderDiff({ path, before, after }: FileChange, palette: Palette = NO_COLOURS): string {
  const patch = createTwoFilesPatch(before === null ? '/dev/null' : `a/${path}`, `b/${path}`, before ?? '', after, undefined, undefined, { context: 3, headerOptions: FILE_HEADERS_ONLY })
  if (palette === NO_COLOURS) return patch
  return patch.split('\n').map((line) => colourOf(line, palette)(line)).join('\n')
}

function colourOf(line: string, palette: Palette): (text: string) => string {
  if (line.startsWith('---') || line.startsWith('+++')) return palette.bold
  if (line.startsWith('@@')) return palette.cyan
  if (line.startsWith('+')) return palette.green
  return line.startsWith('-') ? palette.red : (text) => text
}
