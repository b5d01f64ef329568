// A control plane with one tenant that owns the sample repository: what an operator does before the first analysis.
import type { RunningService, ServiceOptions } from '../service/start-service.ts'
import { startService } from '../service/start-service.ts'
import type { SampleWorld } from './sample-world.ts'

export interface SampleService extends RunningService {
  readonly tenantId: string
  readonly apiKey: string
}

export async function startSampleService(world: SampleWorld, options: Omit<ServiceOptions, 'github' | 'issuers'>): Promise<SampleService> {
  const { codeHost, oidc } = world
  const env = { GITHUB_PACING: 'off', ...options.env }
  const service = await startService({ ...options, github: codeHost, issuers: [oidc.issuer], env })
  try {
    return { ...service, ...(await createTenant(service, world)) }
  } catch (error) {
    await service.kill('SIGTERM')
    throw error
  }
}

async function createTenant(service: RunningService, { repository, token }: SampleWorld): Promise<{ tenantId: string; apiKey: string }> {
  const [owner = ''] = repository.fullName.split('/')
  const created = await service.admin(['create-tenant', '--owner', owner, '--owner-id', String(repository.ownerId)])
  const [, tenantId] = /^tenant: (\S+)$/m.exec(created.stdout) ?? []
  const [, apiKey] = /^apiKey: (\S+)$/m.exec(created.stdout) ?? []
  if (created.code !== 0 || apiKey === undefined || tenantId === undefined) throw new Error(`create-tenant failed (${created.code}): ${created.stderr}`)
  const stored = await service.admin(['set-github-token', '--tenant', tenantId], token)
  if (stored.code !== 0) throw new Error(`set-github-token failed (${stored.code}): ${stored.stderr}`)
  return { tenantId, apiKey }
}
