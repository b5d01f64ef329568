// How an outsider gets a step to run with secrets and a write token: which events start it, and what the conditions of the step,
// its job, the jobs it waits for and its callers demand first. Leaves out callers in other repositories.
import type { Guards } from './guards.ts'
import type { Job } from './job.ts'
import type { Repository } from './repository.ts'
import type { Step } from './step.ts'
import type { Trigger, Workflow } from './workflow.ts'
import { guardsOf, mergeGuards, NO_GUARDS } from './guards.ts'
import { callsOf } from './calls.ts'
import { scalarsOf, findPair, hasExpression } from './nodes.ts'
import { everyStep } from './step.ts'
import { inputOf } from './step-input.ts'

export interface OutsiderRun {
  readonly event: string
  readonly trigger: Trigger
  readonly guards: Guards
}

/** Events that anyone with an account can cause and that run with the repository's secrets. */
const PRIVILEGED: ReadonlySet<string> = new Set([
  'pull_request_target', 'workflow_run', 'issue_comment', 'issues', 'discussion', 'discussion_comment', 'commit_comment', 'fork', 'watch', 'gollum',
])
const PULL_REQUEST_EVENTS: ReadonlySet<string> = new Set(['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment'])
const FORK_EVENTS: ReadonlySet<string> = new Set([...PRIVILEGED, ...PULL_REQUEST_EVENTS])
const MAX_DEPTH = 6
const NONE: readonly OutsiderRun[] = []

/** Whether anyone with an account can cause the event, and it runs with the repository's secrets. */
export const isPrivilegedEvent = (event: string): boolean => PRIVILEGED.has(event)

/** The runs with secrets that outsiders cause, those that the conditions exclude left out. */
export function outsiderRunsOf(step: Step, repository: Repository): readonly OutsiderRun[] {
  return ofStep(step, { repository, events: PRIVILEGED, depth: 0 }).filter(reaches)
}

/** The runs of a job that a fork's pull request causes. */
export function pullRequestRunsOf(job: Job, repository: Repository): readonly OutsiderRun[] {
  return ofJob(job, { repository, events: PULL_REQUEST_EVENTS, depth: 0 }).filter(reaches)
}

const reaches = ({ guards }: OutsiderRun): boolean => !guards.has('never') && !guards.has('own')

interface Search {
  readonly repository: Repository
  readonly events: ReadonlySet<string>
  readonly depth: number
}

const deeper = (search: Search): Search => ({ ...search, depth: search.depth + 1 })

function ofStep(step: Step, search: Search): readonly OutsiderRun[] {
  const outer = step.job !== null ? ofJob(step.job, search) : ofCallers(step, search)
  if (outer.length === 0) return NONE
  const isChecked = step.job !== null && step.node.start > firstCheckOf(step.job)
  return outer.map((run) => {
    const own = [step, ...parentsOf(step)].map(({ condition, file }) => guardsOf(file.text, condition, run.event))
    return { ...run, guards: mergeGuards([run.guards, ...own, isChecked ? PERSON : NO_GUARDS]) }
  })
}

const PERSON: Guards = new Set(['person'])

function parentsOf({ parent }: Step): readonly Step[] {
  return parent === null ? [] : [parent, ...parentsOf(parent)]
}

function ofCallers(step: Step, search: Search): readonly OutsiderRun[] {
  if (search.depth >= MAX_DEPTH) return NONE
  return callsOf(step.file, search.repository).flatMap((call) => (call.step === null ? NONE : ofStep(call.step, deeper(search))))
}

function ofJob(job: Job, search: Search): readonly OutsiderRun[] {
  const { workflow } = job
  if (search.depth >= MAX_DEPTH) return NONE
  const started = workflow.triggers.flatMap((trigger): readonly OutsiderRun[] => {
    if (trigger.name === 'workflow_call') {
      return callsOf(workflow.file, search.repository).flatMap((call) => (call.job === null ? NONE : ofJob(call.job, deeper(search))))
    }
    return isOutsiders(trigger, search) ? [{ event: trigger.name, trigger, guards: NO_GUARDS }] : NONE
  })
  if (started.length === 0) return NONE
  const chain = waitedFor(job, workflow)
  return started.map((run) => ({ ...run, guards: mergeGuards([run.guards, ...chain.map((link) => guardsOfJob(link, { isOwn: link === job, event: run.event }))]) }))
}

/** The job and the jobs it waits for, which skip it when they are skipped. */
function waitedFor(job: Job, workflow: Workflow): readonly Job[] {
  const chain = new Set<Job>([job])
  for (const link of chain) {
    if (/\b(?:always|failure|cancelled)\s*\(/.test(link.condition?.text ?? '')) continue
    for (const { text } of link.needs) {
      const needed = workflow.jobs.find(({ id }) => id.toLowerCase() === text.toLowerCase())
      if (needed !== undefined) chain.add(needed)
    }
  }
  return [...chain]
}

function guardsOfJob(job: Job, { isOwn, event }: { isOwn: boolean; event: string }): Guards {
  const condition = guardsOf(job.workflow.file.text, job.condition, event)
  const checks = !isOwn && firstCheckOf(job) < Infinity ? PERSON : NO_GUARDS
  return mergeGuards([condition, checks, job.environment === null || isDynamic(job) ? NO_GUARDS : APPROVAL])
}

const APPROVAL: Guards = new Set(['approval'])

const isDynamic = ({ environment }: Job): boolean => environment?.kind === 'scalar' && hasExpression(environment.text)

function isOutsiders(trigger: Trigger, { repository, events }: Search): boolean {
  if (!events.has(trigger.name)) return false
  return trigger.name !== 'workflow_run' || followsOutsiders(trigger, repository)
}

/** A run that follows others is an outsider's unless every one of them is known, and none can be started by one. */
function followsOutsiders(trigger: Trigger, repository: Repository): boolean {
  const names = scalarsOf(findPair(trigger.config, 'workflows')?.value).map(({ text }) => text)
  if (names.length === 0) return true
  return names.some((name) => {
    const followed = repository.pathsMentioning(name).map((path) => repository.file(path)?.workflow).filter((workflow) => workflow?.name?.text === name)
    return followed.length === 0 || followed.some((workflow) => workflow?.triggers.some((started) => FORK_EVENTS.has(started.name)) === true)
  })
}

/** Offset of a job's first step that asks; several rules ask for every step. */
const firstChecks = new WeakMap<Job, number>()

function firstCheckOf(job: Job): number {
  let first = firstChecks.get(job)
  if (first === undefined) firstChecks.set(job, (first = everyStep(job.steps).find(checksPermission)?.node.start ?? Infinity))
  return first
}

const CHECKING_ACTION = /permission|collaborator|membership|is-?member|team-?member|authori[sz]/i
const CHECKING_CALL = /getCollaboratorPermissionLevel|checkCollaborator|collaborators\/[^\s'"]{1,120}\/permission|getMembershipForUser|teams\/[^\s'"]{1,120}\/memberships/

/** A step that asks whether the person may write here, and is trusted to end the job if not. */
function checksPermission(step: Step): boolean {
  if (step.uses !== null && CHECKING_ACTION.test(step.uses.name)) return true
  const script = step.run?.text ?? (step.uses === null ? '' : (inputOf(step, 'script')?.text ?? ''))
  return CHECKING_CALL.test(script)
}
