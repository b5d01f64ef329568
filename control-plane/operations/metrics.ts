// Everything that /metrics prints, in one list: docs/runbook.md explains each row, and a test holds the two equal. Labels take
// values that the code names, never one that a caller sends. Nothing is global: a process makes one of these.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { createLookUps, type LookUp } from './look-ups.ts'

const PREFIX = 'autodevops_'
/** Seconds. Requests may be long polls of a minute. */
const REQUEST_BUCKETS = [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 30, 60]
const OUTSIDE_BUCKETS = [0.05, 0.1, 0.3, 1, 3, 10, 20, 60]
const ANALYSIS_BUCKETS = [0.1, 0.3, 1, 3, 10, 30, 60, 120, 300]

export type Metrics = ReturnType<typeof createMetrics>

/** `now`: milliseconds, for values that are looked up. */
export function createMetrics(now: () => number = Date.now) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: PREFIX })
  const lookUps = createLookUps({ now })
  const described = <L extends string>(name: string, help: string, labelNames: readonly L[]) => ({ name: `${PREFIX}${name}`, help, labelNames, registers: [registry] })
  const counter = <L extends string>(...row: Parameters<typeof described<L>>) => new Counter(described(...row))
  const gauge = <L extends string>(...row: Parameters<typeof described<L>>) => new Gauge(described(...row))
  const histogram = <L extends string>(buckets: number[], ...row: Parameters<typeof described<L>>) => new Histogram({ ...described(...row), buckets })
  return {
    contentType: registry.contentType,
    /** Values that are looked up when somebody asks. */
    lookUp: (row: LookUp) => { lookUps.add(row) },
    print: async () => {
      await lookUps.refresh()
      return registry.metrics()
    },

    requestSeconds: histogram(REQUEST_BUCKETS, 'http_request_seconds', 'Time from the first byte of a request to the end of its answer', ['method', 'route', 'status']),

    queueWaiting: gauge('queue_waiting', 'What waits, over all processes', ['queue']),
    queueOldestSeconds: gauge('queue_oldest_seconds', 'How long the oldest of what waits has waited, over all processes', ['queue']),
    deadLetters: gauge('dead_letters', 'Analyses that were given up and wait for an operator, over all processes', []),

    analysesEnded: counter('analyses_ended_total', 'Analyses that ended, by how, and by the error code of those that failed', ['state', 'code']),
    analysisAttempts: counter('analysis_attempts_total', 'Attempts that ended, by how', ['end']),
    analysisAttemptSeconds: histogram(ANALYSIS_BUCKETS, 'analysis_attempt_seconds', 'Time from the taking of an analysis to the end of the attempt', ['end']),
    analysisStepSeconds: histogram(ANALYSIS_BUCKETS, 'analysis_step_seconds', 'Time of each step of the analyses that are done', ['step']),
    scans: counter('scans_total', 'Looks at repositories on their schedule, by how they ended', ['result']),
    fixPullRequests: counter('fix_pull_requests_total', 'What became of fix pull requests that an analysis asked for', ['state']),

    githubRequestSeconds: histogram(OUTSIDE_BUCKETS, 'github_request_seconds', 'Time from a request to GitHub to the head of its answer', ['token', 'status']),
    githubRateLimited: counter('github_rate_limited_total', 'Requests that GitHub refused because of a limit', ['token']),
    githubRateLimitRemaining: gauge('github_rate_limit_remaining', 'Requests that are left to the token with the fewest, of those that this process used in their current window', ['token', 'resource']),

    modelCalls: counter('model_calls_total', 'Calls to models, by how they ended', ['provider', 'outcome']),
    modelCallSeconds: histogram(OUTSIDE_BUCKETS, 'model_call_seconds', 'Time from a call to a model to its answer or failure', ['provider']),
    modelBreakerOpen: gauge('model_breaker_open', '1 while a provider is left alone, over all processes', ['provider']),

    webhookDeliveries: counter('webhook_deliveries_total', 'Signed webhook deliveries, by what became of them at the door', ['outcome']),
    webhookDeliveriesProcessed: counter('webhook_deliveries_processed_total', 'Webhook deliveries that were worked off, by how', ['outcome']),
  }
}
