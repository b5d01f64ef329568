// Starts the built control plane as an operator does: its own process, settings by environment, logs on standard output.
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { REPOSITORY_ROOT } from '../runner/repository-root.ts'

export interface ServiceOptions {
  /** Folder of the embedded database; without `mongodbUri` the service starts one there. */
  readonly dataFolder?: string
  readonly mongodbUri?: string
  readonly database?: string
  readonly role?: 'api' | 'worker' | 'all'
  readonly github: { readonly apiUrl: string; readonly webUrl: string }
  readonly issuers: readonly string[]
  /** One key encrypts everything that belongs together: give the same one to every process of a service. */
  readonly encryptionKeys?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunningService {
  /** Without a slash at its end; a worker answers nothing there. */
  readonly url: string
  readonly encryptionKeys: string
  readonly pid: number
  /** Everything it has written so far. */
  output(): string
  /** Runs `autodevops-admin` with the same settings. */
  admin(args: readonly string[], stdin?: string): Promise<CommandResult>
  /** Resolves with the exit code, or the signal's name. */
  kill(signal: NodeJS.Signals): Promise<number | string>
}

const READY_WITHIN_MS = 30_000

/** Resolves when the service is ready; rejects with what it wrote when it ends before. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const encryptionKeys = options.encryptionKeys ?? `test:${randomBytes(32).toString('base64')}`
  const env = environment(options, { port, url, encryptionKeys })
  const child = spawn(process.execPath, ['--enable-source-maps', built('main.js')], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = collect(child)
  const ended = new Promise<number | string>((resolve) => child.once('exit', (code, signal) => { resolve(code ?? signal ?? 1) }))
  await ready(url, ended, output, options.role ?? 'all')
  return {
    url,
    encryptionKeys,
    pid: child.pid ?? 0,
    output,
    admin: (args, stdin = '') => runCommand([built('admin.js'), ...args], env, stdin),
    kill: (signal) => {
      child.kill(signal)
      return ended
    },
  }
}

const built = (name: string): string => fileURLToPath(new URL(`build/${name}`, REPOSITORY_ROOT))

function environment(options: ServiceOptions, own: { port: number; url: string; encryptionKeys: string }): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    ROLE: options.role ?? 'all',
    PORT: String(own.port),
    PUBLIC_URL: own.url,
    ENCRYPTION_KEYS: own.encryptionKeys,
    GITHUB_API_URL: options.github.apiUrl,
    GITHUB_URL: options.github.webUrl,
    OIDC_ISSUERS: options.issuers.join(','),
    ...(options.mongodbUri === undefined ? {} : { MONGODB_URI: options.mongodbUri }),
    ...(options.database === undefined ? {} : { MONGODB_DATABASE: options.database }),
    ...(options.dataFolder === undefined ? {} : { AUTODEVOPS_DATA: options.dataFolder }),
    ...options.env,
  }
}

function collect(child: ChildProcess): () => string {
  let text = ''
  const add = (chunk: Buffer): void => { text += chunk.toString('utf8') }
  child.stdout?.on('data', add)
  child.stderr?.on('data', add)
  return () => text
}

async function ready(url: string, ended: Promise<number | string>, output: () => string, role: string): Promise<void> {
  const exit = ended.then((code) => { throw new Error(`the service ended with ${code} before it was ready:\n${output()}`) })
  const deadline = Date.now() + READY_WITHIN_MS
  const poll = async (): Promise<void> => {
    while (Date.now() < deadline) {
      const response = await fetch(`${url}/ready`).catch(() => null)
      if (response?.ok) return
      await pause(50)
    }
    throw new Error(`the service (${role}) was not ready within ${READY_WITHIN_MS} ms:\n${output()}`)
  }
  await Promise.race([poll(), exit])
}

function runCommand(args: readonly string[], env: Record<string, string>, stdin: string): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { env, stdio: ['pipe', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString('utf8') })
    child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString('utf8') })
    child.once('error', reject)
    child.once('close', (code) => { resolve({ exitCode: code ?? 1, stdout, stderr }) })
    child.stdin.end(stdin)
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => { resolve(port) })
    })
  })
}
