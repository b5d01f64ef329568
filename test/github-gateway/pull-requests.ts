// What GitHub does with pull requests and the emulator does not: one open pull request per pair of branches, no pull request from
// a branch that is missing or has nothing new, a head that follows its branch, the files that really changed, merges of what is
// there now. Leaves out forks: head and base lie in one repository.
import { jsonAnswer, refusal, textField, type GatewayAnswer, type GatewayRequest } from './gateway-request.ts'
import { mergeBranches } from './merges.ts'
import { branchHead, type Repository } from './repositories.ts'

export interface PullRequest {
  readonly number: number
  readonly state: 'open' | 'closed'
  readonly title: string
  readonly body: string | null
  readonly html_url: string
  readonly user: { readonly login: string }
  readonly merged: boolean
  readonly merged_at: string | null
  readonly head: { readonly ref: string; readonly sha: string }
  readonly base: { readonly ref: string; readonly sha: string }
}

interface ChangedFile {
  readonly filename: string
  readonly previous_filename?: string
  readonly status: string
  readonly additions: number
  readonly deletions: number
  readonly patch?: string
}

interface Comparison {
  readonly ahead_by: number
  readonly files: readonly ChangedFile[]
  readonly commits: readonly unknown[]
}

type Forward = () => Promise<GatewayAnswer>

/** What the emulator cannot be told about a pull request that is no longer open. */
interface Ended {
  readonly headSha: string
  readonly baseSha: string
  readonly merge?: { readonly merged_at: string; readonly merge_commit_sha: string }
}

export type PullRequests = ReturnType<typeof createPullRequests>

