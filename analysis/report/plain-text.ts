// Makes text from files and servers safe to print. A control character could move a terminal's cursor, a line break could start
// a new line of a log, and a bidirectional mark could show a line in another order than it runs.

// C0, DEL, C1, zero-width and bidirectional marks, line and paragraph separators, byte order mark, unpaired surrogates.
 
const INVISIBLE = /[\0-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu

/** One line: what cannot be seen becomes its escape (`\n`, `\x1b`, `\u202e`); tabs stay. */
export function onOneLine(text: string): string {
  return text.replace(INVISIBLE, escapeOf)
}

function escapeOf(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  const code = character.charCodeAt(0)
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
