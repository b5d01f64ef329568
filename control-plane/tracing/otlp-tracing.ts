// Traces through OpenTelemetry, sent to a collector in batches. Nothing is patched and nothing is global: spans are begun through the
// port, and the one under which something runs is kept here. A collector that is away costs spans and one warning, never a request.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context, type Span as OtelSpan, type SpanContext } from '@opentelemetry/api'
import { ExportResultCode, parseTraceParent } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { AlwaysOffSampler, AlwaysOnSampler, BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider, type Sampler, type SpanExporter } from '@opentelemetry/sdk-trace'
import { VERSION } from '../../analysis/version.ts'
import { withoutCredentials, type Logger } from '../logging.ts'
import type { TracingSettings } from './open-tracing.ts'
import { describeForTraces, typeOfError } from './error-attributes.ts'
import type { Attributes, Span, Tracing } from './tracing.ts'

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER, internal: SpanKind.INTERNAL } as const
/** For the last batch: a collector that hangs must not keep a service from ending. */
const LAST_BATCH_MS = 3_000

export function createOtlpTracing(settings: TracingSettings, { logger }: { readonly logger: Pick<Logger, 'warn' | 'info'> }): Tracing {
  const provider = new TracerProvider({
    sampler: samplerOf(settings),
    resource: resourceFromAttributes({ ...settings.resourceAttributes, 'service.name': settings.serviceName, 'service.version': VERSION }),
    spanProcessors: [new BatchSpanProcessor({ exporter: watched(exporterOf(settings), logger) })],
  })
  const tracer = provider.getTracer('autodevops', VERSION)
  const under = new AsyncLocalStorage<Context>()
  const begin: Tracing['begin'] = (name, { kind, parent, attributes = {} }) => {
    const above = parent === undefined ? (under.getStore() ?? ROOT_CONTEXT) : contextOf(parent)
    const span = tracer.startSpan(name, { kind: KINDS[kind], attributes: cleaned(attributes) }, above)
    return wrapped(span, (work) => under.run(trace.setSpan(above, span), work))
  }
  return {
    begin,
    traceparent: () => {
      const span = trace.getSpan(under.getStore() ?? ROOT_CONTEXT)
      return span === undefined ? null : formatTraceparent(span.spanContext())
    },
    report: (error, what) => {
      const current = trace.getSpan(under.getStore() ?? ROOT_CONTEXT)
      const own = current?.isRecording() === true ? null : tracer.startSpan('error', {}, under.getStore() ?? ROOT_CONTEXT)
      const span = own ?? current
      span?.addEvent('exception', cleaned(describeForTraces(error, what)))
      span?.setStatus({ code: SpanStatusCode.ERROR })
      own?.end()
    },
    stop: async () => {
      await Promise.race([provider.shutdown().catch(() => undefined), sleep(LAST_BATCH_MS, undefined, { ref: false })])
    },
  }
}

function wrapped(span: OtelSpan, within: Span['within']): Span {
  return {
    traceparent: formatTraceparent(span.spanContext()),
    set: (attributes) => { span.setAttributes(cleaned(attributes)) },
    fail: (error) => { span.setAttribute('error.type', typeOfError(error)).setStatus({ code: SpanStatusCode.ERROR }) },
    end: () => { span.end() },
    within,
  }
}

/** A second line of defence: some values, such as correlation ids, come from callers. */
const cleaned = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, typeof value === 'string' ? withoutCredentials(value) : value]))

function contextOf(traceparent: string | null): Context {
  const remote = traceparent === null ? null : parseTraceParent(traceparent)
  return remote === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true })
}

const formatTraceparent = ({ traceId, spanId, traceFlags }: SpanContext): string => `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`

function samplerOf({ sampler, samplerRatio }: TracingSettings): Sampler {
  const parentBased = (root: Sampler): Sampler => new ParentBasedSampler({ root })
  switch (sampler) {
    case 'always_on': return new AlwaysOnSampler()
    case 'always_off': return new AlwaysOffSampler()
    case 'traceidratio': return new TraceIdRatioBasedSampler(samplerRatio)
    case 'parentbased_always_on': return parentBased(new AlwaysOnSampler())
    case 'parentbased_always_off': return parentBased(new AlwaysOffSampler())
    case 'parentbased_traceidratio': return parentBased(new TraceIdRatioBasedSampler(samplerRatio))
  }
}

function exporterOf({ endpoint, headers, timeoutMs }: TracingSettings): SpanExporter {
  return new OTLPTraceExporter({
    url: `${endpoint}/v1/traces`, timeoutMillis: timeoutMs,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
  })
}

/** Says once that spans do not arrive, and once that they do again. */
function watched(exporter: SpanExporter, logger: Pick<Logger, 'warn' | 'info'>): SpanExporter {
  let isFailing = false
  return {
    export: (spans, done) => {
      exporter.export(spans, (result) => {
        const failed = result.code !== ExportResultCode.SUCCESS
        if (failed && !isFailing) logger.warn({ err: result.error }, 'the collector does not take traces: they are dropped until it does')
        if (!failed && isFailing) logger.info('the collector takes traces again')
        isFailing = failed
        done(result)
      })
    },
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  }
}
