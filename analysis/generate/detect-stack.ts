// What a repository is made of, from its list of paths: languages, package managers with their lock files, and whether it has tests.
// Leaves out what only the text of a manifest or a build would show.
import type { Ecosystem, Language, ManagerFiles } from './stack-table.ts'
import { COPIED_FOLDER, FOREIGN_FOLDER, KINDS, LANGUAGES, LANGUAGE_FILES, MANAGERS } from './stack-table.ts'

/** The dependencies that one manager keeps in one folder. */
export interface Project {
  readonly ecosystem: Ecosystem
  readonly alsoWatchedBy: readonly string[]
  readonly language: Language | null
  readonly manager: string
  /** '' for the top. */
  readonly folder: string
  /** The file that lists the dependencies. */
  readonly manifest: string
  readonly lockFile: string | null
}

export interface Stack {
  /** Those with sources of the repository's own, most files first. */
  readonly languages: readonly Language[]
  /** By folder, the top first. */
  readonly projects: readonly Project[]
  /** `node`, `python` ... with the paths of their manifests, in the order of the table. */
  readonly kinds: ReadonlyMap<string, readonly string[]>
  /** The first test file of each language that has one. */
  readonly tests: ReadonlyMap<Language, string>
}

const known = new WeakMap<ReadonlySet<string>, Stack>()

/** Read once for a set of paths: several rules ask. */
export function detectStack(paths: ReadonlySet<string>): Stack {
  let stack = known.get(paths)
  if (stack === undefined) {
    stack = readStack(paths)
    known.set(paths, stack)
  }
  return stack
}

function readStack(paths: ReadonlySet<string>): Stack {
  const counts = new Map<Language, number>()
  const tests = new Map<Language, string>()
  const manifests = new Map<string, { readonly files: ManagerFiles; readonly path: string }>()
  const kinds = new Map<string, string[]>(KINDS.map(([kind]) => [kind, []]))
  for (const path of paths) {
    const isForeign = FOREIGN_FOLDER.test(path)
    for (const language of LANGUAGES) {
      const { source, test } = LANGUAGE_FILES[language]
      if (!source.test(path)) continue
      if (!isForeign) counts.set(language, (counts.get(language) ?? 0) + 1)
      if (test?.test(path) === true && !tests.has(language) && !COPIED_FOLDER.test(path)) tests.set(language, path)
    }
    if (isForeign) continue
    addManifest(manifests, path)
    for (const [kind, manifest] of KINDS) if (manifest.test(path)) kinds.get(kind)?.push(path)
  }
  const projects = [...manifests.values()].map(({ files, path }) => projectOf({ files, path, paths }))
  return {
    languages: [...counts].sort((a, b) => b[1] - a[1]).map(([language]) => language),
    projects: projects.sort((a, b) => depthOf(a.folder) - depthOf(b.folder) || (a.manifest < b.manifest ? -1 : 1)),
    kinds: new Map([...kinds].filter(([, found]) => found.length > 0)),
    tests,
  }
}

/** The first manager of a folder and language that has a manifest there. */
function addManifest(manifests: Map<string, { readonly files: ManagerFiles; readonly path: string }>, path: string): void {
  for (const files of MANAGERS) {
    if (!files.lists.test(path)) continue
    const key = `${folderOf(path)} ${files.language ?? files.ecosystem}`
    const known = manifests.get(key)
    if (known === undefined || MANAGERS.indexOf(files) < MANAGERS.indexOf(known.files)) manifests.set(key, { files, path })
  }
}

interface Found {
  readonly files: ManagerFiles
  readonly path: string
  readonly paths: ReadonlySet<string>
}

function projectOf({ files, path, paths }: Found): Project {
  const { ecosystem, alsoWatchedBy, language, manager, lock } = files
  const folder = folderOf(path)
  const lockFile = lock === null ? null : ([...paths].find((each) => folderOf(each) === folder && lock.test(each)) ?? null)
  return { ecosystem, alsoWatchedBy, language, manager, folder, manifest: path, lockFile }
}

/** '' for the top. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const depthOf = (folder: string): number => (folder === '' ? 0 : folder.split('/').length)
