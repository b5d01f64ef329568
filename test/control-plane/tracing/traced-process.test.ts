// The service as a process: its settings, its last batch, and a collector that hangs while it stops.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startCollector, type Collector } from '../../otlp-collector/start-collector.ts'
import { launchService, type ServiceProcess } from '../../service/program.ts'

let [collector, folder] = [] as unknown as [Collector, string]
let service: ServiceProcess | null

beforeEach(async () => {
  collector = await startCollector()
  folder = mkdtempSync(path.join(tmpdir(), 'autodevops-traced-'))
  service = null
})
afterEach(async () => {
  await service?.end('SIGKILL')
  await collector.close()
  rmSync(folder, { recursive: true, force: true })
})

async function run(settings: Record<string, string>): Promise<{ readonly code: number | null; readonly output: string }> {
  service = await launchService({ AUTODEVOPS_DATA: folder, MONGOD_BINARY: '', ...settings })
  expect((await fetch(`${service.address}/v1/analyses/none`, { headers: { authorization: 'Bearer adk_canary_canary' } })).status).toBe(401)
  expect((await fetch(`${service.address}/metrics`)).status).toBe(200)
  const { code } = await service.end('SIGTERM')
  return { code, output: service.output() }
}

test('a service that is told where sends its last spans when it stops', async () => {
  const { code } = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.endpoint}/`, OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=canary%20key', OTEL_SERVICE_NAME: 'acme-pipelines', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging' })
  expect(code).toBe(0)
  expect(collector.spans).toMatchObject([{ name: 'GET /v1/analyses/:id', failed: false, attributes: { 'error.type': 'API_KEY_INVALID', 'http.response.status_code': 401 }, resource: { 'service.name': 'acme-pipelines', 'deployment.environment.name': 'staging' } }])
  expect(collector.requests.map(({ headers }) => headers['x-collector-key'])).toEqual(['canary key'])
})

test('a service that is not sends nothing, whatever else stands in its environment', async () => {
  const { code } = await run({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.endpoint}/v1/traces`, OTEL_SERVICE_NAME: 'acme-pipelines', OTEL_TRACES_SAMPLER: 'always_on' })
  expect([code, collector.requests]).toEqual([0, []])
})

test('a collector that hangs does not keep the service from ending, and its secret is in no log', async () => {
  collector.mode = 'hang'
  const { code, output } = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic canary-of-a-header', OTEL_EXPORTER_OTLP_TIMEOUT: '500' })
  expect([code, collector.requests.length, collector.spans]).toEqual([0, 1, []])
  expect(output).toContain('the collector does not take traces')
  expect(output).not.toContain('canary')
})
