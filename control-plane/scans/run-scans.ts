// Works off what is due, listings first: one organisation after the other in turns, so that a large one delays nobody, each within its own
// budget. Any number of processes may do so at once. Whatever stops a scan leaves its repository due, or says when it comes again.
import { randomUUID } from 'node:crypto'
import type { Counter } from 'prom-client'
import type { RateLeft } from '../../pull-request/branch-head.ts'
import { refusedStatus } from '../../pull-request/code-host-failure.ts'
import { DAY_MS, type Clock } from '../clock.ts'
import { AppError, type ErrorCode } from '../errors.ts'
import { fromCodeHostError } from '../from-code-host-error.ts'
import type { ConnectTenant } from '../github/tenant-client.ts'
import type { Logger } from '../logging.ts'
import { retryDelayMs } from '../queue/retry-delay.ts'
import type { TenantsStore } from '../tenants/tenants-store.ts'
import { inSpan, type Tracing } from '../tracing/tracing.ts'
import { discoverRepositories } from './discover-repositories.ts'
import { examineRepository, type ExamineParts, type Looking } from './examine-repository.ts'
import type { ListingChange, ListingClaim, ListingsStore } from './listings-store.ts'
import { nextSlot } from './scan-schedule.ts'
import { nextHour, requestLimit, type ScanRequestsStore } from './scan-requests-store.ts'
import type { ScanPause, ScanSettingsStore } from './scan-settings-store.ts'
import type { ScanResult } from './scan-state.ts'
import type { ScanChange, ScanClaim, ScannedRepository, ScansStore } from './scans-store.ts'

export interface ScanRunnerParts extends ExamineParts {
  readonly scans: ScansStore
  readonly listings: ListingsStore
  readonly settings: ScanSettingsStore
  readonly requests: ScanRequestsStore
  readonly tenants: Pick<TenantsStore, 'get'>
  readonly connect: ConnectTenant
  /** What an organisation's analyses depend on besides the commit, today. */
  readonly basisOf: (tenantId: string) => Promise<string>
  readonly clock: Clock
  readonly logger: Logger
  readonly ends: Counter<'result'>
  readonly tracing: Pick<Tracing, 'begin'>
  readonly limits: { readonly leaseMs: number; readonly maxAttempts: number; readonly requestsPerHour: number }
}

export interface Turn {
  /** How many repositories were looked at. */
  readonly scanned: number
  /** Nobody of this organisation is looked at for now. */
  readonly isPaused: boolean
}

/** A scan has asked for an analysis of this organisation. */
export type OnSubmitted = (tenantId: string) => void

export interface ScanRunner {
  /** Until nothing is due, or the signal; how many repositories were looked at. Throws DATABASE_UNAVAILABLE. */
  runDue(signal: AbortSignal, onSubmitted: OnSubmitted): Promise<number>
  /** Some of an organisation's that are due. */
  runTurn(tenantId: string, signal: AbortSignal): Promise<Turn>
}

/** Repositories of one organisation before the next one's. */
const TURN = 10
const TENANTS_AT_ONCE = 4
/** How far a look for organisations goes. */
const LOOK = 200
/** The first pause of a repository whose scan failed; each one doubles it. */
const RETRY_BASE_MS = 60_000
const GONE = 410
const GONE_AGAIN_MS = 30 * DAY_MS
/** The part of a token's limit that scans leave to everything else. */
const RESERVE = 0.2
/** After so many failures of the code host in a row nobody waits for the next one. */
const MOST_UNAVAILABLE = 3
const UNAVAILABLE_PAUSE_MS = 5 * 60_000
const TOKEN_PAUSE_MS = 3_600_000
/** By which GitHub's tokens of an App's installation begin. */
const INSTALLATION_TOKEN = 'ghs_'
const TOKEN_CODES: readonly ErrorCode[] = ['GITHUB_TOKEN_REJECTED', 'GITHUB_TOKEN_MISSING', 'GITHUB_APP_REJECTED', 'ENCRYPTION_KEY_UNKNOWN', 'SECRET_DAMAGED', 'TENANT_UNKNOWN']

