// The port to whoever keeps traces. Spans are made by hand where work crosses a boundary of ours: a request, an attempt at an analysis
// and its steps, a request to GitHub, a call to a model. Attributes say which and how, never what: no secret, no text or name of a
// repository.

export type Attributes = Readonly<Record<string, string | number>>

/** What is under way. */
export interface Span {
  /** W3C Trace Context: what another process needs to go on with the trace. Null where nothing is kept. */
  readonly traceparent: string | null
  set(attributes: Attributes): void
  /** Marks it as failed. What the error says is left to the log, because it may quote anything. */
  fail(error: unknown): void
  end(): void
  /** Runs something whose own spans belong under this one. */
  within<T>(work: () => T): T
}

export interface SpanOptions {
  readonly kind: 'server' | 'client' | 'consumer' | 'internal'
  /** The span above, as another process said; null: none. Left out: the one under which this runs. */
  readonly parent?: string | null
  readonly attributes?: Attributes
}

export interface Tracing {
  begin(name: string, options: SpanOptions): Span
  /** Of the span under which this runs; null without one. */
  traceparent(): string | null
  /** For what somebody has to act on: an event on the span under which it happened, or on one of its own. */
  report(error: unknown, what: string): void
  /** Sends what is left and ends, in a few seconds at most. Never rejects. */
  stop(): Promise<void>
}

const NO_SPAN: Span = { traceparent: null, set: () => undefined, fail: () => undefined, end: () => undefined, within: (work) => work() }

export const NO_TRACING: Tracing = { begin: () => NO_SPAN, traceparent: () => null, report: () => undefined, stop: () => Promise.resolve() }

/** Work as a span: failed when it rejects. */
export async function inSpan<T>(tracing: Pick<Tracing, 'begin'>, { name, ...options }: SpanOptions & { readonly name: string }, work: (span: Span) => Promise<T>): Promise<T> {
  const span = tracing.begin(name, options)
  try {
    return await span.within(() => work(span))
  } catch (error) {
    span.fail(error)
    throw error
  } finally {
    span.end()
  }
}
