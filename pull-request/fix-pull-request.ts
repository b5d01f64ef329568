// Keeps the one fix pull request of a repository's default branch in step with the newest analysis: opens, updates, closes or
// leaves it. Never overwrites: our branch moves by fast-forward only, and a branch that a person touched is left to them.
// Can be cut and run again at any point: it reads what stands on the code host first, and `pushes` knows what was pushed.
import { isCiPath } from '../analysis/pipeline-path.ts'
import { gitBlobId } from './blob-id.ts'
import type { GithubClient } from './client.ts'
import { CodeHostError } from './code-host-error.ts'
import { codeHostFailure, refusalSays, refusedStatus } from './code-host-failure.ts'
import { readCommitTree } from './commit-tree.ts'
import type { RepositoryName, TreeEntry } from './commit-tree.ts'
import { isLeftover, isOurs } from './fix-branch-owner.ts'
import { createCommit, createTree, fixBranchOf, pushHead, readHead, treeOf } from './fix-branch.ts'
import type { FileChange } from './fix-branch.ts'
import { closedCommentMarker, formatFixMarker, FOREIGN_COMMENT_MARKER, replaceFixMarker } from './fix-marker.ts'
import type { FixMarker } from './fix-marker.ts'
import { readFixState } from './fix-pull-request-state.ts'
import type { FixPullRequest, FixState } from './fix-pull-request-state.ts'
import { sayOnce } from './say-once.ts'

export interface FixPlan {
  /** Hash of what is fixed and how, 64 hex digits: the same while only lines move. */
  readonly hash: string
  readonly changes: readonly FileChange[]
  readonly title: string
  readonly commitMessage: string
  /** The pull request's text without the marker. */
  readonly body: string
}

/** What a pull request says. */
export interface PullRequestText {
  readonly title: string
  /** With the marker. */
  readonly body: string
}

export interface Push {
  readonly branch: string
  readonly from: string | null
  readonly to: string
  /** Of the pull request when this is its newest commit. */
  readonly text: PullRequestText
}

/** What is remembered of a push; without its text where nobody kept that. */
export type KnownPush = Pick<Push, 'from' | 'to'> & Partial<Pick<Push, 'text'>>

/** The caller's memory of what it pushed: fills the gap when it dies between a push and the marker that tells of it. */
export interface Pushes {
  /** Called before the branch moves; what it throws stops the push. `open` is the pull request that is updated. */
  record(push: Push, open: FixPullRequest | null): Promise<void>
  /** Of these commits, those that are known to be ours. */
  find(commits: readonly string[]): Promise<readonly KnownPush[]>
  /** What the caller did by pushing this commit, where it was cut before it heard so; null for commits of others. Absent: it cannot know. */
  readonly doneBy?: (commit: string) => 'opened' | 'updated' | null
}

export interface FixRequest {
  readonly repository: RepositoryName
  readonly defaultBranch: string
  /** The analysed commit, and its tree's entries by path. */
  readonly commit: string
  readonly entries: ReadonlyMap<string, TreeEntry>
  readonly plan: FixPlan
  /** Takes the base into the branch also where it has all fixes already. */
  readonly rebases?: boolean
}

export interface FixOutcome {
  /** 'foreign': a person owns the branch, we commented and left it. 'declined': a person closed it with the same fixes. 'waiting': there are fixes, and it may not be opened now. */
  readonly state: 'opened' | 'waiting' | 'updated' | 'unchanged' | 'closed' | 'foreign' | 'declined' | 'none'
  readonly number: number | null
  readonly url: string | null
  /** Why it is not as asked, for a person. */
  readonly reason: string | null
}

interface World {
  readonly client: GithubClient
  readonly pushes: Pushes
  /** Asked before a pull request is opened: null, or why there must not be one now, for a person. */
  readonly mayOpen: () => Promise<string | null>
}

interface Situation extends FixState {
  readonly branch: string
  /** The default branch's commit now. */
  readonly base: string
}

/** Rounds against somebody who pushes at the same moment. */
const ROUNDS = 3

const ended = (state: FixOutcome['state'], pull: FixPullRequest | null, reason: string | null = null): FixOutcome => ({
  state, number: pull?.number ?? null, url: pull?.url ?? null, reason,
})

/** Throws a CodeHostError, what `pushes` throws, or an answer that has no code. */
export async function syncFixPullRequest(world: World, request: FixRequest): Promise<FixOutcome> {
  for (let round = 1; ; round++) {
    try {
      return await syncOnce(world, request)
    } catch (error) {
      const known = codeHostFailure(error)
      if (!(known instanceof CodeHostError && known.code === 'BRANCH_MOVED') || round === ROUNDS) throw known
    }
  }
}

