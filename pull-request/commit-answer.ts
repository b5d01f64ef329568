// The answer to a commit where its people look: a check run, and on a pull request one comment that is kept up to date. What the
// token may not write is left out and said; a comment is only written while the pull request still stands at the commit.
import type { GithubClient } from './client.ts'
import { CodeHostError } from './code-host-error.ts'
import { codeHostFailure } from './code-host-failure.ts'
import type { RepositoryName } from './commit-tree.ts'

export interface CommitAnswer {
  readonly repository: RepositoryName
  readonly commit: string
  /** Null when it is no pull request's. */
  readonly pullNumber: number | null
  readonly title: string
  /** Markdown whose quoted texts are escaped already. */
  readonly text: string
  readonly conclusion: 'success' | 'neutral'
  readonly detailsUrl: string
}

export type Written = 'written' | 'forbidden' | 'outdated' | 'none'

const CHECK_NAME = 'AutoDevOps'
const MARKER = '<!-- autodevops-answer -->'
/** Whoever may write here could change our comment anyway: a stranger's that imitates the marker is never taken for ours. */
const INSIDERS: readonly string[] = ['OWNER', 'MEMBER', 'COLLABORATOR']

/** Throws what the code host answered, unless it only forbids. Safe to run again. */
export async function answerCommit(client: GithubClient, answer: CommitAnswer): Promise<{ readonly checkRun: Written; readonly comment: Written }> {
  return {
    checkRun: await unlessForbidden(() => writeCheckRun(client, answer)),
    comment: answer.pullNumber === null ? 'none' : await unlessForbidden(() => writeComment(client, answer, answer.pullNumber ?? 0)),
  }
}

async function unlessForbidden(work: () => Promise<Written>): Promise<Written> {
  try {
    return await work()
  } catch (error) {
    const known = codeHostFailure(error)
    if (known instanceof CodeHostError && known.code === 'GITHUB_FORBIDDEN') return 'forbidden'
    throw error
  }
}

async function writeCheckRun(client: GithubClient, { repository: { owner, name: repo }, commit, title, text, conclusion, detailsUrl }: CommitAnswer): Promise<Written> {
  const run = { owner, repo, name: CHECK_NAME, status: 'completed', conclusion, details_url: detailsUrl, output: { title, summary: text } } as const
  const { data } = await client.rest.checks.listForRef({ owner, repo, ref: commit, check_name: CHECK_NAME })
  const [known] = data.check_runs
  if (known === undefined) await client.rest.checks.create({ ...run, head_sha: commit })
  else await client.rest.checks.update({ ...run, check_run_id: known.id })
  return 'written'
}

async function writeComment(client: GithubClient, { repository: { owner, name: repo }, commit, text }: CommitAnswer, pullNumber: number): Promise<Written> {
  const { data: pull } = await client.rest.pulls.get({ owner, repo, pull_number: pullNumber })
  if (pull.head.sha !== commit) return 'outdated'
  const body = `${MARKER}\n${text}`
  const [known] = await ownComments(client, { owner, repo, issue_number: pullNumber })
  if (known !== undefined) {
    if (known.body !== body) await client.rest.issues.updateComment({ owner, repo, comment_id: known.id, body })
    return 'written'
  }
  const { data: made } = await client.rest.issues.createComment({ owner, repo, issue_number: pullNumber, body })
  // Another worker may have commented in between: the first one stays.
  const [first] = await ownComments(client, { owner, repo, issue_number: pullNumber })
  if (first !== undefined && first.id !== made.id) {
    await client.rest.issues.updateComment({ owner, repo, comment_id: first.id, body })
    await client.rest.issues.deleteComment({ owner, repo, comment_id: made.id })
  }
  return 'written'
}

/** Oldest first. */
async function ownComments(client: GithubClient, issue: { readonly owner: string; readonly repo: string; readonly issue_number: number }) {
  const comments = await client.paginate(client.rest.issues.listComments, { ...issue, per_page: 100 })
  return comments.filter(({ body, user, author_association }) => body?.startsWith(MARKER) === true && (user?.type === 'Bot' || INSIDERS.includes(author_association)))
}
