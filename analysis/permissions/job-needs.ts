// What a job needs of GITHUB_TOKEN: the sum of its steps, or of the workflow that it calls. Follows files of the repository only.
import type { Job } from '../workflow/job.ts'
import type { Repository } from '../workflow/repository.ts'
import type { Step } from '../workflow/step.ts'
import type { Permissions } from '../workflow/permissions.ts'
import type { TokenNeeds } from './needs.ts'
import { shorten } from '../shorten.ts'
import { everyStep } from '../workflow/step.ts'
import { actionNeeds } from './action-needs.ts'
import { runNeeds } from './command-needs.ts'
import { addNeeds, because, needsOf, unknownNeeds } from './needs.ts'
import { handsOverToken } from './token-access.ts'

/** GitHub's own limit on calls inside calls. */
const MAX_DEPTH = 10

/** The needs of a local action's steps, which belong to one repository: every job that uses it asks. */
const followed = new WeakMap<readonly Step[], TokenNeeds>()

/** The needs of a job's steps, its images and the workflow that it calls. */
export function jobNeeds(job: Job, repository: Repository): TokenNeeds {
  return needsOfJob(job, repository, 0)
}

function needsOfJob(job: Job, repository: Repository, depth: number): TokenNeeds {
  if (job.uses !== null) return calledNeeds(job.uses.text, repository, depth + 1)
  const images = [job.container, ...job.services].some((image) => image !== null && handsOverToken(image.node)) ? [because('images of the job', needsOf({ packages: 'read' }))] : []
  return addNeeds([...images, needsOfSteps(job.steps, repository, depth)])
}

function needsOfSteps(steps: readonly Step[], repository: Repository, depth: number): TokenNeeds {
  if (depth > MAX_DEPTH) return unknownNeeds('actions inside actions')
  const follow = (inner: readonly Step[]): TokenNeeds => {
    let needs = followed.get(inner)
    if (needs === undefined) followed.set(inner, (needs = needsOfSteps(inner, repository, depth + 1)))
    return needs
  }
  return addNeeds(everyStep(steps).flatMap((step) => [runNeeds(step), actionNeeds(step, repository, follow)].map((needs) => because(inWords(step), needs))))
}

/** What the step calls itself, or what it uses. */
function inWords({ name, uses }: Step): string {
  const words = name?.text ?? uses?.text.replace(/@.*$/s, '') ?? 'a script'
  return shorten(words)
}

/** A called workflow gets at most what its caller has, so the caller needs what the callee's jobs declare or use. */
function calledNeeds(text: string, repository: Repository, depth: number): TokenNeeds {
  const path = /^(?:\.|\$)\/(.+)$/.exec(text)?.[1]
  const workflow = path === undefined ? undefined : repository.file(path)?.workflow
  if (!workflow || depth > MAX_DEPTH) return unknownNeeds(text)
  return addNeeds(workflow.jobs.map((job) => {
    const declared = job.permissions ?? workflow.permissions
    return because(text, declared === null ? needsOfJob(job, repository, depth) : declaredNeeds(declared, text))
  }))
}

function declaredNeeds({ kind, scopes }: Permissions, text: string): TokenNeeds {
  if (kind === 'empty') return needsOf({})
  if (kind !== 'scopes') return unknownNeeds(text)
  return needsOf(Object.fromEntries(scopes.filter(({ access }) => access === 'read' || access === 'write').map(({ name, access }) => [name, access])))
}