export function createPullRequests(repository: Repository) {
  const ended = new Map<number, Ended>()
  const { home, fullName } = repository
  const compare = (base: string, head: string) =>
    home.tell<Comparison>({ method: 'GET', path: `/repos/${fullName}/compare/${encodeURIComponent(base)}...${encodeURIComponent(head)}` })
  const stored = (number: string | number) => home.tell<PullRequest>({ method: 'GET', path: `/repos/${fullName}/pulls/${number}` })

  async function corrected(pull: PullRequest): Promise<PullRequest> {
    const end = ended.get(pull.number)
    const headSha = end?.headSha ?? (await branchHead(repository, pull.head.ref)) ?? pull.head.sha
    const baseSha = end?.baseSha ?? (await branchHead(repository, pull.base.ref)) ?? pull.base.sha
    const merge = end?.merge ? { ...end.merge, merged: true } : {}
    return { ...pull, ...merge, head: { ...pull.head, sha: headSha }, base: { ...pull.base, sha: baseSha } }
  }

  async function withCounts(pull: PullRequest): Promise<object> {
    const { files, commits } = await compare(pull.base.sha, pull.head.sha)
    const sum = (name: 'additions' | 'deletions') => files.reduce((total, file) => total + file[name], 0)
    return { ...pull, commits: commits.length, changed_files: files.length, additions: sum('additions'), deletions: sum('deletions') }
  }

  async function one(answer: GatewayAnswer): Promise<GatewayAnswer> {
    if (answer.status >= 300) return answer
    const pull = await corrected(parse<PullRequest>(answer))
    return { ...answer, body: Buffer.from(JSON.stringify(await withCounts(pull))) }
  }

  async function openRefused(request: GatewayRequest): Promise<GatewayAnswer | null> {
    const head = textField(request.json, 'head').replace(/^[^:/]+:/, '')
    const base = textField(request.json, 'base')
    if ((await branchHead(repository, head)) === null) return invalid('head')
    if ((await branchHead(repository, base)) === null) return invalid('base')
    const open = await home.tell<PullRequest[]>({ method: 'GET', path: `/repos/${fullName}/pulls?state=open&per_page=100` })
    if (open.some((pull) => pull.head.ref === head && pull.base.ref === base)) {
      return custom(`A pull request already exists for ${repository.owner}:${head}.`)
    }
    return (await compare(base, head)).ahead_by === 0 ? custom(`No commits between ${base} and ${head}`) : null
  }

  async function end(number: string | number): Promise<void> {
    const pull = await corrected(await stored(number))
    ended.set(pull.number, { headSha: pull.head.sha, baseSha: pull.base.sha })
  }

  async function patch(request: GatewayRequest, number: string, forward: Forward): Promise<GatewayAnswer> {
    const state = textField(request.json, 'state')
    const before = await stored(number)
    if (state === 'closed' && before.state === 'open') await end(number)
    if (state === 'open' && before.state === 'closed') {
      if ((await branchHead(repository, before.head.ref)) === null) return custom('state cannot be changed. The head branch was deleted.')
      ended.delete(before.number)
    }
    return one(await forward())
  }

  async function close(number: string | number): Promise<void> {
    await end(number)
    await home.tell({ method: 'PATCH', path: `/repos/${fullName}/pulls/${number}`, body: { state: 'closed' } })
  }

  async function merge(number: string | number): Promise<string> {
    const pull = await corrected(await stored(number))
    const sha = await mergeBranches(repository, { head: pull.head, base: pull.base, message: `Merge pull request #${number}\n\n${pull.title}` })
    await close(number)
    const last = ended.get(pull.number)
    if (last) ended.set(pull.number, { ...last, baseSha: pull.base.sha, merge: { merged_at: new Date().toISOString(), merge_commit_sha: sha } })
    return sha
  }

  async function list(forward: Forward): Promise<GatewayAnswer> {
    const answer = await forward()
    if (answer.status !== 200) return answer
    const pulls = await Promise.all(parse<PullRequest[]>(answer).map((pull) => corrected(pull)))
    return { ...answer, body: Buffer.from(JSON.stringify(pulls)) }
  }

  return {
    /** The answer to a request under `pulls`; null when the emulator's own is right. */
    async answer(request: GatewayRequest, forward: Forward): Promise<GatewayAnswer | null> {
      const [, number = '', part = ''] = /^pulls(?:\/(\d+))?(?:\/(files|commits|merge))?$/.exec(request.rest) ?? []
      const key = [request.method, number && ':n', part].filter(Boolean).join(' ')
      if (!/^pulls(?:\/|$)/.test(request.rest)) return null
      if (key === 'GET') return list(forward)
      if (key === 'POST') return (await openRefused(request)) ?? one(await forward())
      if (number === '') return null
      const known = await home.ask({ method: 'GET', path: `/repos/${fullName}/pulls/${number}` })
      if (known.status !== 200) return refusal(404, 'Not Found')
      if (key === 'GET :n') return one(known)
      if (key === 'PATCH :n') return patch(request, number, forward)
      if (key === 'PUT :n merge') {
        if (parse<PullRequest>(known).state !== 'open') return refusal(405, 'Pull Request is not mergeable')
        return jsonAnswer(200, { sha: await merge(number), merged: true, message: 'Pull Request successfully merged' })
      }
      if (key !== 'GET :n files' && key !== 'GET :n commits') return null
      const pull = await corrected(parse<PullRequest>(known))
      const comparison = await compare(pull.base.sha, pull.head.sha)
      return jsonAnswer(200, part === 'files' ? comparison.files : comparison.commits)
    },
    async all(): Promise<PullRequest[]> {
      const pulls = await home.tell<PullRequest[]>({ method: 'GET', path: `/repos/${fullName}/pulls?state=all&per_page=100&direction=asc` })
      return Promise.all(pulls.map((pull) => corrected(pull)))
    },
    /** GitHub closes the pull requests of a branch that goes. Called before the branch is deleted. */
    async closeFor(branch: string): Promise<void> {
      const open = await home.tell<PullRequest[]>({ method: 'GET', path: `/repos/${fullName}/pulls?state=open&per_page=100` })
      for (const pull of open.filter(({ head }) => head.ref === branch)) await close(pull.number)
    },
    /** What the pull request changes, as a unified diff. */
    async diff(number: number): Promise<string> {
      const pull = await corrected(await stored(number))
      const { files } = await compare(pull.base.sha, pull.head.sha)
      return files.map(({ filename, previous_filename: before, status, patch }) => {
        const [from, to] = [status === 'added' ? '/dev/null' : `a/${before ?? filename}`, status === 'removed' ? '/dev/null' : `b/${filename}`]
        return `diff --git a/${before ?? filename} b/${filename}\n--- ${from}\n+++ ${to}\n${patch ?? ''}\n`
      }).join('')
    },
    close,
    /** Returns the merge commit's sha. */
    merge,
  }
}

function invalid(name: 'head' | 'base'): GatewayAnswer {
  return refusal(422, 'Validation Failed', { errors: [{ resource: 'PullRequest', field: name, code: 'invalid' }] })
}

function custom(message: string): GatewayAnswer {
  return refusal(422, 'Validation Failed', { errors: [{ resource: 'PullRequest', code: 'custom', message }] })
}

function parse<T>(answer: GatewayAnswer): T {
  return JSON.parse(answer.body.toString('utf8')) as T
}
