// The world of the demo and of the end-to-end tests: GitHub behind the gateway, an issuer of identity tokens, the sample
// repository with its upstream actions, and a token that may repair it.
import { startGateway, type Gateway } from '../github-gateway/start-gateway.ts'
import { startOidcIssuer } from '../oidc-issuer/start-oidc-issuer.ts'
import { readSampleFiles } from './sample-files.ts'
import { seedUpstream } from './seed-upstream.ts'

export interface SampleRepository {
  readonly id: number
  readonly ownerId: number
  /** owner/name */
  readonly fullName: string
  readonly commit: string
}

export interface SampleWorld {
  readonly github: Gateway
  readonly oidc: Awaited<ReturnType<typeof startOidcIssuer>>
  /** What runs and services are told: github.com's web address, or the enterprise server's own; the API is the gateway's. */
  readonly codeHost: { readonly webUrl: string; readonly apiUrl: string }
  readonly files: Readonly<Record<string, string>>
  readonly repository: SampleRepository
  /** May write contents, pull requests and workflows of the owner's repositories. */
  readonly token: string
  close(): Promise<void>
}

/** Actions of the workflows that fixes create. */
const BROUGHT_BY_FIXES = ['actions/dependency-review-action', 'github/codeql-action/analyze', 'github/codeql-action/init', 'github/codeql-action/upload-sarif', 'ossf/scorecard-action']
const OWNER = { login: 'acme', id: 4242 }

export async function startSampleWorld(host: 'github.com' | 'ghes' = 'github.com'): Promise<SampleWorld> {
  const [github, oidc] = await Promise.all([startGateway({ host }), startOidcIssuer()])
  const files = readSampleFiles()
  await github.createOwner(OWNER)
  const created = await github.createRepository({ owner: OWNER.login, name: 'orders-api', files })
  if (created.commit === null) throw new Error('the sample repository has no commit')
  await seedUpstream(github, [...Object.values(files), ...BROUGHT_BY_FIXES.map((name) => `uses: ${name}@`)])
  const token = github.issueToken({
    owner: OWNER.login,
    permissions: { contents: 'write', pull_requests: 'write', workflows: 'write', metadata: 'read' },
    label: 'tenant',
  })
  return {
    github,
    oidc,
    codeHost: { webUrl: host === 'ghes' ? github.webUrl : 'https://github.com', apiUrl: github.apiUrl },
    files,
    repository: { id: created.id, ownerId: created.ownerId, fullName: created.fullName, commit: created.commit },
    token,
    close: async () => { await Promise.all([github.close(), oidc.close()]) },
  }
}
