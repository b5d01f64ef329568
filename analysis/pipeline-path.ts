// Which paths are CI files: workflows directly inside .github/workflows, action metadata anywhere, the settings of the
// update bot and of pre-commit, our own policy file, and the lock file that pins actions. Kind and content are not its business.

const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/
const ACTION = /(?:^|\/)action\.ya?ml$/
const PRE_COMMIT = /^\.pre-commit-config\.ya?ml$/
const DEPENDABOT = /^\.github\/dependabot\.ya?ml$/

/** Where a repository keeps its policy unless the caller names another file. */
export const POLICY_FILE = '.github/autodevops.yml'

/** Read along with the CI files: it pins actions, but nothing is reported on it. */
export const ACTIONS_LOCK = '.github/workflows/actions.lock'

/** Where the code host looks for owners, in its order: the first one counts. No CI file, and read along like one. */
export const CODE_OWNERS_FILES: readonly string[] = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']

/** What findings stand in. `path` is relative to the repository, with `/`. */
export function isPipelinePath(path: string): boolean {
  return path.endsWith('ml') && (isWorkflowPath(path) || ACTION.test(path) || DEPENDABOT.test(path) || PRE_COMMIT.test(path) || path === POLICY_FILE)
}

/** Workflows alone. */
export const isWorkflowPath = (path: string): boolean => WORKFLOW.test(path)

/** What an analysis depends on: the pipelines, and the lock file that pins their actions. */
export const isCiPath = (path: string): boolean => isPipelinePath(path) || path === ACTIONS_LOCK
