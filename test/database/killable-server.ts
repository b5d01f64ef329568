// A local database server of a caller's own, which it can kill and bring back on the same port and the same data, whatever server
// the other tests use.
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect, type Connection } from '../../control-plane/database/connect.ts'
import { findServer } from '../../control-plane/database/server-binary.ts'
import { launchServer, LOCAL_HOST, stopServer, untilReady, type ServerProcess } from '../../control-plane/database/server-process.ts'
import { Secret } from '../../control-plane/secret.ts'

const NAME = 'autodevops'

export interface KillableServer {
  /** For processes that are started with MONGODB_URI and MONGODB_DATABASE. */
  readonly uri: string
  readonly name: string
  /** Outlives the server: it finds the next one. */
  readonly connection: Connection
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>
  /** After `kill`: resolves when it listens again. */
  restart(): Promise<void>
  /** Stops it and removes its data. */
  close(): Promise<void>
}

export async function startKillableServer(): Promise<KillableServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'autodevops-killable-database-'))
  const port = await freePort()
  let server = await launch(folder, port)
  const uri = `mongodb://${LOCAL_HOST}:${port}`
  const connection = connect({ uri: new Secret(uri), databaseName: NAME, direct: true })
  return {
    uri: `${uri}/?directConnection=true`,
    name: NAME,
    connection,
    kill: async () => {
      server.child.kill('SIGKILL')
      await server.ended
    },
    restart: async () => {
      server = await launch(folder, port)
    },
    close: async () => {
      await connection.close()
      await stopServer(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function launch(folder: string, port: number): Promise<ServerProcess> {
  const venvFolder = path.resolve(import.meta.dirname, '../../.autodevops/venv')
  const binary = findServer({ dataFolder: folder, venvFolder, mongodBinary: process.env.MONGOD_BINARY ?? null, searchPath: process.env.PATH ?? '' })
  mkdirSync(binary.storageFolder, { recursive: true })
  const server = launchServer({ binary, port, folder })
  await untilReady(server, port)
  return server
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, LOCAL_HOST)
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}
