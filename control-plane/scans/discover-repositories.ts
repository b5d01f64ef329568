// Asks the code host which repositories an organisation's credentials reach: new ones are taken in and looked at at once, those that are
// archived or disabled are left alone as long as they are, and those that are gone are marked as an installation's event would. It costs
// a request for each hundred repositories; unchanged ones are asked for conditionally. What is not reported here is thrown, as the code
// host's errors are.
import { readRepositoryPage, type ListedRepository, type ListingSource } from '../../pull-request/repository-page.ts'
import type { RateLeft } from '../../pull-request/branch-head.ts'
import { refusedStatus } from '../../pull-request/code-host-failure.ts'
import { hasCode } from '../errors.ts'
import { confirmRepository } from '../repositories/confirm-repository.ts'
import type { KnownRepository, RepositoriesStore } from '../repositories/repositories-store.ts'
import type { Looking } from './examine-repository.ts'
import type { KeptPage, KeptRepository, ListingChange, ListingDocument, ListingResult } from './listings-store.ts'
import type { ScansStore } from './scans-store.ts'
import type { ScanSettings } from './scan-settings-store.ts'
import { SKIPPABLE, type Skippable } from './scan-state.ts'

export interface DiscoverParts {
  readonly repositories: Pick<RepositoriesStore, 'for'>
  readonly scans: Pick<ScansStore, 'for'>
}

export interface Discovering extends Pick<Looking, 'client' | 'ownerId' | 'isInstallation' | 'spend'> {
  readonly tenantId: string
  readonly settings: Pick<ScanSettings, 'every' | 'skip'>
  readonly listing: Pick<ListingDocument, 'basis' | 'pages' | 'begun' | 'asked'>
  /** Called with what to remember, whether the listing ends or not: who is interrupted goes on behind it. */
  readonly onProgress: (progress: ListingChange) => void
}

export interface Discovered {
  readonly result: Omit<ListingResult, 'at' | 'code'>
  readonly known: Required<Pick<ListingDocument, 'basis' | 'pages'>>
  readonly rate: RateLeft | null
}

/** Of a hundred repositories each. */
const MOST_PAGES = 100
/** How many of those that are listed no more are asked for by one listing; the next one asks for the others. */
const MOST_ASKED = 50

export async function discoverRepositories(parts: DiscoverParts, discovering: Discovering): Promise<Discovered> {
  const { tenantId, settings, ownerId } = discovering
  const known = await parts.repositories.for(tenantId).known()
  const counts = { requests: 0, added: 0, removed: 0 }
  const counted = { ...discovering, spend: async (requests: number) => {
    await discovering.spend(requests)
    counts.requests += requests
  } }
  const source = await sourceOf(counted)
  const basis = JSON.stringify({ source, skip: settings.skip, ownerId })
  const before = discovering.listing.basis === basis ? discovering.listing : {}
  const pages: KeptPage[] = [...(before.begun ?? [])]
  let rate: RateLeft | null = null
  while (pages.length < MOST_PAGES && (pages.at(-1)?.hasNext ?? true)) {
    const kept = before.pages?.[pages.length]
    await counted.spend(1)
    const page = await readRepositoryPage(counted.client, source, { page: pages.length + 1, etag: kept?.etag ?? null })
    rate = page.rate ?? rate
    const own = page.repositories?.filter((each) => each.ownerId === ownerId)
    const read = own === undefined && kept !== undefined ? kept : { etag: page.etag, hasNext: page.hasNext, total: page.total, repositories: (own ?? []).map((each) => toKept(each, settings.skip)) }
    await markDormant(parts, discovering, { known, listed: read.repositories })
    counts.added += await takeIn(parts, discovering, { known, listed: read.repositories })
    await noteTopics(parts, discovering, { known, listed: read.repositories, told: new Map(own?.map(({ id, topics }) => [id, topics])) })
    pages.push(read)
    discovering.onProgress({ basis, pages: before.pages ?? [], begun: [...pages] })
  }
  const isCutOff = pages.at(-1)?.hasNext ?? false
  const listed = new Map(pages.flatMap(({ repositories }) => repositories.map((each) => [each.id, each] as const)))
  await forgetDormant(parts, discovering, { known, listed })
  if (!isCutOff) counts.removed = await takeOut(parts, counted, { known, listed, isWhole: source.kind === 'installation' && pages.at(-1)?.total === listed.size })
  const skipped = [...listed.values()].filter(({ skippedAs }) => skippedAs !== null).length
  return { result: { ...counts, listed: listed.size, skipped, isCutOff }, known: { basis, pages }, rate }
}

