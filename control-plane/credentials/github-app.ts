// The service's GitHub App: a token for each organisation that has installed it. The App signs for itself (JWT, RS256, minutes), GitHub
// gives a token for an hour, kept in memory only and until shortly before its end.
import { createPrivateKey } from 'node:crypto'
import { SignJWT } from 'jose'
import { createGithubClient, type GithubClient, type GithubClientSettings } from '../../pull-request/client.ts'
import { refusedStatus } from '../../pull-request/code-host-failure.ts'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { fromCodeHostError } from '../from-code-host-error.ts'
import { Secret } from '../secret.ts'
import type { Tenant } from '../tenants/tenants-store.ts'

export interface GithubApp {
  /** Speaks as the App itself, for minutes: ask for a new one for each task. */
  client(): Promise<GithubClient>
  /** Null when the organisation has not installed the App. Throws GITHUB_APP_REJECTED, or what GitHub's failing is called. */
  tokenFor(tenant: Pick<Tenant, 'id' | 'ownerId' | 'ownerName'>): Promise<Secret | null>
  /** The next token is a new one: GitHub does not take this one any more, or the installation has changed. */
  forget(tenantId: string): void
}

interface Parts {
  readonly app: { readonly id: string; readonly privateKey: Secret }
  readonly client: GithubClientSettings
  readonly clock: Clock
}

interface KeptToken {
  readonly token: Secret
  readonly fetchedAtMs: number
  readonly endsAtMs: number
}

/** Of ten minutes that GitHub allows; begun a minute ago, as GitHub advises against clocks that differ. */
const JWT_SECONDS = 540
const JWT_BACKDATED_SECONDS = 60
/** An analysis that begins with a token has this long to end with it. */
const RENEWED_BEFORE_END_MS = 10 * 60_000

export function createGithubApp(parts: Parts): GithubApp {
  const { clock } = parts
  const kept = new Map<string, KeptToken>()
  const asking = new Map<string, Promise<Secret | null>>()
  const ask = async (tenant: Pick<Tenant, 'id' | 'ownerId' | 'ownerName'>): Promise<Secret | null> => {
    try {
      const asApp = await clientOf(parts)
      const installationId = await findInstallation(asApp, tenant)
      if (installationId === null) return null
      const { data } = await asApp.rest.apps.createInstallationAccessToken({ installation_id: installationId })
      const token = new Secret(data.token)
      kept.set(tenant.id, { token, fetchedAtMs: clock().getTime(), endsAtMs: Date.parse(data.expires_at) })
      return token
    } catch (error) {
      const status = refusedStatus(error)
      if (status === 404) return null
      throw status === 401 ? new AppError('GITHUB_APP_REJECTED', { cause: error }) : fromCodeHostError(error)
    }
  }
  return {
    client: () => clientOf(parts),
    tokenFor: (tenant) => {
      const nowMs = clock().getTime()
      const found = kept.get(tenant.id)
      if (found !== undefined && found.fetchedAtMs <= nowMs && nowMs < found.endsAtMs - RENEWED_BEFORE_END_MS) return Promise.resolve(found.token)
      kept.delete(tenant.id)
      const running = asking.get(tenant.id) ?? ask(tenant).finally(() => asking.delete(tenant.id))
      asking.set(tenant.id, running)
      return running
    },
    forget: (tenantId) => { kept.delete(tenantId) },
  }
}

const clientOf = async (parts: Parts): Promise<GithubClient> => createGithubClient(parts.client, { token: await signedByApp(parts), paceId: 'app' })

function signedByApp({ app, clock }: Parts): Promise<string> {
  const begin = Math.floor(clock().getTime() / 1000) - JWT_BACKDATED_SECONDS
  return new SignJWT({}).setProtectedHeader({ alg: 'RS256' }).setIssuer(app.id).setIssuedAt(begin).setExpirationTime(begin + JWT_SECONDS)
    .sign(createPrivateKey(app.privateKey.reveal()))
}

/** By name, as GitHub offers, and then by id: a name can be given to somebody else. */
async function findInstallation(asApp: GithubClient, { ownerId, ownerName }: Pick<Tenant, 'ownerId' | 'ownerName'>): Promise<number | null> {
  const ofOrganisation = await asApp.rest.apps.getOrgInstallation({ org: ownerName }).catch(nullFor404)
  const { data } = ofOrganisation ?? (await asApp.rest.apps.getUserInstallation({ username: ownerName }).catch(nullFor404)) ?? { data: null }
  const accountId = data?.account && 'id' in data.account ? String(data.account.id) : null
  return data !== null && accountId === ownerId && !data.suspended_at ? data.id : null
}

function nullFor404(error: unknown): null {
  if (refusedStatus(error) === 404) return null
  throw error
}
