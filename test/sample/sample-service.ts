// A control plane with one tenant that owns the sample repository: what an operator does before the first analysis.
import type { RunningService, ServiceOptions } from '../service/start-service.ts'
import { startService } from '../service/start-service.ts'
import type { SampleWorld } from './sample-world.ts'

export interface SampleService extends RunningService {
  readonly tenantId: string
  readonly apiKey: string
}

export async function startSampleService(world: SampleWorld, options: Omit<ServiceOptions, 'github' | 'issuers'>): Promise<SampleService> {
  const { github, oidc, repository, token } = world
  const env = { GITHUB_PACING: 'off', ...options.env }
  const service = await startService({ ...options, github, issuers: [oidc.issuer], env })
  const [owner = ''] = repository.fullName.split('/')
  const created = await service.admin(['create-tenant', '--owner', owner, '--owner-id', String(repository.ownerId)])
  const [apiKey] = /adk_\S+/.exec(created.stdout) ?? []
  const [, tenantId] = /tenant (\S+)/i.exec(created.stdout) ?? []
  if (created.exitCode !== 0 || apiKey === undefined || tenantId === undefined) throw new Error(`create-tenant failed (${created.exitCode}):\n${created.stdout}${created.stderr}`)
  const stored = await service.admin(['set-github-token', '--owner', owner], token)
  if (stored.exitCode !== 0) throw new Error(`set-github-token failed (${stored.exitCode}):\n${stored.stdout}${stored.stderr}`)
  return { ...service, tenantId, apiKey }
}
