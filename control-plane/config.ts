// The only reader of the service's environment. Parsed once, frozen, and passed on; every bad setting is named at once.
import type { RequestLimits } from './http/request-limits.ts'
import { AppError } from './errors.ts'
import type { Secret } from './secret.ts'
import { settingsSchema, type EncryptionKey, type Settings } from './settings.ts'
import type { TracingSettings } from './tracing/open-tracing.ts'

export interface Config {
  readonly role: 'api' | 'worker' | 'all'
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Without a slash at its end; links in answers start with it. */
  readonly publicUrl: string
  /** How many proxies in front of the service are trusted to say who called. */
  readonly trustedProxies: number
  readonly database: {
    /** null: the embedded server. */
    readonly uri: Secret | null
    readonly name: string
    readonly dataFolder: string
    readonly mongodBinary: string | null
    /** The PATH variable, to look for a mongod. */
    readonly searchPath: string
  }
  /** `paces`: waits between writes, as GitHub asks of its clients. */
  readonly github: { readonly apiUrl: string; readonly url: string; readonly paces: boolean }
  /** null: nobody can sign in. `sessionHours`: how long a session lives at most. */
  readonly signIn: { readonly clientId: string; readonly clientSecret: Secret; readonly sessionSecret: Secret; readonly sessionHours: number } | null
  /** null: tokens come from what organisations store. The key is PEM. */
  readonly githubApp: { readonly id: string; readonly privateKey: Secret } | null
  readonly retentionDays: { readonly analyses: number; readonly findings: number; readonly audit: number }
  readonly oidc: { readonly issuers: readonly string[]; readonly audience: string }
  /** Any of them may have signed a delivery; none switches webhooks off. */
  readonly webhookSecrets: readonly Secret[]
  /** The first one encrypts, all decrypt. */
  readonly encryptionKeys: readonly EncryptionKey[]
  readonly queue: {
    readonly pollMs: number
    readonly leaseMs: number
    readonly heartbeatMs: number
    readonly maxAttempts: number
    readonly retryBaseMs: number
    readonly sweepMs: number
    readonly admitPerTenant: number
    readonly concurrency: number
    readonly maxBacklog: number
  }
  readonly ai: {
    /** Null: not configured. */
    readonly providers: Readonly<Record<'gemini' | 'anthropic' | 'openai', { readonly apiKey: Secret; readonly baseUrl: string } | null>>
    /** Null: the bundled models. */
    readonly modelsFile: string | null
    readonly timeoutMs: number
    readonly breaker: { readonly threshold: number; readonly coolDownMs: number }
  }
  readonly shutdownMs: number
  /** `requestsPerHour`: the most for each organisation. */
  readonly scans: { readonly pollMs: number; readonly requestsPerHour: number }
  readonly requestLimits: RequestLimits
  readonly maxEventLoopDelayMs: number
  /** Null: no traces are kept. */
  readonly tracing: TracingSettings | null
  readonly logLevel: Settings['LOG_LEVEL']
}

/** Lock attempts overlap on the embedded server when it is polled faster (docs/decisions/0005-embedded-database.md). */
const POLL_MS = { embedded: 1_000, mongodb: 200 }

