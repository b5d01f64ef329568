// Opens the driver's client. Timeouts are short on purpose: a database that is gone must become a 503 within seconds.
import { MongoClient, type Db } from 'mongodb'
import type { Secret } from '../secret.ts'
import { onDatabase } from './database-errors.ts'

export interface ConnectOptions {
  readonly uri: Secret
  readonly databaseName: string
  /** True for the embedded server: one node whose advertised name must not be followed. */
  readonly direct: boolean
}

export interface Connection {
  readonly db: Db
  /** `host:port`, several with commas: for people, without credentials. */
  readonly hosts: string
  /** Resolves when the server answers, throws DATABASE_UNAVAILABLE otherwise. */
  readonly ping: () => Promise<void>
  readonly close: () => Promise<void>
}

const SERVER_SELECTION_MS = 2_000
const CONNECT_MS = 2_000
/** Longer than any single operation of ours takes; a server that hangs is as good as gone. */
const SOCKET_MS = 20_000

/** Does not wait for the server: the first operation does. Throws only when the URI is malformed. */
export function connect({ uri, databaseName, direct }: ConnectOptions): Connection {
  const client = new MongoClient(uri.reveal(), {
    appName: 'autodevops',
    serverSelectionTimeoutMS: SERVER_SELECTION_MS,
    connectTimeoutMS: CONNECT_MS,
    socketTimeoutMS: SOCKET_MS,
    waitQueueTimeoutMS: SERVER_SELECTION_MS,
    heartbeatFrequencyMS: 2_000,
    minHeartbeatFrequencyMS: 200,
    // A process that is killed loses nothing that it has acknowledged: the journal is written first.
    writeConcern: { w: 'majority', journal: true },
    ...(direct ? { directConnection: true } : {}),
  })
  const db = client.db(databaseName)
  return {
    db,
    hosts: client.options.hosts.map((host) => host.toString()).join(', ') || (client.options.srvHost ?? ''),
    ping: async () => {
      await onDatabase(() => db.command({ ping: 1 }))
    },
    close: () => client.close(),
  }
}