export function createScanRunner(parts: ScanRunnerParts): ScanRunner {
  return {
    runDue: (signal, onSubmitted) => runDue(parts, signal, onSubmitted),
    runTurn: (tenantId, signal) => runTurn(parts, { tenantId, signal, onSubmitted: () => undefined }),
  }
}

async function runDue(parts: ScanRunnerParts, signal: AbortSignal, onSubmitted: OnSubmitted): Promise<number> {
  const paused = new Set(await parts.settings.paused())
  let total = 0
  for (;;) {
    const scanned = await runRound(parts, paused, { signal, onSubmitted })
    total += scanned
    if (scanned === 0 || signal.aborted) return total
  }
}

/** One turn for each organisation that has something due. */
async function runRound(parts: ScanRunnerParts, paused: Set<string>, { signal, onSubmitted }: Omit<TurnRequest, 'tenantId'>): Promise<number> {
  const served = new Set<string>()
  let scanned = 0
  while (!signal.aborted) {
    const except = [...paused, ...served]
    const tenantIds = [...new Set([...await parts.listings.dueTenants(except, TENANTS_AT_ONCE), ...await parts.scans.dueTenants(except, LOOK)])].slice(0, TENANTS_AT_ONCE)
    if (tenantIds.length === 0) break
    await Promise.all(tenantIds.map(async (tenantId) => {
      served.add(tenantId)
      const turn = await runTurn(parts, { tenantId, signal, onSubmitted })
      scanned += turn.scanned
      if (turn.isPaused) paused.add(tenantId)
    }))
  }
  return scanned
}

interface TurnRequest {
  readonly tenantId: string
  readonly signal: AbortSignal
  readonly onSubmitted: OnSubmitted
}

async function runTurn(parts: ScanRunnerParts, { tenantId, signal, onSubmitted }: TurnRequest): Promise<Turn> {
  const own = parts.scans.for(tenantId)
  if ((await parts.settings.for(tenantId).get()).pause !== null) return { scanned: 0, isPaused: true }
  let [scanned, unavailable] = [0, 0]
  let begun: Promise<Beginning> | undefined
  const begin = () => (begun ??= beginTurn(parts, tenantId, signal))
  const endTurn = async (pause: ScanPause): Promise<Turn> => {
    await parts.settings.for(tenantId).pause(pause)
    parts.logger.warn({ tenantId, ...pause }, 'the scans of an organisation pause')
    return { scanned, isPaused: true }
  }
  const listing = signal.aborted ? null : await parts.listings.for(tenantId).claim()
  const listingPause = listing && await list(parts, { tenantId, claim: listing, begin, signal })
  if (listingPause !== null) return endTurn(listingPause)
  for (const repository of await own.due(TURN)) {
    const claim = signal.aborted ? null : await own.claim(repository, parts.limits.leaseMs)
    if (claim === null) continue
    const look = await lookAt(parts, { repository, claim, begin, signal })
    if (look.hasEnded) scanned++
    if (look.hasSubmitted) onSubmitted(tenantId)
    unavailable = look.code === 'GITHUB_UNAVAILABLE' ? unavailable + 1 : 0
    const pause = unavailable < MOST_UNAVAILABLE ? look.pause : { code: 'GITHUB_UNAVAILABLE' as const, until: later(parts, UNAVAILABLE_PAUSE_MS) }
    if (pause !== null) return endTurn(pause)
  }
  return { scanned, isPaused: false }
}

type Beginning = Omit<Looking, 'correlationId'>

