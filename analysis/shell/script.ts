// A script as the shell reads it, with the file's offset of each character: what stands in a `run:` or in a code input.
// Folded scalars keep their line breaks here, which matters to no one who looks for words.
import type { ScalarNode } from '../source/node.ts'

export interface Script {
  readonly text: string
  readonly style: ScalarNode['style']
  /** The file's offset of an offset in `text`. */
  offsetOf(index: number): number
  /** The offset in `text` of a file offset inside the scalar. */
  indexOf(offset: number): number
  /** Writes a replacement so that the scalar still means it: quotes escaped inside quoted scalars. */
  escape(text: string): string
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' }
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** Reads the script of a scalar of the file `source`. */
export function scriptOf(source: string, scalar: ScalarNode): Script {
  const { style } = scalar
  const { start, end } = contentOf(source, scalar)
  const raw = source.slice(start, end)
  if ((style === 'single' && raw.includes("'")) || (style === 'double' && raw.includes('\\'))) return decode(raw, style, start)
  return {
    text: raw,
    style,
    offsetOf: (index) => start + index,
    indexOf: (offset) => offset - start,
    escape: (text) => escapeFor(style, text),
  }
}

function contentOf(source: string, { style, start, end }: ScalarNode): { start: number; end: number } {
  if (style === 'plain') return { start, end }
  if (style === 'single' || style === 'double') return { start: start + 1, end: end - 1 }
  const header = source.indexOf('\n', start)
  return header < 0 || header >= end ? { start: end, end } : { start: header + 1, end }
}

function decode(raw: string, style: 'single' | 'double', start: number): Script {
  const offsets: number[] = []
  let text = ''
  for (let at = 0; at < raw.length; ) {
    const { value, width } = unitAt(raw, at, style)
    text += value
    while (offsets.length < text.length) offsets.push(start + at)
    at += width
  }
  offsets.push(start + raw.length)
  return {
    text,
    style,
    offsetOf: (index) => offsets[index] ?? start + raw.length,
    indexOf: (offset) => lowerBound(offsets, offset),
    escape: (replacement) => escapeFor(style, replacement),
  }
}

function unitAt(raw: string, at: number, style: 'single' | 'double'): { value: string; width: number } {
  const character = raw.charAt(at)
  if (style === 'single') return { value: character, width: character === "'" ? 2 : 1 }
  if (character !== '\\') return { value: character, width: 1 }
  const next = raw.charAt(at + 1)
  const digits = HEX_DIGITS[next]
  if (digits === undefined) return { value: SHORT_ESCAPES[next] ?? next, width: 2 }
  const code = Number.parseInt(raw.slice(at + 2, at + 2 + digits), 16)
  return { value: code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd', width: 2 + digits }
}

function lowerBound(offsets: readonly number[], offset: number): number {
  let low = 0
  let high = offsets.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((offsets[middle] ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return low
}

function escapeFor(style: ScalarNode['style'], text: string): string {
  if (style === 'single') return text.replaceAll("'", "''")
  return style === 'double' ? text.replaceAll('\\', '\\\\').replaceAll('"', '\\"') : text
}
