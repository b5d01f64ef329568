// Starts the control plane as an operator does, with the settings that tests and the demo vary.
import { randomBytes } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import { launchService, runProgram, type Finished } from './program.ts'

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

export interface RunningService {
  /** Without a slash at its end. */
  readonly url: string
  readonly encryptionKeys: string
  readonly pid: number
  /** Why ever it ends. */
  readonly ended: Promise<Finished>
  /** Everything it has written so far. */
  output(): string
  /** Runs `autodevops-admin` with the same settings. */
  admin(args: readonly string[], input?: string): Promise<Finished>
  /** Sends the signal and waits for the end. */
  kill(signal: NodeJS.Signals): Promise<Finished>
}

/** Resolves when the service listens; rejects with what it wrote when it ends before. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const encryptionKeys = options.encryptionKeys ?? `test:${randomBytes(32).toString('base64')}`
  const environment = environmentOf(options, { port, url, encryptionKeys })
  const service = await launchService(environment)
  return {
    url,
    encryptionKeys,
    pid: service.pid,
    ended: service.ended,
    output: () => service.output(),
    admin: (args, input = '') => runProgram('admin', args, { environment, input }),
    kill: (signal) => service.end(signal),
  }
}

function environmentOf(options: ServiceOptions, own: { port: number; url: string; encryptionKeys: string }): Record<string, string> {
  return {
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

/** Known before the service starts, because its own address is one of its settings. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => { resolve(port) })
    })
  })
}
