// A repository on the gateway and everything that keeping its fix pull request in step needs, with a plan that a test writes.
import { createHash } from 'node:crypto'
import type { GithubClient } from '../../pull-request/client.ts'
import { readCommitTree } from '../../pull-request/commit-tree.ts'
import { syncFixPullRequest } from '../../pull-request/fix-pull-request.ts'
import type { FixOutcome, FixPlan, Push, Pushes } from '../../pull-request/fix-pull-request.ts'
import { createMarkedPushes } from '../../pull-request/marked-pushes.ts'
import type { Gateway } from '../github-gateway/start-gateway.ts'
import { clientWith } from './acme-fixture.ts'

export const PATH = '.github/workflows/ci.yml'
export const BRANCH = 'autodevops/fix-main'

export interface FixFixture {
  readonly repo: string
  readonly commit: string
  readonly client: GithubClient
  readonly pushed: Push[]
  /** `fixes` by path; a `name` stands for what is fixed: the same name is the same fix hash. `hindrance`: why none may be opened. */
  sync(commit: string, fixes: Readonly<Record<string, string>>, options?: { readonly name?: string; readonly pushes?: Pushes | 'marked'; readonly hindrance?: string | null }): Promise<FixOutcome>
  head(): Promise<string>
  pulls(): ReturnType<Gateway['listPullRequests']>
}

let count = 0

export async function makeFixFixture(github: Gateway, files: Readonly<Record<string, string>> = { 'README.md': 'a\n', [PATH]: 'old\n' }): Promise<FixFixture> {
  const { fullName: repo, commit } = await github.createRepository({ owner: 'acme', name: `fix-${++count}`, files })
  const client = clientWith(github, { contents: 'write', pull_requests: 'write', issues: 'write', workflows: 'write', metadata: 'read' })
  const repository = { owner: 'acme', name: repo.split('/')[1] ?? '' }
  const pushed: Push[] = []
  const memory: Pushes = {
    record: (push) => Promise.resolve(void pushed.push(push)),
    find: (commits) => Promise.resolve(pushed.filter(({ to }) => commits.includes(to))),
  }
  return {
    repo, commit: commit ?? '', client, pushed,
    sync: async (at, fixes, { name = JSON.stringify(fixes), pushes = memory, hindrance = null } = {}) => {
      const { entries } = await readCommitTree(client, { repository, commit: at, folders: [] })
      const plan: FixPlan = {
        hash: createHash('sha256').update(name).digest('hex'), title: 'Repair', commitMessage: 'Repair\n', body: `Repairs ${name.slice(0, 20)}`,
        changes: Object.entries(fixes).map(([path, text]) => ({ path, text, mode: entries.get(path)?.mode ?? '100644' })),
      }
      const known = pushes === 'marked' ? createMarkedPushes({ client, repository, plan }) : pushes
      return syncFixPullRequest({ client, pushes: known, mayOpen: () => Promise.resolve(hindrance) }, { repository, defaultBranch: 'main', commit: at, entries, plan })
    },
    head: async () => (await github.branchHead(repo, BRANCH)) ?? '',
    pulls: () => github.listPullRequests(repo),
  }
}

type Request = Parameters<Parameters<Gateway['fault']>[0]['when']>[0]

/** Picks the requests of that method whose path holds `part`: where a fault or an interruption happens. */
export const calls = (method: string, part: string) => (request: Request): boolean => request.method === method && request.path.includes(part)

export async function parentsOf(github: Gateway, repo: string, commit: string): Promise<string[]> {
  const { parents } = await github.readCommit(repo, commit)
  return parents.map(({ sha }) => sha)
}
