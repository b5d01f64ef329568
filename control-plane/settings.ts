// The settings of the service: one row per environment variable, with its default. docs/runbook.md explains each one
// in a table that a test compares with this schema. Only config.ts reads it.
import { createPrivateKey } from 'node:crypto'
import { z } from 'zod'
import { REQUESTS_PER_HOUR } from './scans/scan-state.ts'
import { Secret } from './secret.ts'

const KEY_BYTES = 32

const whole = (min: number, max: number) => z.coerce.number('must be a number').int('must be a whole number').min(min, `must be at least ${min}`).max(max, `must be at most ${max}`)
const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .transform((url) => url.replace(/\/+$/, ''))
const list = (text: string) => text.split(',').map((part) => part.trim()).filter((part) => part !== '')

/** One `id:base64` entry: the id travels in clear in front of what the key encrypts. */
export interface EncryptionKey {
  readonly id: string
  /** Base64 of 32 bytes. */
  readonly secret: Secret
}

const encryptionKeys = z.string('must hold at least one key').transform((text, ctx): readonly EncryptionKey[] => {
  const keys = list(text).map((entry) => ({ id: entry.slice(0, Math.max(0, entry.indexOf(':'))), value: entry.slice(entry.indexOf(':') + 1) }))
  const problem = (message: string) => ctx.addIssue({ code: 'custom', message })
  if (keys.length === 0) problem('must hold at least one key')
  keys.forEach(({ id, value }, index) => {
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(id)) problem(`entry ${index + 1} is not written id:base64`)
    else if (!/^[A-Za-z0-9+/]+=*$/.test(value) || Buffer.from(value, 'base64').length !== KEY_BYTES) problem(`key ${id} is not the base64 of ${KEY_BYTES} bytes`)
  })
  if (new Set(keys.map(({ id }) => id)).size !== keys.length) problem('holds two keys with the same id')
  return keys.map(({ id, value }) => ({ id, secret: new Secret(value) }))
})

/** As many as 256 bits have in base64. */
const SESSION_SECRET_LENGTH = 43

/** `name=value` entries with commas between, values percent-encoded, as OpenTelemetry's specification has them. */
const pairs = z.string().transform((text, ctx): readonly (readonly [string, string])[] => list(text).flatMap((entry, index) => {
  const [, name, value] = /^([\w.!#$%&'*+^`|~-]+?)\s*=(.*)$/s.exec(entry) ?? []
  try {
    if (name !== undefined && value !== undefined) return [[name, decodeURIComponent(value.trim())] as const]
  } catch {
    // Said below; the reason would quote the value.
  }
  ctx.addIssue({ code: 'custom', message: `entry ${index + 1} is not written name=value, with the value percent-encoded` })
  return []
}))

const secret = z.string().min(1).transform((value) => new Secret(value))

/** PEM as GitHub gives it, or the base64 of it: line ends get lost in environments. */
const privateKey = secret.transform((value, ctx) => {
  const given = value.reveal()
  const pem = given.includes('-----BEGIN') ? given.replaceAll('\\n', '\n') : Buffer.from(given, 'base64').toString('utf8')
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'rsa') return new Secret(pem)
  } catch {
    // Said below; the reason would quote the key.
  }
  ctx.addIssue({ code: 'custom', message: 'must be an RSA private key in PEM, or the base64 of one' })
  return z.NEVER
})

