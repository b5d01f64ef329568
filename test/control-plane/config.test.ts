import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../control-plane/config.ts'
import { ERRORS } from '../../control-plane/errors.ts'
import { settingsSchema } from '../../control-plane/settings.ts'

const KEY = Buffer.alloc(32, 'canary').toString('base64')
const MINIMUM = { ENCRYPTION_KEYS: `k1:${KEY}` }
const detailOf = (environment: Record<string, string>) => {
  try {
    readConfig(environment)
  } catch (error) {
    return (error as { detail?: string }).detail ?? ''
  }
  return 'accepted'
}

describe('the settings', () => {
  test('need nothing but an encryption key', () => {
    const config = readConfig(MINIMUM)
    expect(config).toMatchObject({
      role: 'all', host: '127.0.0.1', port: 8080, publicUrl: 'http://127.0.0.1:8080',
      database: { uri: null, name: 'autodevops', dataFolder: '.autodevops/data' },
      github: { apiUrl: 'https://api.github.com', url: 'https://github.com' },
      oidc: { issuers: ['https://token.actions.githubusercontent.com'], audience: 'http://127.0.0.1:8080' },
      queue: { pollMs: 1000, admitPerTenant: 4 },
    })
  })

  test('poll faster on MongoDB than on the embedded server, unless the interval is set', () => {
    const MONGODB_URI = 'mongodb://db.example'
    expect(readConfig({ ...MINIMUM, MONGODB_URI }).queue.pollMs).toBe(200)
    expect(readConfig({ ...MINIMUM, MONGODB_URI, QUEUE_POLL_MS: '500' }).queue.pollMs).toBe(500)
  })

  test('take the audience from the public address, and several issuers and keys', () => {
    const config = readConfig({
      PUBLIC_URL: 'https://autodevops.example/', OIDC_ISSUERS: 'https://a.example/, https://b.example/_services/token',
      ENCRYPTION_KEYS: `new:${KEY},old:${KEY}`,
    })
    expect(config.oidc).toEqual({ audience: 'https://autodevops.example', issuers: ['https://a.example', 'https://b.example/_services/token'] })
    expect(config.encryptionKeys.map(({ id, secret }) => [id, secret.reveal()])).toEqual([['new', KEY], ['old', KEY]])
  })

  test('that are wrong are all named at once, without the value of a secret', () => {
    const detail = detailOf({ PORT: 'eighty', ROLE: 'both', GITHUB_API_URL: 'ftp://x', ENCRYPTION_KEYS: 'canary-key', MONGODB_URI: 'postgres://u:canary-password@h' })
    for (const name of ['PORT', 'ROLE', 'GITHUB_API_URL', 'ENCRYPTION_KEYS', 'MONGODB_URI']) expect(detail).toContain(`- ${name} `)
    expect(detail).not.toContain('canary')
  })

  test.each([
    [{}, 'ENCRYPTION_KEYS is not set'],
    [{ ENCRYPTION_KEYS: ' ' }, 'ENCRYPTION_KEYS is not set'],
    [{ ENCRYPTION_KEYS: `k1:${Buffer.alloc(16).toString('base64')}` }, 'key k1 is not the base64 of 32 bytes'],
    [{ ENCRYPTION_KEYS: `k1:${KEY},k1:${KEY}` }, 'two keys with the same id'],
    [{ ...MINIMUM, LEASE_MS: '1000', HEARTBEAT_MS: '800' }, 'HEARTBEAT_MS must be at most half of LEASE_MS'],
    [{ ...MINIMUM, OIDC_ISSUERS: ' , ' }, 'OIDC_ISSUERS'],
  ])('%o are refused: %s', (environment, message) => {
    expect(detailOf(environment as Record<string, string>)).toContain(message)
  })

  test('of the sign-in and of the App come together or not at all', () => {
    expect(readConfig(MINIMUM)).toMatchObject({ signIn: null, githubApp: null, retentionDays: { analyses: 365, findings: 90, audit: 730 } })
    expect(detailOf({ ...MINIMUM, GITHUB_OAUTH_CLIENT_ID: 'c', GITHUB_APP_ID: '1' })).toMatch(/GITHUB_OAUTH_CLIENT_SECRET is not set.*SESSION_SECRET is not set.*GITHUB_APP_PRIVATE_KEY is not set: it goes with GITHUB_APP_ID/s)
    const signIn = { GITHUB_OAUTH_CLIENT_ID: 'c', GITHUB_OAUTH_CLIENT_SECRET: 's', SESSION_SECRET: 'x'.repeat(43) }
    expect(readConfig({ ...MINIMUM, ...signIn }).signIn).toMatchObject({ clientId: 'c', sessionHours: 12 })
    expect(detailOf({ ...MINIMUM, ...signIn, SESSION_SECRET: 'canary-short' })).toMatch(/SESSION_SECRET must have at least 43 characters$/)
  })

  test("take the App's key as GitHub gives it, with its line ends lost, and in base64", () => {
    const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
    for (const given of [pem, pem.replaceAll('\n', '\\n'), Buffer.from(pem).toString('base64')]) {
      expect(readConfig({ ...MINIMUM, GITHUB_APP_ID: '1', GITHUB_APP_PRIVATE_KEY: given }).githubApp?.privateKey.reveal()).toBe(pem)
    }
    const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    for (const given of ['canary', elliptic]) {
      const detail = detailOf({ ...MINIMUM, GITHUB_APP_ID: '1', GITHUB_APP_PRIVATE_KEY: given })
      expect([detail.includes('must be an RSA private key in PEM'), detail.includes(given)]).toEqual([true, false])
    }
  })

  test('of traces follow the specification, and none are kept without an endpoint', () => {
    const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318/'
    expect(readConfig({ ...MINIMUM, OTEL_SERVICE_NAME: 'x', OTEL_EXPORTER_OTLP_HEADERS: 'a=b' }).tracing).toBeNull()
    const { tracing } = readConfig({ ...MINIMUM, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20a%3D%3D, x-team = b=c', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=prod' })
    expect(tracing).toMatchObject({ endpoint: 'http://collector:4318', serviceName: 'autodevops', resourceAttributes: { 'deployment.environment.name': 'prod' }, sampler: 'parentbased_always_on', samplerRatio: 1 })
    expect(Object.entries(tracing?.headers ?? {}).map(([name, value]) => [name, value.reveal()])).toEqual([['authorization', 'Basic a=='], ['x-team', 'b=c']])
  })

  test.each([
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=b,canary' }, 'OTEL_EXPORTER_OTLP_HEADERS entry 2 is not written name=value'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=%canary' }, 'OTEL_EXPORTER_OTLP_HEADERS entry 1 is not written name=value'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' }, 'OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https address'],
    [{ OTEL_TRACES_SAMPLER: 'jaeger_remote' }, 'OTEL_TRACES_SAMPLER must be one of always_on'],
    [{ OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG must be at most 1'],
  ])('of traces that are wrong are refused: %o', (environment, message) => {
    const detail = detailOf({ ...MINIMUM, ...environment })
    expect(detail).toContain(message)
    expect(detail).not.toContain('canary')
  })

  test('cannot be changed, and print no secret', () => {
    const config = readConfig({ ...MINIMUM, MONGODB_URI: 'mongodb://u:canary-password@db.example' })
    expect(() => { (config.queue as { pollMs: number }).pollMs = 1 }).toThrow(TypeError)
    const printed = `${inspect(config, { depth: 9 })}${JSON.stringify(config)}${String(config.database.uri)}`
    for (const secret of [KEY, 'canary-password']) expect(printed).not.toContain(secret)
    expect(printed).toContain('[secret]')
  })
})

const headings = (file: string) => [...readFileSync(file, 'utf8').matchAll(/^#{2,3} `?([A-Z][A-Z_]+)`?$/gm)].map(([, code]) => code)

test('docs/errors.md has a heading for every code, and no other', () => {
  expect(headings('docs/errors.md').sort()).toEqual(Object.keys(ERRORS).sort())
})

test("docs/runbook.md's table of settings is the schema: names and defaults", () => {
  const rows = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \| ([^|]*) \|/gm)].map(([, name, given]) => [name, given?.trim().replaceAll('`', '')])
  const optional = Object.fromEntries(Object.entries(settingsSchema.shape).map(([name, schema]) => [name, schema.safeParse(undefined)]))
  for (const [name, given] of rows) {
    const parsed = optional[name ?? '']
    expect([name, parsed === undefined]).toEqual([name, false])
    if (parsed?.success === true && parsed.data !== undefined) expect([name, given]).toEqual([name, [parsed.data].flat().map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(',')])
    else if (parsed?.success === false) expect([name, given]).toEqual([name, 'required'])
  }
  expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(settingsSchema.shape).sort())
})
