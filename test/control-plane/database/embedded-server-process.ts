// Started by embedded-server.test.ts to be killed: a process that owns an embedded server and prints the server's number.
import { startEmbeddedServer } from '../../../control-plane/database/embedded-server.ts'
import { findServer } from '../../../control-plane/database/server-binary.ts'
import { createLogger } from '../../../control-plane/logging.ts'

const [dataFolder = '', venvFolder = ''] = process.argv.slice(2)
const binary = findServer({ dataFolder, venvFolder, mongodBinary: null, searchPath: '' })
const server = await startEmbeddedServer({ binary, dataFolder, logger: createLogger({ level: 'silent' }) })
console.log(server.pid())
setInterval(() => undefined, 60_000)
