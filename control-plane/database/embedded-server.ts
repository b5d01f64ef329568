// The laptop's and the test suite's database: a local server as a child process, started again when it dies, on the same
// port and the same data, and stopped when the service stops.
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../errors.ts'
import type { Logger } from '../logging.ts'
import { Secret } from '../secret.ts'
import { claimDataFolder, type DataFolder } from './data-folder.ts'
import type { ServerBinary } from './server-binary.ts'
import { LOCAL_HOST, launchServer, stopServer, untilReady, type ServerProcess } from './server-process.ts'

export interface EmbeddedServer {
  readonly uri: Secret
  /** For people: which server, where it listens, where its data is. */
  readonly description: string
  /** The server's process; another one after it died and was started again. */
  pid(): number
  stop(): Promise<void>
}

interface StartOptions {
  readonly binary: ServerBinary
  readonly dataFolder: string
  readonly logger: Logger
}

const BACKOFF = { firstMs: 200, mostMs: 10_000, healthyAfterMs: 30_000 }

export const localUri = (port: number): Secret => new Secret(`mongodb://${LOCAL_HOST}:${port}`)

/** Throws DATA_FOLDER_IN_USE or DATABASE_START_FAILED. */
export async function startEmbeddedServer({ binary, dataFolder, logger }: StartOptions): Promise<EmbeddedServer> {
  const claim = await claimDataFolder(dataFolder)
  mkdirSync(binary.storageFolder, { recursive: true })
  try {
    return await supervise({ binary, claim, folder: path.resolve(dataFolder), port: await freePort(), logger })
  } catch (error) {
    claim.release()
    throw error
  }
}

interface Supervision {
  readonly binary: ServerBinary
  readonly claim: DataFolder
  readonly folder: string
  readonly port: number
  readonly logger: Logger
}

async function supervise(options: Supervision): Promise<EmbeddedServer> {
  const { binary, port, logger } = options
  const stopping = new AbortController()
  let failures = 0
  let server = start(options)
  let revival: Promise<void> = Promise.resolve()
  await untilReady(server, port)

  const watch = () => {
    const since = Date.now()
    const watched = server
    void watched.ended.then(() => {
      if (stopping.signal.aborted) return
      failures = Date.now() - since > BACKOFF.healthyAfterMs ? 0 : failures + 1
      const delayMs = Math.min(BACKOFF.mostMs, BACKOFF.firstMs * 2 ** failures)
      logger.error({ server: binary.kind, said: watched.lastLines(), delayMs }, 'the embedded database died; it is started again')
      revival = sleep(delayMs, undefined, { signal: stopping.signal }).then(() => {
        server = start(options)
        watch()
      }, () => undefined)
    })
  }
  watch()
  return {
    uri: localUri(port),
    description: describe(binary, port),
    pid: () => server.child.pid ?? 0,
    stop: async () => {
      stopping.abort()
      await revival
      await stopServer(server)
      options.claim.release()
    },
  }
}

function start({ binary, claim, port, folder }: Supervision): ServerProcess {
  const server = launchServer({ binary, port, folder })
  if (server.child.pid !== undefined) claim.note({ pid: server.child.pid, port })
  return server
}

function describe(binary: ServerBinary, port: number): string {
  const name = binary.kind === 'mongod' ? `mongod (${binary.command})` : 'SecantusDB'
  return `${name} at ${LOCAL_HOST}:${port}, data in ${binary.storageFolder}${binary.note === null ? '' : ` (${binary.note})`}`
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, LOCAL_HOST)
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new AppError('DATABASE_START_FAILED', { detail: 'no free port' })
  return address.port
}