async function syncOnce(world: World, request: FixRequest): Promise<FixOutcome> {
  const { client } = world
  const { repository, defaultBranch, plan } = request
  const base = await readHead(client, repository, defaultBranch)
  if (base === null) throw new CodeHostError('DEFAULT_BRANCH_MISSING', { detail: defaultBranch })
  const branch = fixBranchOf(defaultBranch)
  if (!(await isCurrent(client, request, base))) return leaveToNewer(world, request, { branch, base })
  const situation = { ...(await readFixState(client, repository, { branch, base: defaultBranch })), branch, base }
  const { open } = situation
  if (open !== null) {
    if (!(await isOurs(world, repository, situation, open))) return leaveToPerson(client, repository, open)
    return plan.changes.length === 0 ? closePullRequest(client, repository, open, base) : updatePullRequest(world, request, situation, open)
  }
  if (plan.changes.length === 0) return ended('none', null)
  const declined = situation.closed.find(({ marker, isMerged }) => marker?.fix === plan.hash && !marker.closedByUs && !isMerged)
  if (declined) return ended('declined', declined, 'a person closed the pull request with these fixes')
  const hindrance = await world.mayOpen()
  return hindrance === null ? openPullRequest(world, request, situation) : ended('waiting', null, hindrance)
}

/** A fix is made for the base as it is now: the analysed commit, or one whose CI files are the same. */
async function isCurrent(client: GithubClient, { repository, commit, entries }: FixRequest, base: string): Promise<boolean> {
  if (base === commit) return true
  const now = await readCommitTree(client, { repository, commit: base, folders: [] })
  const ciFiles = (of: ReadonlyMap<string, TreeEntry>) => [...of].filter(([path]) => isCiPath(path)).map(([path, { sha, mode }]) => `${path} ${mode} ${sha}`)
  return now.complete && ciFiles(now.entries).sort().join('\n') === ciFiles(entries).sort().join('\n')
}

/** What an earlier attempt pushed it did not always get to tell of, and the newer analysis may have ended before that push. */
async function leaveToNewer(world: World, request: FixRequest, { branch, base }: Pick<Situation, 'branch' | 'base'>): Promise<FixOutcome> {
  const { open, head } = await tellOfHead(world, request, branch)
  const done = head === null ? null : world.pushes.doneBy?.(head) ?? null
  if (open !== null && done !== null) return ended(done, open)
  return ended('none', null, `${request.defaultBranch} has moved on to ${base}; the analysis of that commit sees to the pull request`)
}

/** Where the pull request does not speak of its branch's head, which is ours, it gets the text of that push; what stands in the end. */
async function tellOfHead(world: World, { repository, defaultBranch }: FixRequest, branch: string): Promise<FixState> {
  const { client, pushes } = world
  for (let round = 1; round <= ROUNDS; round++) {
    const state = await readFixState(client, repository, { branch, base: defaultBranch })
    const { open, head } = state
    if (open === null || head === null || open.marker?.head === head) return state
    const base = await readHead(client, repository, defaultBranch)
    if (base === null || !(await isOurs(world, repository, { head, base }, open))) return state
    const [push] = await pushes.find([head])
    if (push?.text === undefined) return state
    await writeText(client, repository, open, push.text)
  }
  throw new CodeHostError('BRANCH_MOVED', { detail: branch })
}

async function leaveToPerson(client: GithubClient, repository: RepositoryName, open: FixPullRequest): Promise<FixOutcome> {
  await sayOnce(client, repository, open.number, {
    marker: FOREIGN_COMMENT_MARKER,
    text: "Somebody else has changed this branch or this pull request's text, so it is yours now: AutoDevOps leaves it as it is. Close it and delete the branch to get a new one.",
  })
  return ended('foreign', open, 'a person has changed the branch or the text of the pull request')
}

/** The sentence comes first: a run that is cut between the two finds the pull request open, and goes on. */
async function closePullRequest(client: GithubClient, { owner, name }: RepositoryName, open: FixPullRequest, base: string): Promise<FixOutcome> {
  await sayOnce(client, { owner, name }, open.number, { marker: closedCommentMarker(base), text: 'Nothing is left to fix on the base branch, so this pull request is closed.' })
  const body = open.marker ? replaceFixMarker(open.body, { ...open.marker, closedByUs: true }) : open.body
  await client.rest.pulls.update({ owner, repo: name, pull_number: open.number, state: 'closed', body })
  return ended('closed', open)
}