/** Throws CONFIG_INVALID, whose detail has one line per bad setting. An empty variable counts as not set. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''))
  const parsed = settingsSchema.safeParse(given)
  if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${given[String(issue.path[0])] === undefined ? 'is not set: it ' : ''}${issue.message}`))
  const settings = parsed.data
  if (settings.HEARTBEAT_MS * 2 > settings.LEASE_MS) throw invalid(['HEARTBEAT_MS must be at most half of LEASE_MS, or leases end while their holder lives'])
  const halves = TOGETHER.flatMap((names) => missingOf(settings, names))
  if (halves.length > 0) throw invalid(halves)
  return freeze(toConfig(settings, environment.PATH ?? ''))
}

function toConfig(settings: Settings, searchPath: string): Config {
  const publicUrl = settings.PUBLIC_URL ?? `http://${settings.HOST.includes(':') ? `[${settings.HOST}]` : settings.HOST}:${settings.PORT}`
  return {
    role: settings.ROLE,
    host: settings.HOST,
    port: settings.PORT,
    publicUrl,
    trustedProxies: settings.TRUST_PROXY,
    database: {
      uri: settings.MONGODB_URI ?? null,
      name: settings.MONGODB_DATABASE,
      dataFolder: settings.AUTODEVOPS_DATA,
      mongodBinary: settings.MONGOD_BINARY ?? null,
      searchPath,
    },
    github: { apiUrl: settings.GITHUB_API_URL, url: settings.GITHUB_URL, paces: settings.GITHUB_PACING === 'on' },
    signIn: signInOf(settings),
    githubApp: settings.GITHUB_APP_ID === undefined || settings.GITHUB_APP_PRIVATE_KEY === undefined ? null : { id: settings.GITHUB_APP_ID, privateKey: settings.GITHUB_APP_PRIVATE_KEY },
    retentionDays: { analyses: settings.RETENTION_ANALYSES_DAYS, findings: settings.RETENTION_FINDINGS_DAYS, audit: settings.RETENTION_AUDIT_DAYS },
    oidc: { issuers: settings.OIDC_ISSUERS, audience: settings.OIDC_AUDIENCE ?? publicUrl },
    webhookSecrets: settings.WEBHOOK_SECRETS ?? [],
    encryptionKeys: settings.ENCRYPTION_KEYS,
    queue: {
      pollMs: settings.QUEUE_POLL_MS ?? (settings.MONGODB_URI === undefined ? POLL_MS.embedded : POLL_MS.mongodb),
      leaseMs: settings.LEASE_MS,
      heartbeatMs: settings.HEARTBEAT_MS,
      maxAttempts: settings.MAX_ATTEMPTS,
      retryBaseMs: settings.RETRY_BASE_MS,
      sweepMs: settings.SWEEP_MS,
      admitPerTenant: settings.ADMIT_PER_TENANT,
      concurrency: settings.WORKER_CONCURRENCY,
      maxBacklog: settings.MAX_BACKLOG,
    },
    ai: {
      providers: {
        gemini: providerOf(settings.GEMINI_API_KEY, settings.GEMINI_BASE_URL),
        anthropic: providerOf(settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL),
        openai: providerOf(settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL),
      },
      modelsFile: settings.AI_MODELS_FILE ?? null,
      timeoutMs: settings.AI_TIMEOUT_MS,
      breaker: { threshold: settings.AI_BREAKER_FAILURES, coolDownMs: settings.AI_BREAKER_COOL_DOWN_MS },
    },
    shutdownMs: settings.SHUTDOWN_MS,
    scans: { pollMs: settings.SCAN_POLL_MS, requestsPerHour: settings.SCAN_REQUESTS_PER_HOUR },
    requestLimits: { actor: settings.RATE_LIMIT_PER_MINUTE, address: settings.RATE_LIMIT_ADDRESS_PER_MINUTE, tenant: settings.RATE_LIMIT_TENANT_PER_MINUTE, webhooks: settings.RATE_LIMIT_WEBHOOKS_PER_MINUTE },
    maxEventLoopDelayMs: settings.MAX_EVENT_LOOP_DELAY_MS,
    tracing: tracingOf(settings),
    logLevel: settings.LOG_LEVEL,
  }
}

/** Settings of one feature: all of them or none. */
const TOGETHER = [
  ['GITHUB_OAUTH_CLIENT_ID', 'GITHUB_OAUTH_CLIENT_SECRET', 'SESSION_SECRET'],
  ['GITHUB_APP_ID', 'GITHUB_APP_PRIVATE_KEY'],
] as const

function missingOf(settings: Settings, names: readonly (keyof Settings)[]): string[] {
  const missing = names.filter((name) => settings[name] === undefined)
  return missing.length === names.length ? [] : missing.map((name) => `${name} is not set: it goes with ${names.filter((other) => other !== name).join(' and ')}`)
}

function signInOf({ GITHUB_OAUTH_CLIENT_ID: clientId, GITHUB_OAUTH_CLIENT_SECRET: clientSecret, SESSION_SECRET: sessionSecret, SESSION_HOURS: sessionHours }: Settings): Config['signIn'] {
  return clientId === undefined || clientSecret === undefined || sessionSecret === undefined ? null : { clientId, clientSecret, sessionSecret, sessionHours }
}

function tracingOf(settings: Settings): TracingSettings | null {
  if (settings.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return null
  return {
    endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
    headers: settings.OTEL_EXPORTER_OTLP_HEADERS ?? {},
    timeoutMs: settings.OTEL_EXPORTER_OTLP_TIMEOUT,
    serviceName: settings.OTEL_SERVICE_NAME,
    resourceAttributes: settings.OTEL_RESOURCE_ATTRIBUTES ?? {},
    sampler: settings.OTEL_TRACES_SAMPLER,
    samplerRatio: settings.OTEL_TRACES_SAMPLER_ARG,
  }
}

const providerOf = (apiKey: Secret | undefined, baseUrl: string) => (apiKey === undefined ? null : { apiKey, baseUrl })

const invalid = (problems: readonly string[]): AppError =>
  new AppError('CONFIG_INVALID', { detail: `\n${problems.map((problem) => `  - ${problem}`).join('\n')}` })

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)) {
    Object.values(value).forEach(freeze)
    Object.freeze(value)
  }
  return value
}
