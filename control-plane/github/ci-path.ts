// Which paths of a repository hold CI: what the worker reads from the code host, and what must be unchanged for a fix to hold.
import { ACTIONS_LOCK, isPipelinePath } from '../../worktree/pipeline-path.ts'

export const isCiPath = (path: string): boolean => isPipelinePath(path) || path === ACTIONS_LOCK
