// The service as a process: boot, refusal to boot, a database that is killed, and the end.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { problemSchema } from '../../../contract/problem.ts'
import { identify, isAlive } from '../../../control-plane/database/process-identity.ts'
import { findServer } from '../../../control-plane/database/server-binary.ts'
import { launchServer, stopServer, untilReady } from '../../../control-plane/database/server-process.ts'
import { launchService, runProgram, type ServiceProcess } from '../../service/program.ts'

let folder: string
let services: ServiceProcess[]

const start = async (environment: Record<string, string> = {}) => {
  const service = await launchService({ AUTODEVOPS_DATA: folder, MONGOD_BINARY: '', ...environment })
  services.push(service)
  return service
}
const createTenant = async (environment: Record<string, string> = {}) => {
  const { stdout } = await runProgram('admin', ['create-tenant', '--owner', 'acme', '--owner-id', '4242', '--json'], { environment: { AUTODEVOPS_DATA: folder, ...environment } })
  return (JSON.parse(stdout) as { apiKey: string }).apiKey
}
const get = ({ address }: ServiceProcess, route: string, key = '') => fetch(`${address}${route}`, { headers: { authorization: `Bearer ${key}` } })
const codeOf = async (response: Response) => problemSchema.parse(await response.json()).code

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'autodevops-service-'))
  services = []
})
afterEach(async () => {
  for (const service of services) await service.end('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

describe('a boot that cannot succeed ends with 1', () => {
  test('and lists every bad setting', async () => {
    const { code, stderr } = await runProgram('main', [], { environment: { PORT: 'x', ROLE: 'y', ENCRYPTION_KEYS: 'canary' } })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^AutoDevOps cannot start\. CONFIG_INVALID/)
    for (const name of ['PORT', 'ROLE', 'ENCRYPTION_KEYS']) expect(stderr).toContain(`- ${name} `)
    expect(stderr).not.toContain('canary')
  })

  test('and names the three ways out when there is no database', async () => {
    const { code, stderr } = await runProgram('main', [], { cwd: folder, environment: { PATH: '' } })
    expect(code).toBe(1)
    for (const way of ['MONGODB_URI', 'MONGOD_BINARY', 'Python 3.10']) expect(stderr).toContain(way)
  })

  test('and names a database that does not answer, without its password', async () => {
    const { code, stderr } = await runProgram('main', [], { environment: { MONGODB_URI: 'mongodb://user:canary@127.0.0.1:9/' } })
    expect(code).toBe(1)
    expect(stderr).toContain('DATABASE_UNAVAILABLE')
    expect(stderr).not.toContain('canary')
  })

  test('and names the service that has the data folder', async () => {
    const first = await start()
    const { code, stderr } = await runProgram('main', [], { environment: { AUTODEVOPS_DATA: folder, PORT: '0' } })
    expect(code).toBe(1)
    expect(stderr).toContain(`DATA_FOLDER_IN_USE`)
    expect(stderr).toContain(`process ${first.pid}`)
  })
})

describe('a service on the embedded server', () => {
  test('says where it listens and which database it uses, and keeps its data over a restart', async () => {
    const first = await start()
    expect(first.output()).toContain(`data in ${folder}`)
    const key = await createTenant()
    expect(await codeOf(await get(first, '/v1/analyses/none', key))).toBe('ANALYSIS_NOT_FOUND')
    const { code } = await first.end('SIGTERM')
    expect(code).toBe(0)
    const second = await start()
    expect(await codeOf(await get(second, '/v1/analyses/none', key))).toBe('ANALYSIS_NOT_FOUND')
  })

  test('that is killed is followed at once by the next, and none leaves a server behind', async () => {
    const serverOf = () => identify((JSON.parse(readFileSync(path.join(folder, 'server.json'), 'utf8')) as { server: { pid: number } }).server.pid)
    const killed = await start()
    const left = serverOf()
    await killed.end('SIGKILL')
    const next = await start()
    expect(isAlive(left)).toBe(false)
    const last = serverOf()
    expect((await next.end('SIGTERM')).code).toBe(0)
    expect(isAlive(last)).toBe(false)
  })
})

test('while the database is dead the API answers 503 with Retry-After, and afterwards it works again', async () => {
  const port = await freePort()
  const binary = findServer({ dataFolder: folder, venvFolder: path.resolve('.autodevops/venv'), mongodBinary: null, searchPath: '' })
  const launch = async () => {
    const server = launchServer({ binary, port, folder })
    await untilReady(server, port)
    return server
  }
  const first = await launch()
  const environment = { MONGODB_URI: `mongodb://127.0.0.1:${port}/?directConnection=true` }
  const service = await start(environment)
  const key = await createTenant(environment)
  expect(await codeOf(await get(service, '/v1/analyses/none', key))).toBe('ANALYSIS_NOT_FOUND')

  first.child.kill('SIGKILL')
  await first.ended
  const refused = await get(service, '/v1/analyses/none', key)
  expect([refused.status, refused.headers.get('retry-after')], service.output()).toEqual([503, '5'])
  expect(await codeOf(refused)).toBe('DATABASE_UNAVAILABLE')
  const notReady = await get(service, '/ready')
  expect(problemSchema.parse(await notReady.json())).toMatchObject({ status: 503, detail: 'missing: database' })
  expect((await get(service, '/health')).status).toBe(200)

  const second = await launch()
  await vi.waitFor(async () => expect(await codeOf(await get(service, '/v1/analyses/none', key))).toBe('ANALYSIS_NOT_FOUND'), { timeout: 20_000 })
  expect((await service.end('SIGTERM')).code).toBe(0)
  expect(service.output()).not.toContain(key.split('_')[2])
  await stopServer(second)
})

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
