// The load: every repository gets a few commits, spread over the run, and each commit's run submits it. Some submit twice at the
// same moment, some do not wait for the first answer, some wait for the end.
import { setTimeout as pause } from 'node:timers/promises'
import type { CrashFixture, CrashRepository, CrashRun } from '../../test/e2e/crash-fixture.ts'
import { CI_PATH, DRIFTED } from '../../test/pull-request/drifted-workflow.ts'
import { call } from './client.ts'
import type { Fleet } from './fleet.ts'
import { createRandom, type Random } from './random.ts'
import type { Tally } from './tally.ts'

/** A submission that was answered: the promise that is checked in the end. */
export interface Accepted {
  readonly id: string
  readonly run: CrashRun
  readonly repository: CrashRepository
}

export interface LoadPlan {
  readonly seed: number
  readonly analyses: number
  readonly forMs: number
  readonly organisations: number
}

interface Parts {
  readonly fixture: Pick<CrashFixture, 'repository'>
  readonly fleet: Pick<Fleet, 'apis'>
  readonly tally: Tally
}

export interface Loaded {
  readonly accepted: readonly Accepted[]
  readonly repositories: readonly CrashRepository[]
}

const COMMITS_EACH = 4
const TWICE_SHARE = 0.2
const IMPATIENT_SHARE = 0.2
const WAITING_SHARE = 0.3
/** Every commit but these changes the workflow. */
const OTHER_FILE_SHARE = 0.2

export async function submitAll(parts: Parts, plan: LoadPlan): Promise<Loaded> {
  const count = Math.ceil(plan.analyses / COMMITS_EACH)
  const repositories: CrashRepository[] = []
  while (repositories.length < count) repositories.push(await parts.fixture.repository(`shop-${repositories.length}`, repositories.length % plan.organisations))
  const accepted = await Promise.all(repositories.map((repository, index) => {
    const commits = Math.min(COMMITS_EACH, plan.analyses - index * COMMITS_EACH)
    return submitOf(parts, { repository, commits, forMs: plan.forMs, random: createRandom(plan.seed, `load of ${repository.fullName}`) })
  }))
  return { accepted: accepted.flat(), repositories }
}

interface RepositoryLoad {
  readonly repository: CrashRepository
  readonly commits: number
  readonly forMs: number
  readonly random: Random
}

async function submitOf(parts: Parts, { repository, commits, forMs, random }: RepositoryLoad): Promise<Accepted[]> {
  const accepted: Accepted[] = []
  const times = Array.from({ length: commits }, () => random.next() * forMs).sort((a, b) => a - b)
  const began = Date.now()
  let workflow = DRIFTED
  for (const [round, atMs] of times.entries()) {
    await pause(Math.max(0, began + atMs - Date.now()))
    if (!random.chance(OTHER_FILE_SHARE)) workflow = `${DRIFTED}      - run: echo "round ${round}"\n`
    const run = round === 0 ? repository : await repository.push({ [CI_PATH]: workflow, 'README.md': `round ${round}\n` }, workflow)
    const id = await submit(parts, run, random)
    if (id !== null) accepted.push({ id, run, repository })
  }
  return accepted
}

/** The analysis' id; null when the service refused, which is noted. */
async function submit({ fleet, tally }: Parts, run: CrashRun, random: Random): Promise<string | null> {
  const post = (firstMs?: number) => call({ fleet, random, tally }, { method: 'POST', path: '/analyses', run, ...(firstMs === undefined ? {} : { firstMs }) })
  const [isTwice, isImpatient, waits] = [random.chance(TWICE_SHARE), random.chance(IMPATIENT_SHARE), random.chance(WAITING_SHARE)]
  tally.add('submissions', 'commits submitted')
  if (isTwice) tally.add('submissions', 'of these at both APIs at once')
  try {
    const answers = await Promise.all([post(isImpatient ? random.whole(1, 40) : undefined), ...(isTwice ? [post()] : [])])
    const [id = '', ...others] = new Set(answers.map((answer) => answer.id))
    if (others.length > 0) tally.wrong(`${run.submission.repository} at ${run.commit} is two analyses: ${id} and ${others.join()}`)
    if (waits) await call({ fleet, random, tally }, { method: 'GET', path: `/analyses/${id}?wait=5`, run })
    return id
  } catch (error) {
    tally.wrong(error instanceof Error ? error.message : String(error))
    return null
  }
}
