// Traces where an endpoint is configured. Nothing of OpenTelemetry is loaded otherwise: this import is the only way to it.
import type { Logger } from '../logging.ts'
import type { Secret } from '../secret.ts'
import type { Settings } from '../settings.ts'
import { NO_TRACING, type Tracing } from './tracing.ts'

export interface TracingSettings {
  /** Of a collector that takes OTLP over HTTP; `/v1/traces` is put behind it. */
  readonly endpoint: string
  /** Go with everything that is sent there. */
  readonly headers: Readonly<Record<string, Secret>>
  readonly timeoutMs: number
  readonly serviceName: string
  readonly resourceAttributes: Readonly<Record<string, string>>
  readonly sampler: Settings['OTEL_TRACES_SAMPLER']
  /** From 0 to 1, for the samplers by ratio. */
  readonly samplerRatio: number
}

export async function openTracing(settings: TracingSettings | null, { logger }: { readonly logger: Pick<Logger, 'warn' | 'info'> }): Promise<Tracing> {
  if (settings === null) return NO_TRACING
  const { createOtlpTracing } = await import('./otlp-tracing.ts')
  return createOtlpTracing(settings, { logger })
}
