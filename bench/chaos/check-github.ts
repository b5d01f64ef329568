// What stands on the code host in the end: one pull request for each repository, with one commit for each push that was fixed,
// all of it ours, and nothing said twice.
import type { Gateway } from '../../test/github-gateway/start-gateway.ts'
import { CI_PATH } from '../../test/pull-request/drifted-workflow.ts'
import { parseFixMarker } from '../../pull-request/fix-marker.ts'
import type { StoredAnalyses } from './check-service.ts'
import type { Accepted } from './load.ts'
import type { Tally } from './tally.ts'

interface Parts {
  readonly github: Gateway
  readonly tally: Tally
  /** How many pull requests an organisation's policy allows; one that is missing may have one in each repository. */
  readonly mostOpen: ReadonlyMap<string, number>
}

const BRANCH = 'autodevops/fix-main'
const MOST_COMMITS = 100

export async function checkGithub(parts: Parts, accepted: readonly Accepted[], stored: StoredAnalyses): Promise<void> {
  const { github, tally } = parts
  const byRepository = new Map<string, Accepted[]>()
  for (const each of accepted) byRepository.set(each.repository.fullName, [...(byRepository.get(each.repository.fullName) ?? []), each])
  const pulls = new Map<string, number>()
  for (const [name, own] of byRepository) {
    const [login = ''] = name.split('/')
    pulls.set(login, (pulls.get(login) ?? 0) + (await checkRepository(parts, name, own, stored)))
  }
  for (const [login, most] of parts.mostOpen) {
    const wanted = Math.min(most, [...byRepository.keys()].filter((name) => name.startsWith(`${login}/`)).length)
    if (pulls.get(login) !== wanted) tally.wrong(`${login} has ${pulls.get(login) ?? 0} pull requests, its policy and its repositories make ${wanted}`)
  }
  const { requests } = github
  tally.add('faults of GitHub', 'secondary limit', requests.count({ status: 429 }) + requests.count({ status: 403 }))
  tally.add('GitHub', 'requests', requests.count())
  tally.add('GitHub', 'writes', requests.writes().length)
}

/** How many pull requests it has. */
async function checkRepository({ github, tally, mostOpen }: Parts, name: string, own: readonly Accepted[], stored: StoredAnalyses): Promise<number> {
  const pulls = await github.listPullRequests(name)
  tally.add('GitHub', 'pull requests', pulls.length)
  const [pull] = pulls
  const mayWait = mostOpen.has(name.split('/')[0] ?? '')
  if (pulls.length > 1 || (pulls.length === 0 && !mayWait)) tally.wrong(`${name} has ${pulls.length} pull requests`)
  if (pull !== undefined) await checkPull({ github, tally }, { name, pull, own, stored })
  return pulls.length
}

interface Checked {
  readonly name: string
  readonly pull: Awaited<ReturnType<Gateway['listPullRequests']>>[number]
  readonly own: readonly Accepted[]
  readonly stored: StoredAnalyses
}

async function checkPull({ github, tally }: Omit<Parts, 'mostOpen'>, { name, pull, own, stored }: Checked): Promise<void> {
  const comments = await github.listComments(name, pull.number)
  if (pull.state !== 'open' || comments.length > 0) tally.wrong(`the pull request of ${name} is ${pull.state} with ${comments.length} comments`)
  const marker = parseFixMarker(pull.body)
  if (marker?.head !== pull.head.sha) tally.wrong(`the pull request of ${name} says that it is at ${String(marker?.head)}, and is at ${pull.head.sha}`)
  const last = own.at(-1)
  const wanted = last?.run.submission.files[0]?.text.replace('ubuntu-20.04', 'ubuntu-24.04').replace('"::set-output name=version::1"', '"version=1" >> "$GITHUB_OUTPUT"')
  if ((await github.readFile(name, BRANCH, CI_PATH)) !== wanted) tally.wrong(`the branch of ${name} does not have the fix of its last commit`)
  const made = await checkCommits({ github, tally }, name, new Set(own.map(({ run }) => run.commit)))
  const pushes = [...stored.values()].filter(({ repository }) => repository === name).flatMap((analysis) => analysis.pushes.map(({ to }) => to))
  for (const sha of made) if (!pushes.includes(sha)) tally.wrong(`${name} has the commit ${sha}, of which no analysis knows`)
  checkLog({ github, tally }, name, made.length)
}

/** The branch's own commits, newest first; each has a tree of its own. */
async function checkCommits({ github, tally }: Omit<Parts, 'mostOpen'>, name: string, pushed: ReadonlySet<string>): Promise<string[]> {
  const made: string[] = []
  const trees = new Set<string>()
  let sha = await github.branchHead(name, BRANCH)
  while (sha !== null && !pushed.has(sha) && made.length < MOST_COMMITS) {
    const { tree, parents } = await github.readCommit(name, sha)
    if (trees.has(tree.sha)) tally.wrong(`the branch of ${name} has the same commit twice, the second is ${made.at(-1) ?? sha}`)
    trees.add(tree.sha)
    made.push(sha)
    sha = parents[0]?.sha ?? null
  }
  tally.add('GitHub', 'commits on fix branches', made.length)
  return made
}

/** An answer that was cut off has no status: what was done then is not among these. */
function checkLog({ github: { requests }, tally }: Omit<Parts, 'mostOpen'>, name: string, commits: number): void {
  const opened = requests.count({ method: 'POST', path: `/repos/${name}/pulls`, status: 201 })
  const moves = requests.count({ method: 'POST', path: `/repos/${name}/git/refs`, status: 201 }) + requests.count({ method: 'PATCH', path: `/repos/${name}/git/refs/heads/${BRANCH}`, status: 200 })
  if (opened > 1) tally.wrong(`GitHub opened ${opened} pull requests in ${name}`)
  if (moves > commits) tally.wrong(`the branch of ${name} was moved ${moves} times and has ${commits} commits`)
}
