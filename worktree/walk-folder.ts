// Lists a folder that has no usable git index: breadth first, so that what lies near the top is found before the limit is met.
// Skips .git and node_modules, follows no symbolic link, and does not enter another repository inside it.
import * as path from 'node:path'
import type { FileSystem } from './file-system.ts'

const MAX_WALKED_ENTRIES = 100_000

export interface Walk {
  /** Files and symbolic links, relative to the folder, with `/`, ascending. */
  readonly paths: readonly string[]
  /** Repositories inside, relative to the folder, with `/`. */
  readonly repositories: readonly string[]
  /** Why the list has holes, or null. */
  readonly incomplete: string | null
}

const SKIPPED = new Set(['.git', 'node_modules'])

export function walkFolder(fs: FileSystem, root: string, maxEntries: number = MAX_WALKED_ENTRIES): Walk {
  const paths: string[] = []
  const repositories: string[] = []
  let incomplete: string | null = null
  let seen = 0
  const queue: string[] = ['']
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const entries = entriesOf(fs, path.join(root, next))
    if (entries === null) {
      incomplete = `folder ${next === '' ? '.' : next} cannot be listed`
      continue
    }
    if (next !== '' && entries.some(({ name }) => name === '.git')) {
      repositories.push(next)
      continue
    }
    seen += entries.length
    if (seen > maxEntries) {
      incomplete = `more than ${maxEntries} entries`
      break
    }
    for (const entry of entries) {
      const below = next === '' ? entry.name : `${next}/${entry.name}`
      if (!entry.isDirectory()) paths.push(below)
      else if (!SKIPPED.has(entry.name)) queue.push(below)
    }
  }
  return { paths: paths.sort(), repositories: repositories.sort(), incomplete }
}

function entriesOf(fs: FileSystem, folder: string) {
  try {
    return fs.readdirSync(folder, { withFileTypes: true })
  } catch {
    return null
  }
}
