// Starts GitHub for tests, the demo and the benchmarks: one address, shaped as github.com's API or as an enterprise server's,
// before the emulators of its owners. It keeps a record of every request, and goes wrong on demand.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createAppInstallations } from './app-installations.ts'
import { createAnswering, withHostHeaders } from './answering.ts'
import { startEmulatedOwner, type EmulatedOwner, type OwnerOptions } from './emulated-owner.ts'
import { createFaults, faultAnswer, sendHalf, type Fault, type Interruption } from './faults.ts'
import { refusal, type GatewayRequest } from './gateway-request.ts'
import { createLimits, labelOf, type Limit } from './limits.ts'
import { createOauth } from './oauth.ts'
import { createPublicData } from './public-data.ts'
import { createPullRequests } from './pull-requests.ts'
import { readRequest } from './read-request.ts'
import { createRequestLog, type LoggedRequest } from './request-log.ts'
import { branchHead, createRepositoryIn, type RepositoryOptions } from './repositories.ts'
import { createSeeding, type KnownRepository } from './seeding.ts'
import { createTokens, type TokenOptions } from './tokens.ts'

export interface GatewayOptions {
  readonly host?: 'github.com' | 'ghes'
  /** Absent: any free port. */
  readonly port?: number
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>

const FIRST_ID = { owner: 9_000_001, repository: 700_000_001 }
export async function startGateway(options: GatewayOptions = {}) {
  const enterprise = options.host === 'ghes'
  const owners = new Map<string, EmulatedOwner>()
  const repositories = new Map<string, KnownRepository>()
  const [tokens, faults, limits, requests] = [createTokens(), createFaults(), createLimits(), createRequestLog()]
  const [oauth, apps] = [createOauth(), createAppInstallations(tokens)]
  const server = createServer((incoming, response) => {
    // What fails here is this gateway's fault: said as one, so that a test that waits for an answer fails with the reason.
    handle(incoming, response).catch((error: unknown) => {
      if (!incoming.destroyed || incoming.complete) sendFailure(response, error)
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve))
  const webUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const addresses = { webUrl, apiUrl: enterprise ? `${webUrl}/api/v3` : webUrl }
  const moved = new Map<string, number>()
  let count = 0
  const publicData = createPublicData((login) => owners.get(login.toLowerCase())?.type ?? null)
  const answering = createAnswering({
    find: (fullName) => repositories.get(fullName.toLowerCase()) ?? null,
    findById: (id) => [...repositories.values()].find(({ repository }) => repository.id === id) ?? null,
    movedTo: (fullName) => moved.get(fullName.toLowerCase()) ?? null,
    addresses, enterprise, publicData,
    lists: { owners: () => [...owners.values()], repositories: () => [...repositories.values()].flatMap(({ repository }) => (repository.isUnlisted ? [] : [repository])) },
    first: async (request) => oauth.answer(request) ?? (await apps.answer(request)),
  })
  let closed = false

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now()
    const request = await readRequest(incoming, { enterprise, tokens })
    await faults.runInterruptions(request)
    const fault = faults.take(request)
    const log = (status: number) => requests.record(entryOf(request, { status, faulted: fault !== null, durationMs: performance.now() - startedAt }))
    if (fault?.kind === 'hang' || fault?.kind === 'close') {
      log(0)
      if (fault.kind === 'close') response.destroy()
      return
    }
    const answer = (fault && faultAnswer(fault)) ?? limits.refuse(request) ?? (await answering.answer(request))
    if (fault?.kind === 'slow') await pause(fault.delayMs)
    const whole = withHostHeaders(answer, { limits: limits.count(request, answer.status), enterprise })
    log(fault?.kind === 'cut-off' ? 0 : answer.status)
    if (fault?.kind === 'cut-off') sendHalf(response, whole)
    else response.writeHead(whole.status, whole.headers).end(whole.body)
  }

  function known(repo: string): KnownRepository {
    const entry = repositories.get(repo.toLowerCase())
    if (!entry) throw new Error(`there is no repository ${repo} in this gateway`)
    return entry
  }

  return {
    ...addresses,
    requests,
    oauth,
    apps,
    /** Starts the owner's emulator. */
    async createOwner(owner: OwnerOptions): Promise<{ login: string; id: number }> {
      const id = owner.id ?? FIRST_ID.owner + owners.size
      owners.set(owner.login.toLowerCase(), await startEmulatedOwner({ ...owner, id }))
      return { login: owner.login, id }
    },
    async createRepository(repository: RepositoryOptions): Promise<{ id: number; ownerId: number; fullName: string; commit: string | null }> {
      const home = owners.get(repository.owner.toLowerCase())
      if (!home) throw new Error(`create the owner ${repository.owner} first`)
      const created = await createRepositoryIn(home, { ...repository, id: FIRST_ID.repository + count++ })
      repositories.set(created.fullName.toLowerCase(), { repository: created, pulls: createPullRequests(created) })
      const commit = await branchHead(created, created.defaultBranch)
      return { id: created.id, ownerId: created.ownerId, fullName: created.fullName, commit }
    },
    ...createSeeding(known),
    /** From then on it is unknown: 404. */
    deleteRepository: (repo: string): void => void repositories.delete(repo.toLowerCase()),
    /** The name that a repository had before: requests for it are redirected. */
    redirectFrom: (formerName: string, repo: string): void => void moved.set(formerName.toLowerCase(), known(repo).repository.id),
    setVerified: publicData.setVerified,
    publishAdvisory: publicData.publishAdvisory,
    pushImage: publicData.pushImage,
    /** For createGithubCodeHost: both registries are this gateway's. */
    registries: {
      'docker.io': { url: `${webUrl}/registry`, tokenUrl: `${webUrl}/registry/token?service=registry.docker.io` },
      'ghcr.io': { url: `${webUrl}/registry`, tokenUrl: `${webUrl}/registry/token?service=ghcr.io` },
    },
    issueToken: (token: TokenOptions): string => tokens.issue(token),
    /** From then on it is unknown: 401. */
    revokeToken: (token: string): void => tokens.revoke(token),
    /** Makes requests fail; returns a function that ends it. */
    fault: (fault: Fault): (() => void) => faults.add(fault),
    /** Runs something between two requests, once unless told otherwise. */
    interrupt: (interruption: Interruption): void => faults.interrupt(interruption),
    /** Switches a rate limit on; returns a function that ends it. */
    limit: (limit: Limit): (() => void) => limits.add(limit),
    /** Ends all faults, interruptions and limits, and empties the log. */
    calm(): void {
      faults.clear()
      limits.clear()
      requests.clear()
    },
    async close(): Promise<void> {
      if (closed) return
      closed = true
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await Promise.all([...owners.values()].map((owner) => owner.close()))
    },
  }
}

function entryOf(request: GatewayRequest, outcome: { status: number; faulted: boolean; durationMs: number }): LoggedRequest {
  const { method, path, query, headers } = request
  const [userAgent, conditional] = [headers['user-agent'] ?? '', headers['if-none-match'] !== undefined]
  return { method, path, query: query.toString(), token: labelOf(request), conditional, userAgent, ...outcome }
}

function sendFailure(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy()
  const { status, headers, body } = refusal(500, `the gateway failed: ${error instanceof Error ? error.message : 'unknown'}`)
  response.writeHead(status, headers).end(body)
}
