// Whether a step surely gets along without the git credentials that a checkout left on the disk.
import type { Repository } from '../workflow/repository.ts'
import type { Step } from '../workflow/step.ts'
import { actionNeeds } from './action-needs.ts'
import { runNeeds } from './command-needs.ts'
import { unknownNeeds } from './needs.ts'

/** Actions that read contents through the API only: they look for a version of their tool. */
const READS_RELEASES = /^actions\/|\/setup-[\w.-]+$/i

/** False where a program or action is not known: it may push. */
export function needsNoGit(step: Step, repository: Repository): boolean {
  if (step.steps.length > 0) return true
  // A checkout brings its own token; files of the repository and images may run git.
  if (step.uses?.name.toLowerCase() === 'actions/checkout') return true
  if (step.uses !== null && step.uses.form !== 'repository') return false
  const run = runNeeds(step)
  const action = actionNeeds(step, repository, () => unknownNeeds('a local action'))
  if (run.unknown.length > 0 || action.unknown.length > 0 || run.scopes.has('contents')) return false
  const contents = action.scopes.get('contents')
  return contents === undefined || (contents === 'read' && step.uses !== null && READS_RELEASES.test(step.uses.name))
}