/** Which requests are traced, by the names of OpenTelemetry's specification. */
const SAMPLERS = ['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const

export const settingsSchema = z.object({
  ROLE: z.enum(['api', 'worker', 'all'], 'must be api, worker or all').default('all'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: whole(0, 65_535).default(8080),
  PUBLIC_URL: httpUrl.optional(),
  TRUST_PROXY: whole(0, 10).default(0),
  MONGODB_URI: secret.refine((uri) => /^mongodb(\+srv)?:\/\//.test(uri.reveal()), 'must start with mongodb:// or mongodb+srv://').optional(),
  MONGODB_DATABASE: z.string().regex(/^[A-Za-z0-9_-]{1,38}$/, 'must be 1 to 38 letters, digits, _ or -').default('autodevops'),
  AUTODEVOPS_DATA: z.string().min(1).default('.autodevops/data'),
  MONGOD_BINARY: z.string().min(1).optional(),
  GITHUB_API_URL: httpUrl.default('https://api.github.com'),
  GITHUB_URL: httpUrl.default('https://github.com'),
  GITHUB_PACING: z.enum(['on', 'off'], 'must be on or off').default('on'),
  GITHUB_OAUTH_CLIENT_ID: z.string().min(1).optional(),
  GITHUB_OAUTH_CLIENT_SECRET: secret.optional(),
  SESSION_SECRET: secret.refine((value) => value.reveal().length >= SESSION_SECRET_LENGTH, `must have at least ${SESSION_SECRET_LENGTH} characters`).optional(),
  SESSION_HOURS: whole(1, 720).default(12),
  GITHUB_APP_ID: z.string().regex(/^\d{1,20}$/, "must be the App's number").optional(),
  GITHUB_APP_PRIVATE_KEY: privateKey.optional(),
  OIDC_ISSUERS: z.string().default('https://token.actions.githubusercontent.com').transform(list)
    .pipe(z.array(httpUrl).min(1, 'must name at least one issuer')),
  OIDC_AUDIENCE: z.string().min(1).optional(),
  WEBHOOK_SECRETS: z.string().transform(list).pipe(z.array(secret).max(10, 'must hold at most 10 secrets')).optional(),
  ENCRYPTION_KEYS: encryptionKeys,
  QUEUE_POLL_MS: whole(50, 60_000).optional(),
  LEASE_MS: whole(500, 3_600_000).default(60_000),
  HEARTBEAT_MS: whole(50, 600_000).default(15_000),
  MAX_ATTEMPTS: whole(1, 20).default(5),
  RETRY_BASE_MS: whole(1, 600_000).default(2_000),
  SWEEP_MS: whole(100, 3_600_000).default(30_000),
  ADMIT_PER_TENANT: whole(1, 1_000).default(4),
  WORKER_CONCURRENCY: whole(1, 100).default(4),
  SHUTDOWN_MS: whole(100, 600_000).default(20_000),
  RATE_LIMIT_PER_MINUTE: whole(1, 1_000_000).default(600),
  RATE_LIMIT_ADDRESS_PER_MINUTE: whole(1, 1_000_000).default(3_000),
  RATE_LIMIT_TENANT_PER_MINUTE: whole(1, 1_000_000).default(6_000),
  RATE_LIMIT_WEBHOOKS_PER_MINUTE: whole(1, 1_000_000).default(6_000),
  MAX_BACKLOG: whole(1, 1_000_000).default(20_000),
  MAX_EVENT_LOOP_DELAY_MS: whole(10, 60_000).default(1_000),
  SCAN_POLL_MS: whole(100, 3_600_000).default(30_000),
  SCAN_REQUESTS_PER_HOUR: whole(REQUESTS_PER_HOUR.least, REQUESTS_PER_HOUR.most).default(1_000),
  RETENTION_ANALYSES_DAYS: whole(1, 3_650).default(365),
  RETENTION_FINDINGS_DAYS: whole(1, 3_650).default(90),
  RETENTION_AUDIT_DAYS: whole(1, 3_650).default(730),
  GEMINI_API_KEY: secret.optional(),
  GEMINI_BASE_URL: httpUrl.default('https://generativelanguage.googleapis.com'),
  ANTHROPIC_API_KEY: secret.optional(),
  ANTHROPIC_BASE_URL: httpUrl.default('https://api.anthropic.com'),
  OPENAI_API_KEY: secret.optional(),
  OPENAI_BASE_URL: httpUrl.default('https://api.openai.com/v1'),
  AI_MODELS_FILE: z.string().min(1).optional(),
  AI_TIMEOUT_MS: whole(100, 600_000).default(60_000),
  AI_BREAKER_FAILURES: whole(1, 1_000).default(5),
  AI_BREAKER_COOL_DOWN_MS: whole(100, 3_600_000).default(30_000),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z.enum(['http/protobuf'], 'must be http/protobuf: give the address of the collector that takes OTLP over HTTP').default('http/protobuf'),
  OTEL_EXPORTER_OTLP_HEADERS: pairs.transform((entries) => Object.fromEntries(entries.map(([name, value]) => [name, new Secret(value)]))).optional(),
  OTEL_EXPORTER_OTLP_TIMEOUT: whole(1, 60_000).default(10_000),
  OTEL_SERVICE_NAME: z.string().min(1).default('autodevops'),
  OTEL_RESOURCE_ATTRIBUTES: pairs.transform((entries): Readonly<Record<string, string>> => Object.fromEntries(entries)).optional(),
  OTEL_TRACES_SAMPLER: z.enum(SAMPLERS, `must be one of ${SAMPLERS.join(', ')}`).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number('must be a number').min(0, 'must be at least 0').max(1, 'must be at most 1').default(1),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent').default('info'),
})

export type Settings = z.infer<typeof settingsSchema>
