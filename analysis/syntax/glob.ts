// What is wrong with a filter pattern: as a pattern, as the name of a ref that git would take, or as a path in a repository.
// Leaves out what a pattern matches.

export type GlobKind = 'ref' | 'path' | 'version'

export interface GlobProblem {
  /** Offsets in the pattern. */
  readonly start: number
  readonly end: number
  /** What is wrong and what would be right, to follow the quoted pattern. */
  readonly text: string
  /** GitHub takes it, it is only more than needed. */
  readonly isIdle: boolean
}

/** More problems in one pattern say nothing new. */
const MAX_PROBLEMS = 5
const SPECIAL = '*?+[]!\\'
/** Characters that git refuses in the name of a ref; those that are special in a pattern are left out. */
const NOT_IN_REFS = /[\s~^:\u0000-\u001f\u007f]/

/** In the order of the text, at most 5. */
export function globProblems(pattern: string, kind: GlobKind): readonly GlobProblem[] {
  const problems: GlobProblem[] = []
  const add = (start: number, end: number, text: string, isIdle = false): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ start, end, text, isIdle })
  }
  const from = pattern.startsWith('!') ? 1 : 0
  if (pattern === '!') add(0, 1, "excludes nothing; a pattern has to follow the '!'")
  if (kind === 'path') checkPath(pattern, from, add)
  if (kind === 'ref') checkRef(pattern, from, add)
  let isRepeatable = false
  for (let index = from; index < pattern.length; index++) {
    const character = pattern[index] ?? ''
    if (character === '\\') {
      const next = pattern[index + 1] ?? ''
      // Windows writes paths with it, and there it is only a character that never matches.
      if (kind !== 'path' && (next === '' || !SPECIAL.includes(next))) add(index, index + 1, `has a '\\' that escapes nothing; it stands only before ${[...SPECIAL].join(' ')}`)
      else index++
      isRepeatable = true
    } else if (character === '[') {
      const end = checkSet(pattern, index, add)
      if (end === -1) return problems
      index = end
      isRepeatable = true
    } else if (character === '?' || character === '+') {
      if (!isRepeatable) add(index, index + 1, `has a '${character}' with no character before it to repeat`)
      isRepeatable = false
    } else isRepeatable = character !== '*'
  }
  return problems.sort((a, b) => a.start - b.start)
}

type Add = (start: number, end: number, text: string, isIdle?: boolean) => void

function checkPath(pattern: string, from: number, add: Add): void {
  const body = pattern.slice(from)
  const end = pattern.length
  if (body !== '' && body.trim() === '') return add(from, end, 'is only white space')
  if (/^\s/.test(body)) add(from, from + 1, 'begins with white space, which no path does')
  if (/\s$/.test(body)) add(end - 1, end, 'ends with white space, which no path does')
  if (/^\.{1,2}(\/|$)/.test(body)) add(from, end, "is relative; paths begin at the top of the repository, without './' and '../'")
}

function checkRef(pattern: string, from: number, add: Add): void {
  const end = pattern.length
  const body = pattern.slice(from)
  if (body.startsWith('/')) add(from, from + 1, "begins with '/', as no ref does")
  if (body.length > 1 && body.endsWith('/')) add(end - 1, end, "ends with '/', as no ref does")
  if (body.endsWith('.')) add(end - 1, end, "ends with '.', as no ref does")
  if (body.endsWith('.lock')) add(end - 5, end, "ends with '.lock', as no ref does")
  for (const part of ['//', '..', '@{', '/.']) {
    const at = pattern.indexOf(part, from)
    if (at !== -1) add(at, at + part.length, `contains '${part}', as no ref does`)
  }
  for (let index = from; index < end; index++) {
    const character = pattern[index] ?? ''
    if (!NOT_IN_REFS.test(character)) continue
    return add(index, index + 1, `contains ${character.trim() === '' ? 'white space' : `'${character}'`}, which git allows in no ref`)
  }
}

/** The offset of the closing bracket, or -1 where there is none. */
function checkSet(pattern: string, start: number, add: Add): number {
  const end = pattern.indexOf(']', start + 1)
  if (end === -1) {
    add(start, pattern.length, "has a '[' without a ']'")
    return -1
  }
  const set = pattern.slice(start + 1, end)
  if (set === '') add(start, end + 1, "has an empty set '[]'")
  else if (set.length === 1 && set !== '!') add(start, end + 1, `has a set of one character; '${set}' alone says the same`, !SPECIAL.includes(set))
  for (let index = 0; index + 2 < set.length; index++) {
    if (set[index + 1] !== '-') continue
    const [low = '', high = ''] = [set[index], set[index + 2]]
    if (low > high) add(start + 1 + index, start + 4 + index, `has the range '${low}-${high}', which ends before it begins`)
    index += 2
  }
  return end
}
