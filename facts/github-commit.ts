// Whether a commit belongs to a repository. GitHub also answers for the commits of its forks, so the commit itself proves nothing:
// it must be a tag's, or lie behind the default branch, another branch or a tag. What would take too many requests stays unknown.
import type { FactRequest } from '../analysis/fact.ts'
import type { Asking } from './asking.ts'
import type { HostAnswer } from './code-host.ts'
import { encodePath } from './encode-path.ts'
import { fieldOf, textOf } from './field-of.ts'
import { failureOf, known, unknown } from './host-answers.ts'

const PER_PAGE = 100
/** Pages of tags, newest names first as GitHub lists them. */
const MOST_TAG_PAGES = 3
/** Branches and tags that one commit is compared with. */
const MOST_COMPARISONS = 12

interface Named {
  readonly name: string
  readonly commit: string
}

export async function askCommit({ repository, commit }: Extract<FactRequest, { kind: 'commit' }>, asking: Asking): Promise<HostAnswer> {
  const tags = await listNamed(`/repos/${repository}/tags`, MOST_TAG_PAGES, asking)
  if ('answer' in tags) return tags
  const visibility = await asking.seen(repository)
  const own = tags.list.filter((tag) => tag.commit === commit.toLowerCase()).map(({ name }) => name)
  const found = (isInRepository: boolean) => known({ isInRepository, tags: own }, { etag: null, visibility })
  if (own.length > 0) return found(true)
  const branches = await listNamed(`/repos/${repository}/branches`, 1, asking)
  if ('answer' in branches) return branches
  if (branches.list.some((branch) => branch.commit === commit.toLowerCase())) return found(true)
  const bases = await basesFor(repository, [...branches.list, ...tags.list], asking)
  for (const base of bases.slice(0, MOST_COMPARISONS)) {
    const compared = await asking.get(`/repos/${repository}/compare/${encodePath(base)}...${commit}?per_page=1`)
    if (compared.kind === 'failed' && compared.status === 404) return unknown(`${repository} has no commit ${commit}`, { visibility })
    if (compared.kind === 'failed') return failureOf(compared)
    const status = compared.kind === 'answered' ? textOf(compared.body, 'status') : null
    if (status === 'behind' || status === 'identical') return found(true)
  }
  const isWhole = tags.isWhole && branches.isWhole && bases.length <= MOST_COMPARISONS
  return isWhole ? found(false) : unknown(`${repository} has too many branches and tags to look through`, { visibility })
}

/** One name for each commit that a branch or tag points to, the default branch first: most commits lie behind that one. */
async function basesFor(repository: string, named: readonly Named[], asking: Asking): Promise<readonly string[]> {
  const reply = await asking.once(`/repos/${repository}`)
  const main = reply.kind === 'answered' ? textOf(reply.body, 'default_branch') : null
  const byCommit = new Map<string, string>()
  for (const { name, commit } of [...named.filter(({ name }) => name === main), ...named]) if (!byCommit.has(commit)) byCommit.set(commit, name)
  return [...byCommit.values()]
}

async function listNamed(path: string, mostPages: number, asking: Asking): Promise<{ readonly list: readonly Named[]; readonly isWhole: boolean } | HostAnswer> {
  const list: Named[] = []
  for (let page = 1; page <= mostPages; page += 1) {
    const reply = await asking.once(`${path}?per_page=${PER_PAGE}${page > 1 ? `&page=${page}` : ''}`)
    if (reply.kind === 'failed') return failureOf(reply)
    const entries: readonly unknown[] = reply.kind === 'answered' && Array.isArray(reply.body) ? reply.body : []
    for (const entry of entries) {
      const [name, commit] = [textOf(entry, 'name'), textOf(fieldOf(entry, 'commit'), 'sha')]
      if (name !== null && commit !== null) list.push({ name, commit })
    }
    if (entries.length < PER_PAGE) return { list, isWhole: true }
  }
  return { list, isWhole: false }
}