async function beginTurn({ tenants, connect, settings, requests, limits, basisOf, clock }: ScanRunnerParts, tenantId: string, signal: AbortSignal): Promise<Beginning> {
  const tenant = await tenants.get(tenantId)
  if (tenant === null) throw new AppError('TENANT_UNKNOWN')
  const { requestsPerHour, discover, skip } = await settings.for(tenantId).get()
  const most = requestLimit(requestsPerHour, limits.requestsPerHour)
  const { client, token } = await connect(tenantId, signal)
  return {
    client, ownerId: tenant.ownerId, isInstallation: token.reveal().startsWith(INSTALLATION_TOKEN), settings: { discover, skip }, basis: await basisOf(tenantId),
    spend: async (count) => {
      if (await requests.for(tenantId).take(count, most)) return
      throw new AppError('SCAN_BUDGET_SPENT', { detail: `${most} requests an hour`, retryAfterSeconds: Math.ceil((nextHour(clock()).getTime() - clock().getTime()) / 1000) })
    },
  }
}

interface Listing {
  readonly tenantId: string
  readonly claim: ListingClaim
  readonly begin: () => Promise<Beginning>
  readonly signal: AbortSignal
}

/** Takes in what the code host lists; why nobody of the organisation is looked at now, or null. */
async function list(parts: ScanRunnerParts, { tenantId, claim, begin, signal }: Listing): Promise<ScanPause | null> {
  const own = parts.listings.for(tenantId)
  const settings = await parts.settings.for(tenantId).get()
  const next = () => nextSlot(tenantId, settings.every === 'off' ? 'off' : 'daily', parts.clock())
  let progress: ListingChange = {}
  try {
    const { result, known, rate } = await discoverRepositories(parts, { ...(await begin()), tenantId, settings, listing: claim.listing, onProgress: (more) => { progress = { ...progress, ...more } } })
    await own.end(claim, { ...progress, ...known, begun: [], attempts: 0, dueAt: next(), last: { at: parts.clock(), code: null, ...result } })
    parts.logger.info({ tenantId, ...result }, 'the repositories of an organisation were listed')
    return pauseNearLimit(rate)
  } catch (thrown) {
    const error = failureOf(thrown)
    const pause = signal.aborted ? null : pauseFor(parts, error)
    if (signal.aborted || pause !== null) {
      await own.end(claim, progress)
      return pause
    }
    const attempts = (claim.listing.attempts ?? 0) + 1
    const isTriedAgain = triesAgain(parts, error, attempts)
    parts.logger.warn({ err: error, code: error.code, tenantId, attempts }, isTriedAgain ? 'a listing of repositories failed and comes again' : 'a listing of repositories failed and waits for its next time')
    const then = isTriedAgain ? { attempts, dueAt: again(parts, error, attempts) } : { attempts: 0, dueAt: next() }
    await own.end(claim, { ...progress, ...then, last: { at: parts.clock(), code: error.code, requests: 0, listed: 0, added: 0, removed: 0, skipped: 0, isCutOff: false } })
    return null
  }
}

/** Throws DATABASE_UNAVAILABLE: nobody can note anything then. */
function failureOf(thrown: unknown): AppError {
  const found = refusedStatus(thrown) === GONE ? new AppError('REPOSITORY_NOT_FOUND', { cause: thrown }) : fromCodeHostError(thrown)
  const error = found instanceof AppError ? found : new AppError('INTERNAL', { cause: found })
  if (error.code === 'DATABASE_UNAVAILABLE') throw error
  return error
}

/** What we did not foresee may be a passing fault of this process: it gets its attempts too. */
const triesAgain = ({ limits }: ScanRunnerParts, { row, code }: AppError, attempts: number): boolean => (row.retry || code === 'INTERNAL') && attempts < limits.maxAttempts

const again = (parts: ScanRunnerParts, { retryAfterSeconds }: AppError, attempts: number): Date => later(parts, retryDelayMs(attempts, { baseMs: RETRY_BASE_MS, retryAfterSeconds }))

interface Looked {
  readonly repository: ScannedRepository
  readonly claim: ScanClaim
}

/** `hasEnded`: false for a repository that stays due. */
interface Look {
  readonly hasEnded: boolean
  readonly hasSubmitted: boolean
  readonly code: ErrorCode | null
  readonly pause: ScanPause | null
}

