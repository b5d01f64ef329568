// One database server for the whole test run: the one that MONGODB_URI names, else the embedded server on a throw-away
// folder. Test files reach it through open-test-database.ts, each with a database of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedServer } from '../../control-plane/database/embedded-server.ts'
import { findServer } from '../../control-plane/database/server-binary.ts'
import { createLogger } from '../../control-plane/logging.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly database: { readonly uri: string; readonly direct: boolean }
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const uri = process.env.MONGODB_URI ?? ''
  if (uri !== '') {
    project.provide('database', { uri, direct: false })
    return () => Promise.resolve()
  }
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'autodevops-test-database-'))
  const binary = findServer({
    dataFolder,
    venvFolder: path.resolve(import.meta.dirname, '../../.autodevops/venv'),
    mongodBinary: process.env.MONGOD_BINARY ?? null,
    searchPath: process.env.PATH ?? '',
  })
  const server = await startEmbeddedServer({ binary, dataFolder, logger: createLogger({ level: 'error' }) })
  project.provide('database', { uri: server.uri.reveal(), direct: true })
  return async () => {
    await server.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}
