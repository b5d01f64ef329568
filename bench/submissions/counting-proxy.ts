// Stands between a process and its database, and counts commands by name as they pass: what a process costs its database, whatever
// the driver sends. The driver's own talk about the connection is left out.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { LOCAL_HOST } from '../../control-plane/database/server-process.ts'

export interface CountingProxy {
  /** Where the process connects instead. */
  readonly uri: string
  /** Commands since the last call of this, by name. */
  take(): ReadonlyMap<string, number>
  close(): Promise<void>
}

const HEADER_BYTES = 16
/** OP_MSG with one document: flags, the kind of the section, the document's length, the type of its first element. */
const NAME_AT = HEADER_BYTES + 4 + 1 + 4 + 1
const OP_MSG = 2013
const OF_THE_CONNECTION = new Set(['hello', 'ismaster', 'ping', 'endSessions'])

export async function startCountingProxy(uri: string): Promise<CountingProxy> {
  const target = new URL(uri)
  let counts = new Map<string, number>()
  const count = (name: string): void => {
    if (!OF_THE_CONNECTION.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname).setNoDelay()
    const read = createReader(count)
    client.setNoDelay().on('data', read).pipe(database).pipe(client)
    for (const socket of [client, database]) socket.on('error', () => [client, database].forEach((each) => each.destroy()))
  })
  server.listen(0, LOCAL_HOST)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    uri: `mongodb://${LOCAL_HOST}:${port}/?directConnection=true`,
    take: () => {
      const taken = counts
      counts = new Map()
      return taken
    },
    close: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}

/** Messages begin and end anywhere in the chunks of a stream. */
function createReader(count: (name: string) => void): (chunk: Buffer) => void {
  let pending = Buffer.alloc(0)
  return (chunk) => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= HEADER_BYTES && pending.length >= pending.readInt32LE(0)) {
      const message = pending.subarray(0, pending.readInt32LE(0))
      pending = pending.subarray(message.length)
      if (message.readInt32LE(12) === OP_MSG) count(message.toString('utf8', NAME_AT, message.indexOf(0, NAME_AT)))
    }
  }
}
