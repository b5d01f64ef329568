// What the HTTP service needs of its limits, so wide that no test meets them by accident.
import type { Config } from '../../control-plane/config.ts'
import { createRequestCounts } from '../../control-plane/http/request-counts.ts'

const WIDE = 1_000_000

export const OPEN_LIMITS: Pick<Config, 'requestLimits' | 'maxEventLoopDelayMs'> = { requestLimits: { actor: WIDE, address: WIDE, tenant: WIDE, webhooks: WIDE }, maxEventLoopDelayMs: 60_000 }

export const newCounts = () => createRequestCounts({ now: Date.now })
