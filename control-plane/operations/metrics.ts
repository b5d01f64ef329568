// The registry that /metrics prints. Features add their own counters to it; nothing is global.
import { Histogram, Registry, collectDefaultMetrics } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  /** Labels: method, route (the pattern, never the address), status. Seconds. */
  readonly requestSeconds: Histogram<'method' | 'route' | 'status'>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'autodevops_' })
  const requestSeconds = new Histogram({
    name: 'autodevops_http_request_seconds',
    help: 'Time from the first byte of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 30, 60],
    registers: [registry],
  })
  return { registry, requestSeconds }
}
