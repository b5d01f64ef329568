// A real git repository with one workflow, whose commits are made by Jane on 2026-11-20. The tag `accepted` stands at the first.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../worktree/make-folder.ts'

export const CI = '.github/workflows/ci.yml'
const NOON = '2026-11-20T12:00:00Z'
const SETTINGS = { 'user.name': 'Jane', 'user.email': 'jane@example.com', 'commit.gpgsign': 'false' }

export function workflowRepository(text: string) {
  const folder = makeFolder({ [CI]: text })
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, GIT_AUTHOR_DATE: NOON, GIT_COMMITTER_DATE: NOON } })
  /** The new commit's id. */
  const commit = (after: string): string => {
    writeFileSync(join(folder, CI), after)
    git('add', '-A')
    git('commit', '-q', '-m', 'change')
    return git('rev-parse', 'HEAD').trim()
  }
  git('init', '-q')
  for (const [name, value] of Object.entries(SETTINGS)) git('config', name, value)
  commit(text)
  git('tag', 'accepted')
  return { folder, git, commit }
}
