// The one file on which findings about the whole repository stand: the first workflow, else the first CI file of another kind.
// Leaves out files that the policy ignores, and our own policy file.
import type { PipelineFile } from './pipeline-file.ts'
import type { Policy } from '../policy/policy.ts'
import type { Repository } from './repository.ts'
import { isPipelinePath, POLICY_FILE } from '../pipeline-path.ts'
import { isIgnored } from '../policy/policy.ts'

interface Surroundings {
  readonly repository: Repository
  readonly policy: Policy
}

const isWorkflow = (path: string): boolean => path.startsWith('.github/workflows/')

/** False for every file where the paths of the repository are not known. */
export function isFirstPipeline({ path }: PipelineFile, { repository, policy }: Surroundings): boolean {
  const { paths } = repository
  if (paths === null || !isPipelinePath(path) || path === POLICY_FILE) return false
  for (const other of paths) {
    if (other === POLICY_FILE || !isPipelinePath(other) || isIgnored(other, policy)) continue
    if (isWorkflow(other) === isWorkflow(path) ? other < path : isWorkflow(other)) return false
  }
  return true
}

/** The first character of the file: what findings about the repository mark. */
export const FIRST_LINE = { start: 0, end: 0 } as const
