// Calls the control plane as its OpenAPI document allows, and as it does not, by schemathesis: finds answers that are no answer (5xx),
// answers that the document does not declare, and requests that are let through or refused against it. Ends with 1 on a finding.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { startSampleService, type SampleService } from '../test/sample/sample-service.ts'
import { startSampleWorld } from '../test/sample/sample-world.ts'
import { installFromPypi } from './install-from-pypi.ts'

const VERSION = '4.32.5'
const CONFIG = 'bench/schemathesis.toml'
/** Far above what is sent: a refusal for the rate would hide every other answer. */
const LIMITS = Object.fromEntries(['RATE_LIMIT_PER_MINUTE', 'RATE_LIMIT_ADDRESS_PER_MINUTE', 'RATE_LIMIT_TENANT_PER_MINUTE', 'RATE_LIMIT_WEBHOOKS_PER_MINUTE'].map((name) => [name, '1000000']))
const ENVIRONMENT = {
  ...LIMITS, MAX_EVENT_LOOP_DELAY_MS: '60000', LOG_LEVEL: 'error',
  GITHUB_OAUTH_CLIENT_ID: 'client', GITHUB_OAUTH_CLIENT_SECRET: 'secret', SESSION_SECRET: 'a-session-secret-of-more-than-forty-three-characters',
  WEBHOOK_SECRETS: 'a-webhook-secret-of-more-than-forty-three-characters',
}

const schemathesis = installFromPypi('schemathesis', VERSION, path.resolve('.autodevops/schemathesis'))
if ('missing' in schemathesis) {
  console.error(`schemathesis ${VERSION} cannot be had: ${schemathesis.missing}`)
  process.exit(2)
}
const folder = mkdtempSync(path.join(tmpdir(), 'autodevops-fuzz-'))
const world = await startSampleWorld()
try {
  const service = await startSampleService(world, { dataFolder: path.join(folder, 'data'), env: ENVIRONMENT })
  try {
    process.exitCode = await fuzz(schemathesis.command, service)
  } finally {
    const { stdout } = await service.kill('SIGTERM')
    const errors = stdout.split('\n').filter((line) => line.includes('"level":"error"'))
    if (errors.length > 0) console.log(`the service's errors:\n${errors.join('\n')}`)
  }
} finally {
  await world.close()
  rmSync(folder, { recursive: true, force: true })
}

async function fuzz(command: string, service: SampleService): Promise<number> {
  const made = await service.admin(['create-api-key', '--tenant', service.tenantId, '--scope', 'admin', '--json'])
  const { apiKey } = JSON.parse(made.stdout) as { apiKey: string }
  const authorization = `Bearer ${apiKey}`
  // Not a synchronous one: this process is the emulated GitHub meanwhile.
  const run = spawn(command, [
    '--config-file', CONFIG, 'run', `${service.url}/docs/json`, '--header', `Authorization: ${authorization}`, '--checks', 'all', '--generation-database', 'none', '--warnings', 'off', ...process.argv.slice(2),
  ], { stdio: 'inherit', env: { ...process.env, PYTHONPATH: 'bench', PYTHONDONTWRITEBYTECODE: '1' } })
  const [code] = (await once(run, 'close')) as [number | null]
  const stillKnown = await fetch(`${service.url}/v1/auth/session`, { headers: { authorization } })
  // Without its key all that is tested is that nobody comes in.
  if (stillKnown.status !== 200) throw new Error(`the key of the run does not hold any more (${stillKnown.status}): what was tested after that counts for nothing`)
  return code ?? 1
}
