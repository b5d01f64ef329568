// Path globs of the policy file: `*` and `?` stay inside one folder, `**` stands for any number of folders, a pattern without `/`
// is meant for files of that name anywhere. Linear in pattern times path, whatever the pattern: it may be a stranger's.

/** Whether one of the patterns matches the path (relative to the repository, with `/`). */
export function matchesPath(patterns: readonly string[], path: string): boolean {
  const parts = path.split('/')
  return patterns.some((pattern) => matchesParts(partsOf(pattern), parts))
}

/** A pattern for `matchesParts`, where it meets many paths. */
export function partsOf(pattern: string): readonly string[] {
  const parts = (pattern.startsWith('./') ? pattern.slice(2) : pattern).split('/').filter((part) => part !== '')
  if (pattern.endsWith('/')) return [...parts, '**']
  return parts.length === 1 ? ['**', ...parts] : parts
}

/** Both by their parts. */
export const matchesParts = (pattern: readonly string[], path: readonly string[]): boolean => matches(pattern, path, '**', matchesName)

/** `*` for any characters, `?` for one; the rest counts as written. */
export const matchesName = (pattern: string, name: string): boolean =>
  /[*?]/.test(pattern) ? matches([...pattern], [...name], '*', (a, b) => a === '?' || a === b) : pattern === name

/** The usual two pointers: what the last star took is taken back one by one. */
function matches(pattern: readonly string[], subject: readonly string[], star: string, fits: (pattern: string, item: string) => boolean): boolean {
  let at = 0
  let starAt = -1
  let resumeAt = 0
  for (let i = 0; i < subject.length;) {
    const part = pattern[at]
    if (part === star) {
      starAt = at++
      resumeAt = i
    } else if (part !== undefined && fits(part, subject[i] ?? '')) {
      at++
      i++
    } else if (starAt >= 0) {
      at = starAt + 1
      i = ++resumeAt
    } else return false
  }
  while (pattern[at] === star) at++
  return at === pattern.length
}
