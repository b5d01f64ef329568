// Seeded mutations of a text: cut, removed, inserted, outdented, indented and doubled lines. The same seed gives the same ones.

const BITS = [
  ':', '{', '}', '[', ']', '"', "'", '|', '>', '- ', '#', ' #', '&a ', '*a', '!', '%', '@', '\t', '\n', '  ', '? ', ': ', '---\n', '...\n', '\r\n',
  ',', '\\', '~', '0x1F', '1e3', '`', '!!str ', '&a', '>-\n', '|2\n', ' \n', '\u00a0', '\u0085', '<<: ', '"\\x41"', "''", '{}', '[]', '\r',
]

/** A generator of numbers below `limit`. */
export function createRandom(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * limit)
  }
}

export function mutate(text: string, random: (limit: number) => number): string {
  const at = random(text.length)
  const lines = text.split('\n')
  const line = random(lines.length)
  const current = lines[line] ?? ''
  switch (random(9)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + text.slice(at + 1)
    case 2:
    case 3:
    case 4:
    case 5:
      return text.slice(0, at) + (BITS[random(BITS.length)] ?? '') + text.slice(at)
    case 6:
      lines[line] = current.replace(/^ {1,2}/, '')
      return lines.join('\n')
    case 7:
      lines[line] = ' '.repeat(1 + random(2)) + current
      return lines.join('\n')
    default:
      lines.splice(line, 0, lines[random(lines.length)] ?? '')
      return lines.join('\n')
  }
}