async function updatePullRequest(world: World, request: FixRequest, situation: Situation, open: FixPullRequest): Promise<FixOutcome> {
  const { client } = world
  const { repository, plan, rebases = false } = request
  if (!rebases && open.marker?.fix === plan.hash && open.marker.head === situation.head && (await carries(client, request, situation))) {
    return ended(stateOf(world, situation.head), open)
  }
  const head = await advance(world, request, situation)
  // It was closed or merged while ours was under way: what that means is decided anew.
  if (!(await writeText(client, repository, open, textOf(plan, { base: situation.base, head })))) throw new CodeHostError('BRANCH_MOVED', { detail: situation.branch })
  // Who pushed after us may have told of it before us: then our text stands over a newer one.
  if ((await readHead(client, repository, situation.branch)) !== head) await tellOfHead(world, request, situation.branch)
  return ended('updated', open)
}

/** Whether it is still open. */
async function writeText(client: GithubClient, { owner, name }: RepositoryName, { number }: FixPullRequest, text: PullRequestText): Promise<boolean> {
  const { data } = await client.rest.pulls.update({ owner, repo: name, pull_number: number, ...text })
  return data.state === 'open'
}

/** Everything is as wanted: by this caller's own doing, when it was cut after its push. */
const stateOf = ({ pushes }: World, head: string | null): FixOutcome['state'] => (head === null ? null : pushes.doneBy?.(head)) ?? 'unchanged'

/** Whether the branch has every changed file as the plan wants it: then a base that moved elsewhere is no reason for a commit. */
async function carries(client: GithubClient, { repository, plan }: FixRequest, { head }: Situation): Promise<boolean> {
  if (head === null) return false
  const folders = plan.changes.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))))
  const { entries } = await readCommitTree(client, { repository, commit: head, folders })
  return plan.changes.every(({ path, text }) => entries.get(path)?.sha === gitBlobId(text))
}

async function openPullRequest(world: World, request: FixRequest, situation: Situation): Promise<FixOutcome> {
  const { client } = world
  const { repository: { owner, name }, plan, defaultBranch } = request
  if (situation.head !== null && !(await isLeftover(world, request.repository, situation))) {
    return ended('foreign', null, `the branch ${situation.branch} exists and is not ours; delete or rename it to get a pull request`)
  }
  const head = await advance(world, request, situation)
  try {
    const { data } = await client.rest.pulls.create({
      owner, repo: name, head: situation.branch, base: defaultBranch, ...textOf(plan, { base: situation.base, head }),
    })
    return { state: 'opened', number: data.number, url: data.html_url, reason: null }
  } catch (error) {
    if (refusedStatus(error) !== 422) throw error
    // It may speak of a commit before ours.
    if (refusalSays(error, /pull request already exists/i)) throw new CodeHostError('BRANCH_MOVED', { cause: error })
    throw new CodeHostError('PULL_REQUEST_REFUSED', { cause: error })
  }
}

/** Puts one commit on top of our branch whose tree is the base's plus the fixes; the branch's commit afterwards. */
async function advance({ client, pushes }: World, { repository, plan }: FixRequest, { head, base, branch, open }: Situation): Promise<string> {
  const tree = await createTree(client, repository, { base, changes: plan.changes })
  const parents = head === null ? [base] : await parentsOf(client, repository, { head, base })
  // A run that was cut has pushed it already.
  if (head !== null && parents[0] === head && parents.length === 1 && (await treeOf(client, repository, head)) === tree) return head
  const commit = await createCommit(client, repository, { parents, tree, message: plan.commitMessage })
  await pushes.record({ branch, from: head, to: commit, text: textOf(plan, { base, head: commit }) }, open)
  await pushHead(client, repository, { branch, from: head, to: commit })
  return commit
}

/** Our branch's commit, and the base's unless our branch has it; the base's alone where our branch has nothing of its own. */
async function parentsOf(client: GithubClient, { owner, name }: RepositoryName, { head, base }: { head: string; base: string }): Promise<string[]> {
  const { data } = await client.rest.repos.compareCommitsWithBasehead({ owner, repo: name, basehead: `${base}...${head}` })
  if (data.ahead_by === 0) return [base]
  return data.behind_by === 0 ? [head] : [head, base]
}

const textOf = ({ title, body, hash }: FixPlan, { base, head }: Pick<FixMarker, 'base' | 'head'>): PullRequestText => ({
  title, body: `${body}\n\n${formatFixMarker({ base, head, fix: hash, next: null, closedByUs: false })}\n`,
})