/** An organisation is asked for its own, by the name that it has now: a person's token reaches those of others as well. */
async function sourceOf({ client, isInstallation, ownerId, spend }: Discovering): Promise<ListingSource> {
  if (isInstallation) return { kind: 'installation' }
  await spend(1)
  const { data } = await client.rest.users.getById({ account_id: Number(ownerId) })
  return data.type === 'Organization' ? { kind: 'organisation', name: data.login } : { kind: 'user' }
}

function toKept({ id, name, isArchived, isDisabled, isFork }: ListedRepository, skip: readonly Skippable[]): KeptRepository {
  const is: Readonly<Record<Skippable, boolean>> = { archived: isArchived, disabled: isDisabled, fork: isFork }
  return { id, name, skippedAs: SKIPPABLE.find((each) => skip.includes(each) && is[each]) ?? null }
}

interface Taking {
  readonly known: ReadonlyMap<string, KnownRepository>
  readonly listed: readonly KeptRepository[]
}

/** A fork that is known keeps its place; what is known to be archived or disabled is looked at again as soon as it is not. */
async function markDormant({ scans }: DiscoverParts, { tenantId, settings: { every } }: Discovering, { known, listed }: Taking): Promise<void> {
  for (const { id, skippedAs } of listed) {
    const before = known.get(id)
    const why = skippedAs === 'fork' ? null : skippedAs
    if (before?.isPresent !== true || before.skipped === why) continue
    if (why === null) await scans.for(tenantId).makeOneDue(id, every)
    else await scans.for(tenantId).setSkipped(id, why)
  }
}

/** What the list does not say, a look finds out. */
async function forgetDormant({ scans }: DiscoverParts, { tenantId, settings: { every } }: Discovering, { known, listed }: Pick<Leaving, 'known' | 'listed'>): Promise<void> {
  for (const [id, { skipped }] of known) if (skipped !== null && !listed.has(id)) await scans.for(tenantId).makeOneDue(id, every)
}

/** How many are new, or here again. One that is known keeps its place, whatever is skipped. */
async function takeIn({ repositories, scans }: DiscoverParts, { tenantId, settings: { every } }: Discovering, { known, listed }: Taking): Promise<number> {
  let added = 0
  for (const { id, name, skippedAs } of listed) {
    const before = known.get(id)
    const isPresent = before?.isPresent === true
    if (isPresent ? before.name === name : skippedAs !== null) continue
    await repositories.for(tenantId).ensure({ repositoryId: id, name })
    if (isPresent) continue
    await scans.for(tenantId).makeOneDue(id, every)
    added++
  }
  return added
}

interface Told extends Taking {
  /** Topics by the repository's id; a repository without has what it had. */
  readonly told: ReadonlyMap<string, readonly string[]>
}

async function noteTopics({ repositories }: DiscoverParts, { tenantId }: Discovering, { known, listed, told }: Told): Promise<void> {
  const own = repositories.for(tenantId)
  const same: string[] = []
  for (const { id, skippedAs } of listed) {
    const [before, topics] = [known.get(id), told.get(id)]
    if (skippedAs !== null && before === undefined) continue
    if (topics === undefined || before?.topics?.join(' ') === topics.join(' ')) same.push(id)
    else await own.setTopics(id, topics)
  }
  await own.confirmTopics(same)
}

interface Leaving {
  readonly known: ReadonlyMap<string, KnownRepository>
  readonly listed: ReadonlyMap<string, unknown>
  /** Nothing can have been missed, and what is missing is not to be looked at: it is not the installation's any more. */
  readonly isWhole: boolean
}

/** How many were marked. A list that is read in parts can miss one that moves between them: then the code host is asked for it. */
async function takeOut({ repositories }: DiscoverParts, discovering: Discovering, { known, listed, isWhole }: Leaving): Promise<number> {
  const { tenantId, listing: { asked = '' }, onProgress } = discovering
  const missing = [...known].flatMap(([id, { name, isPresent }]) => (isPresent && !listed.has(id) ? [{ id, name }] : []))
  const left = isWhole ? missing : missing.filter(({ id }) => id > asked).sort((a, b) => (a.id < b.id ? -1 : 1))
  let removed = 0
  for (const each of isWhole ? left : left.slice(0, MOST_ASKED)) {
    if ((isWhole || (await isGone(discovering, each))) && (await repositories.for(tenantId).remove(each.id))) removed++
    onProgress({ asked: each.id })
  }
  if (isWhole || left.length <= MOST_ASKED) onProgress({ asked: '' })
  return removed
}

async function isGone({ client, ownerId, spend }: Discovering, { id, name }: { readonly id: string; readonly name: string }): Promise<boolean> {
  await spend(1)
  try {
    await confirmRepository(client, { repositoryId: id, repository: name }, { ownerId })
    return false
  } catch (error) {
    if (hasCode(error, 'REPOSITORY_NOT_FOUND') || refusedStatus(error) === 404) return true
    throw error
  }
}
