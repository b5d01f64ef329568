// The files behind `uses: ./...` and `uses: $/...`: a local action, or a local workflow. Leaves out other repositories.
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