async function lookAt(parts: ScanRunnerParts, { begin, signal, ...looked }: Looked & { readonly begin: () => Promise<Beginning>; readonly signal: AbortSignal }): Promise<Look> {
  const { repository, claim } = looked
  try {
    const correlationId = randomUUID()
    const span = { name: 'repository scan', kind: 'internal', parent: null, attributes: { 'autodevops.tenant_id': repository.tenantId, 'autodevops.correlation_id': correlationId } } as const
    const { result, known, rate } = await inSpan(parts.tracing, span, async () => examineRepository(parts, repository, { ...(await begin()), correlationId }))
    await end(parts, looked, { result, code: null, known: { ...known, attempts: 0 } })
    return { hasEnded: true, hasSubmitted: result === 'changed' || result === 'rechecked', code: null, pause: pauseNearLimit(rate) }
  } catch (thrown) {
    const error = failureOf(thrown)
    const pause = pauseFor(parts, error)
    if (signal.aborted || pause !== null) await parts.scans.for(repository.tenantId).end(claim, {})
    else await endBadly(parts, looked, error)
    return { hasEnded: !signal.aborted && pause === null, hasSubmitted: false, code: signal.aborted ? null : error.code, pause: signal.aborted ? null : pause }
  }
}

/** Null for what concerns one repository only. */
function pauseFor(parts: ScanRunnerParts, { code, retryAfterSeconds = 0 }: AppError): ScanPause | null {
  if (code === 'SCAN_BUDGET_SPENT' || code === 'GITHUB_RATE_LIMITED') return { code, until: later(parts, retryAfterSeconds * 1000) }
  return TOKEN_CODES.includes(code) ? { code, until: later(parts, TOKEN_PAUSE_MS) } : null
}

const pauseNearLimit = (rate: RateLeft | null): ScanPause | null =>
  rate !== null && rate.remaining < rate.limit * RESERVE ? { code: 'GITHUB_RATE_LIMITED', until: rate.resetAt } : null

interface End {
  readonly result: ScanResult
  readonly code: ErrorCode | null
  readonly known: Omit<ScanChange, 'dueAt' | 'last'>
  /** Its own next time, unless another is given. */
  readonly dueAt?: Date
}

async function end(parts: ScanRunnerParts, { repository, claim }: Looked, { result, code, known, dueAt }: End): Promise<void> {
  const { tenantId, repositoryId, scan } = repository
  const now = parts.clock()
  const change = { ...known, dueAt: dueAt ?? nextSlot(repositoryId, scan?.every ?? 'off', now), last: { at: now, result, code } }
  // One that was lost meanwhile is looked at by somebody else, who says how it ended.
  if (await parts.scans.for(tenantId).end(claim, change)) parts.ends.inc({ result })
}

async function endBadly(parts: ScanRunnerParts, looked: Looked, error: AppError): Promise<void> {
  const { logger } = parts
  const { repository: { tenantId, name, scan } } = looked
  const { code } = error
  const attempts = (scan?.attempts ?? 0) + 1
  if (code === 'REPOSITORY_NOT_FOUND') {
    logger.info({ tenantId, repository: name }, 'a repository is not visible any more')
    return end(parts, looked, { result: 'gone', code, known: { attempts: 0, etag: null }, dueAt: later(parts, GONE_AGAIN_MS) })
  }
  const isTriedAgain = triesAgain(parts, error, attempts)
  logger.warn({ err: error, code, tenantId, repository: name, attempts }, isTriedAgain ? 'a scan failed and comes again' : 'a scan failed and waits for its next time')
  if (!isTriedAgain) return end(parts, looked, { result: 'failed', code, known: { attempts: 0 } })
  return end(parts, looked, { result: 'again', code, known: { attempts }, dueAt: again(parts, error, attempts) })
}

const later = ({ clock }: Pick<ScanRunnerParts, 'clock'>, ms: number): Date => new Date(clock().getTime() + ms)
