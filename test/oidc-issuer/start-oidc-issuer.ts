// A local issuer of GitHub Actions' identity tokens: discovery document, keys, and the endpoint that a runner offers to its jobs.
// It also mints what no issuer should: expired, unsigned, by an unknown key, for someone else.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { actionsClaims, type ClaimOverrides, type RunIdentity } from './actions-claims.ts'

export interface MintOptions {
  readonly audience?: string
  /** Seconds from now; negative: already over. Absent: 300, as GitHub's. */
  readonly expiresInSeconds?: number
  readonly issuer?: string
  /** `unsigned`: alg none. `foreign`: a key that is not among the published ones, under an id that is not either.
   *  `forged`: such a key under the published id. */
  readonly signature?: 'valid' | 'unsigned' | 'foreign' | 'forged'
}

export interface RunVariables {
  readonly ACTIONS_ID_TOKEN_REQUEST_URL: string
  readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string
}

export type OidcIssuer = Awaited<ReturnType<typeof startOidcIssuer>>

const LIFETIME_SECONDS = 300

/** `path`: what follows the host in the issuer's address, such as `/_services/token` of an enterprise server. */
export async function startOidcIssuer(options: { port?: number; path?: string } = {}) {
  const path = options.path ?? ''
  const keys = await generateKeyPair('RS256')
  const strangers = await generateKeyPair('RS256')
  const kid = randomBytes(8).toString('hex')
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid, alg: 'RS256', use: 'sig' }] }
  const runs = new Map<string, { claims: RunIdentity & ClaimOverrides; options: MintOptions }>()
  const requests: string[] = []

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    requests.push(`${request.method ?? ''} ${url.pathname}`)
    answer(request, url).then(
      ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuer = origin + path

  async function mint(identity: RunIdentity & ClaimOverrides, how: MintOptions = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const expires = now + (how.expiresInSeconds ?? LIFETIME_SECONDS)
    const times = { iat: Math.min(now, expires - LIFETIME_SECONDS), nbf: Math.min(now, expires - LIFETIME_SECONDS), exp: expires }
    const audience = how.audience ?? `https://github.com/${identity.repository.split('/')[0] ?? ''}`
    const claims = { ...actionsClaims(identity), ...times, iss: how.issuer ?? issuer, aud: audience }
    if (how.signature === 'unsigned') return new UnsecuredJWT(claims).encode()
    const signed = how.signature === undefined || how.signature === 'valid'
    const header = { alg: 'RS256', typ: 'JWT', kid: how.signature === 'foreign' ? randomBytes(8).toString('hex') : kid }
    return new SignJWT(claims).setProtectedHeader(header).sign(signed ? keys.privateKey : strangers.privateKey)
  }

  async function answer(request: IncomingMessage, url: URL): Promise<{ status: number; body: unknown }> {
    if (url.pathname === `${path}/.well-known/openid-configuration`) return { status: 200, body: discovery(issuer) }
    if (url.pathname === `${path}/.well-known/jwks`) return { status: 200, body: jwks }
    if (url.pathname !== '/_apis/distributedtask/token') return { status: 404, body: { message: 'Not Found' } }
    const run = runs.get(/^bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '')
    if (!run) return { status: 401, body: { message: 'The request token is not valid for this job' } }
    const audience = url.searchParams.get('audience')
    return { status: 200, body: { count: 1, value: await mint(run.claims, { ...run.options, ...(audience ? { audience } : {}) }) } }
  }

  return {
    /** What `iss` says, without a slash at the end. */
    issuer,
    /** The paths that were asked for, in order. */
    requests,
    mint,
    /** A job's way to its tokens: the variables that a runner sets when the job has `id-token: write`. `how` spoils what it gets. */
    startRun(claims: RunIdentity & ClaimOverrides, how: MintOptions = {}): RunVariables {
      const requestToken = randomBytes(24).toString('hex')
      runs.set(requestToken, { claims, options: how })
      return { ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/_apis/distributedtask/token?api-version=2.0`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken }
    },
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function discovery(issuer: string) {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks`,
    subject_types_supported: ['public', 'pairwise'],
    response_types_supported: ['id_token'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  }
}
