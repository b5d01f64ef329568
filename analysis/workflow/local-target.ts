// The files behind `uses: ./...` and `uses: $/...`: a local action, or a local workflow. Leaves out other repositories, and
// whether what is there is sound (rule local-target).
import type { ActionMetadata } from './action-metadata.ts'
import type { PipelineFile } from './pipeline-file.ts'
import type { Repository } from './repository.ts'
import type { Uses } from './uses.ts'
import type { Workflow } from './workflow.ts'

/** The path that a local `uses` names, relative to the repository; null for other forms. */
export function localPath({ form, text }: Uses): string | null {
  return form === 'local' || form === 'self' ? text.replace(/^(?:\.|\$)\/?/, '').replace(/\/+$/, '') : null
}

/** The metadata of the local action that a step uses; null when it is none, or not among the CI files. */
export function localAction(uses: Uses, repository: Repository): ActionMetadata | null {
  const folder = localPath(uses)
  if (folder === null) return null
  const find = (name: string): PipelineFile | undefined => repository.file(folder === '' ? name : `${folder}/${name}`)
  return (find('action.yml') ?? find('action.yaml'))?.action ?? null
}

/** The local workflow that a job calls; null when it is none, or not among the CI files. */
export function localWorkflow(uses: Uses, repository: Repository): Workflow | null {
  const path = localPath(uses)
  return path === null ? null : (repository.file(path)?.workflow ?? null)
}

/** 'file': metadata or workflow that was read; 'missing': the repository surely has none; 'unknown': nobody can tell. */
export type LocalTarget =
  | { readonly kind: 'file'; readonly file: PipelineFile; readonly path: string }
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'unknown' }

const UNKNOWN: LocalTarget = { kind: 'unknown' }
const METADATA: readonly string[] = ['action.yml', 'action.yaml']
/** A folder with one of these alone is an action too. */
const DOCKERFILES: readonly string[] = ['Dockerfile', 'dockerfile']

/** Null for a `uses` that leads elsewhere. `path` is an action's folder ('' for the top) or a workflow's file, without `.` and `..`. */
export function localTarget(uses: Uses, repository: Repository): LocalTarget | null {
  const { paths } = repository
  const written = localPath(uses)
  if (written === null) return null
  const path = normalised(written)
  if (path === null || written.includes('@')) return UNKNOWN
  const candidates = uses.place === 'job' ? [path] : METADATA.map((name) => below(path, name))
  for (const candidate of candidates) {
    const found = repository.file(candidate)
    if (found !== undefined) return { kind: 'file', file: found, path }
  }
  // What a submodule or a symbolic link brings is not listed.
  if (paths === null || (uses.place === 'step' && !listsCode(repository)) || paths.has('.gitmodules') || foldersOf(path).some((folder) => paths.has(folder))) return UNKNOWN
  return [...candidates, ...DOCKERFILES.map((name) => below(path, name))].some((each) => paths.has(each)) ? UNKNOWN : { kind: 'missing', path }
}

/** False for a list of nothing but configuration, which is no list of all paths. */
export function listsCode({ paths }: Repository): boolean {
  for (const path of paths ?? []) if (!/\.ya?ml$/.test(path)) return true
  return false
}

/** `folder/name`, or the name alone at the top. */
export const below = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

/** Without `.`, `..` and empty parts; null when it leaves the repository. */
export function normalised(path: string): string | null {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..' && parts.pop() === undefined) return null
    if (part !== '' && part !== '.' && part !== '..') parts.push(part)
  }
  return parts.join('/')
}

/** The path itself and every folder above it. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}
