// The local actions and called workflows that files name with `uses: ./x`, read along so that rules can compare both sides.
// Nobody reports on them. Found by a scan of the text: a file is parsed once, by the engine.
import type { SourceFile } from '../analysis/analyse.ts'
import type { Worktree } from './open-worktree.ts'

/** More than this no person calls. */
const MAX_NEIGHBOURS = 200
const LOCAL_USES = /\buses["']?\s*:\s*["']?[.$]\/([^\s"',}#]*)/g

/** What the files name, and what that names in turn; files that are already read, and those that do not exist, are left out. */
export function readNeighbours(worktree: Worktree, files: readonly SourceFile[]): readonly SourceFile[] {
  const known = new Set(files.map(({ path }) => path))
  const neighbours: SourceFile[] = []
  const open = [...files]
  for (let file = open.pop(); file !== undefined && neighbours.length < MAX_NEIGHBOURS; file = open.pop()) {
    if (!('text' in file)) continue
    for (const candidate of namedBy(file.text)) {
      if (known.has(candidate) || known.size > files.length + 4 * MAX_NEIGHBOURS) continue
      known.add(candidate)
      const read = worktree.read(candidate)
      if (!('text' in read)) continue
      neighbours.push(read)
      open.push(read)
    }
  }
  return neighbours
}

/** A name that ends like a file is a workflow, another one the folder of an action. */
function namedBy(text: string): readonly string[] {
  return [...text.matchAll(LOCAL_USES)].flatMap(([, name = '']) => {
    const path = name.split('/').filter((part) => part !== '' && part !== '.').join('/')
    if (path.split('/').includes('..')) return []
    return /\.ya?ml$/.test(path) ? [path] : ['action.yml', 'action.yaml'].map((file) => (path === '' ? file : `${path}/${file}`))
  })
}
