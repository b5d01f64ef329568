// What the service looks after by itself: old documents, secrets that are not encrypted with the first key yet, and what other
// modules bring.
import { createAnalysesRetention } from '../analyses/analyses-retention.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Logger } from '../logging.ts'
import type { PlatformServices } from '../platform-services.ts'
import { createMaintenance, type Maintenance, type MaintenanceTask } from './maintenance.ts'
import { createRetention, type RetentionTarget } from './retention.ts'

interface Parts {
  readonly platform: Pick<PlatformServices, 'collections' | 'tenants' | 'audit' | 'rotateKeys'>
  readonly config: Pick<Config, 'retentionDays'>
  readonly clock: Clock
  readonly logger: Logger
  /** Of other modules. */
  readonly tasks: readonly MaintenanceTask[]
}

export function assembleMaintenance({ platform, config, clock, logger, tasks }: Parts): Maintenance {
  const { collections, tenants, audit, rotateKeys } = platform
  const { retentionDays } = config
  const analyses = createAnalysesRetention(collections)
  const targets: readonly RetentionTarget[] = [
    { name: 'findings', days: retentionDays.findings, removeBefore: (tenantId, time, limit) => analyses.for(tenantId).dropFindingsBefore(time, limit) },
    { name: 'analyses', days: retentionDays.analyses, removeBefore: (tenantId, time, limit) => analyses.for(tenantId).removeBefore(time, limit) },
    { name: 'audit', days: retentionDays.audit, removeBefore: (tenantId, time, limit) => audit.for(tenantId).removeBefore(time, limit) },
  ]
  const rotate = async (signal: AbortSignal) => {
    const { rotated, damaged } = await rotateKeys({ signal, onProgress: (progress) => { if (progress.rotated > 0) logger.info({ ...progress }, 'stored secrets are being encrypted with the first key') } })
    return { rotated, damaged }
  }
  return createMaintenance({ logger, tasks: [{ name: 'retention', run: createRetention({ tenants, targets, clock }) }, { name: 'rotate-keys', run: rotate }, ...tasks] })
}
