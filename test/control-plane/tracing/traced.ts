// Traces to a collector of the test, with settings as an operator has them.
import { openTracing, type TracingSettings } from '../../../control-plane/tracing/open-tracing.ts'
import type { Tracing } from '../../../control-plane/tracing/tracing.ts'
import { Secret } from '../../../control-plane/secret.ts'
import type { ReceivedSpan } from '../../otlp-collector/read-spans.ts'

export const settingsFor = (endpoint: string): TracingSettings => ({
  endpoint, headers: { 'x-collector-key': new Secret('collector-secret') }, timeoutMs: 2_000, serviceName: 'autodevops-test', resourceAttributes: { 'deployment.environment.name': 'test' },
  sampler: 'parentbased_always_on', samplerRatio: 1,
})

const QUIET = { warn: () => undefined, info: () => undefined }

export const traceTo = (endpoint: string, changes: Partial<TracingSettings> = {}): Promise<Tracing> => openTracing({ ...settingsFor(endpoint), ...changes }, { logger: QUIET })

/** The names from the first span of its trace down to this one. */
export function pathOf(span: ReceivedSpan, all: readonly ReceivedSpan[]): string[] {
  const parent = all.find(({ spanId, traceId }) => spanId === span.parentId && traceId === span.traceId)
  return [...(parent === undefined ? [] : pathOf(parent, all)), span.name]
}
