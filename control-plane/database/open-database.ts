// The service's database by its settings: the server that MONGODB_URI names, or an embedded one.
// An operator's command uses the embedded server of a running service instead of claiming its data.
import path from 'node:path'
import type { Config } from '../config.ts'
import type { Logger } from '../logging.ts'
import { connect, type Connection } from './connect.ts'
import { findRunningServer } from './data-folder.ts'
import { localUri, startEmbeddedServer } from './embedded-server.ts'
import { findServer } from './server-binary.ts'

export interface Database {
  readonly connection: Connection
  /** For people, without credentials. */
  readonly description: string
  /** Closes the connection, and stops the server if this process started it. */
  close(): Promise<void>
}

interface OpenOptions {
  readonly config: Config['database']
  readonly logger: Logger
  /** True for commands that run beside the service. */
  readonly beside: boolean
}

const VENV = path.join('.autodevops', 'venv')

/** Throws DATABASE_NOT_INSTALLED, DATA_FOLDER_IN_USE or DATABASE_START_FAILED; does not wait for a named server. */
export async function openDatabase({ config, logger, beside }: OpenOptions): Promise<Database> {
  if (config.uri !== null) {
    const connection = connect({ uri: config.uri, databaseName: config.name, direct: false })
    return { connection, description: `MongoDB at ${connection.hosts}, database ${config.name}`, close: () => connection.close() }
  }
  const runningPort = beside ? findRunningServer(config.dataFolder) : null
  if (runningPort !== null) {
    const connection = connect({ uri: localUri(runningPort), databaseName: config.name, direct: true })
    return { connection, description: `the running service's server at ${connection.hosts}`, close: () => connection.close() }
  }
  const binary = findServer({ dataFolder: config.dataFolder, venvFolder: VENV, mongodBinary: config.mongodBinary, searchPath: config.searchPath })
  const server = await startEmbeddedServer({ binary, dataFolder: config.dataFolder, logger })
  const connection = connect({ uri: server.uri, databaseName: config.name, direct: true })
  return {
    connection,
    description: server.description,
    close: async () => {
      await connection.close()
      await server.stop()
    },
  }
}
