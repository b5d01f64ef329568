// Texts of files as messages quote them.

const MOST = 60

/** On one line, at most 60 characters, the last three of them dots where something is left out. */
export function shorten(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ')
  return line.length > MOST ? `${line.slice(0, MOST - 3)}...` : line
}
