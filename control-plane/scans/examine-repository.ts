// One look at a repository. Unchanged, it costs one conditional request; where its head has moved since the last analysis, the new one
// is submitted as a webhook would have it. What is not reported here is thrown, as the code host's errors are.
import { readBranchHead, type BranchHead, type RateLeft } from '../../pull-request/branch-head.ts'
import type { GithubClient } from '../../pull-request/client.ts'
import { refusedStatus } from '../../pull-request/code-host-failure.ts'
import { DORMANT, type RepositoryFacts } from '../../pull-request/repository-facts.ts'
import { SCAN_ACTOR } from '../analyses/analyses-service.ts'
import type { SubmitHead } from '../analyses/submit-head.ts'
import { confirmRepository } from '../repositories/confirm-repository.ts'
import type { RepositoriesStore } from '../repositories/repositories-store.ts'
import type { ScannedRepository } from './scans-store.ts'
import type { ScanSettings } from './scan-settings-store.ts'
import type { ScanResult, ScanState } from './scan-state.ts'

export interface Examined {
  readonly result: Extract<ScanResult, 'unchanged' | 'changed' | 'rechecked' | 'skipped' | 'empty'>
  readonly known: Pick<ScanState, 'branch' | 'etag' | 'commit' | 'basis' | 'skipped'>
  readonly rate: RateLeft | null
}

export interface ExamineParts {
  readonly repositories: Pick<RepositoriesStore, 'for'>
  readonly submitHead: SubmitHead
}

export interface Looking {
  readonly client: GithubClient
  /** The organisation's number at the code host. */
  readonly ownerId: string
  /** Whether the token is an installation's of an App. */
  readonly isInstallation: boolean
  readonly settings: Pick<ScanSettings, 'discover' | 'skip'>
  /** What an analysis depends on besides the commit. */
  readonly basis: string
  readonly correlationId: string
  /** Counts requests before they are made. Throws SCAN_BUDGET_SPENT. */
  readonly spend: (requests: number) => Promise<void>
}

/** Facts of the repository, its head, and the head again. */
const REQUESTS_OF_A_SUBMISSION = 3

/** Throws REPOSITORY_NOT_FOUND for what is gone, moved to another owner, or another repository of the same name. */
export async function examineRepository(parts: ExamineParts, repository: ScannedRepository, looking: Looking): Promise<Examined> {
  const { scan, defaultBranch } = repository
  if (isLeftAlone(scan, looking)) return { result: 'skipped', known: {}, rate: null }
  const known = defaultBranch ?? scan?.branch ?? null
  let branch = known ?? (await lookUp(parts, repository, looking)).defaultBranch
  let head = await askFor(repository, branch, looking)
  if (head === 'missing') {
    const facts = await lookUp(parts, repository, looking)
    head = facts.defaultBranch === branch ? 'empty' : await askFor(repository, facts.defaultBranch, looking)
    branch = facts.defaultBranch
  }
  if (head === 'empty' || head === 'missing') return { result: 'empty', known: { branch, etag: null, commit: null, skipped: null }, rate: null }
  if (head.isMoved) await lookUp(parts, repository, looking)
  return compare(parts, { repository, looking, branch, head })
}

/** Only where the list says each day whether that is still so. */
function isLeftAlone(scan: ScanState | undefined, { settings: { discover, skip } }: Looking): boolean {
  const why = scan?.skipped ?? null
  return discover && why !== null && skip.includes(why)
}

/** `missing`: the branch or the whole repository; `empty`: it has no commit. */
async function askFor({ name, scan }: ScannedRepository, branch: string, { client, spend }: Looking): Promise<BranchHead | 'missing' | 'empty'> {
  const [owner = '', repo = ''] = name.split('/')
  await spend(1)
  try {
    return await readBranchHead(client, { owner, name: repo }, { branch, etag: scan?.branch === branch ? (scan.etag ?? null) : null })
  } catch (error) {
    const status = refusedStatus(error)
    if (status === 409) return 'empty'
    if (status === 404) return 'missing'
    throw error
  }
}

/** What the repository is now; remembers its new name. */
async function lookUp({ repositories }: ExamineParts, { tenantId, repositoryId, name }: ScannedRepository, { client, ownerId, spend }: Looking): Promise<RepositoryFacts> {
  await spend(1)
  const facts = await confirmRepository(client, { repositoryId, repository: name }, { ownerId })
  const current = `${facts.name.owner}/${facts.name.name}`
  if (current !== name) await repositories.for(tenantId).ensure({ repositoryId, name: current })
  return facts
}

interface Comparing {
  readonly repository: ScannedRepository
  readonly looking: Looking
  readonly branch: string
  readonly head: BranchHead
}

async function compare({ repositories, submitHead }: ExamineParts, { repository, looking, branch, head }: Comparing): Promise<Examined> {
  const { tenantId, repositoryId, name, scan } = repository
  const { basis, correlationId, settings: { skip }, spend } = looking
  const commit = head.commit ?? scan?.commit ?? null
  const isKnown = commit === scan?.commit || (await repositories.for(tenantId).get(repositoryId))?.history.at(-1)?.commit === commit
  const isOutdated = scan?.basis !== undefined && scan.basis !== basis
  const result = !isKnown ? 'changed' : isOutdated ? 'rechecked' : 'unchanged'
  if (result !== 'unchanged') {
    await spend(REQUESTS_OF_A_SUBMISSION)
    const skipped = await submitHead({ tenantId, repository: { id: repositoryId, name }, actor: SCAN_ACTOR, correlationId, branch, skip: DORMANT.filter((each) => skip.includes(each)), ...(result === 'rechecked' ? { isRecheck: true } : {}) })
    // The commit and the basis stay those of the last analysis: the look after it is taken back submits.
    if (skipped !== null) return { result: 'skipped', known: { skipped }, rate: head.rate }
  }
  return { result, known: { branch, etag: head.etag, commit, basis, skipped: null }, rate: head.rate }
}
