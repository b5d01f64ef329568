// Real servers on throw-away folders: this file starts its own, whatever MONGODB_URI says.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { connect } from '../../../control-plane/database/connect.ts'
import { findRunningServer } from '../../../control-plane/database/data-folder.ts'
import { localUri, startEmbeddedServer, type EmbeddedServer } from '../../../control-plane/database/embedded-server.ts'
import { findServer, type FindServerOptions } from '../../../control-plane/database/server-binary.ts'
import { createLogger } from '../../../control-plane/logging.ts'

const VENV = path.resolve('.autodevops/venv')
const NO_MONGOD: Omit<FindServerOptions, 'dataFolder'> = { venvFolder: VENV, mongodBinary: null, searchPath: '' }
const logger = createLogger({ level: 'silent' })

let folder: string
let servers: EmbeddedServer[]

const start = async (options: Partial<FindServerOptions> = {}) => {
  const server = await startEmbeddedServer({ binary: findServer({ ...NO_MONGOD, dataFolder: folder, ...options }), dataFolder: folder, logger })
  servers.push(server)
  return server
}
const open = (server: EmbeddedServer) => connect({ uri: server.uri, databaseName: 'test', direct: true })
/** A program at `file` that takes mongod's arguments and runs the server that is installed here with its own. */
const writeMongod = (file: string) => {
  writeFileSync(file, `#!/bin/sh\nexec ${VENV}/bin/secantusd-py --host "$2" --port "$4" --storage-path "$6"\n`)
  chmodSync(file, 0o755)
  return file
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'autodevops-embedded-'))
  servers = []
})
afterEach(async () => {
  for (const server of servers) await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('the embedded server', () => {
  test('comes back after kill -9 on the same address with everything that was acknowledged', async () => {
    const server = await start()
    const { db, close } = open(server)
    const killed = server.pid()
    for (let n = 0; n < 50; n += 1) await db.collection<{ _id: number }>('kept').insertOne({ _id: n })
    process.kill(killed, 'SIGKILL')
    await vi.waitFor(async () => expect(await db.collection('kept').countDocuments()).toBe(50), { timeout: 20_000 })
    expect(server.pid()).not.toBe(killed)
    await close()
  })

  test('finds the data of the last run again', async () => {
    const first = await start()
    const before = open(first)
    await before.db.collection('kept').insertOne({ name: 'still here' })
    await before.close()
    await first.stop()
    const after = open(await start())
    expect(await after.db.collection('kept').findOne({ name: 'still here' })).not.toBeNull()
    await after.close()
  })

  test('refuses a data folder that a running service has, and names process and folder', async () => {
    await start()
    await expect(start()).rejects.toMatchObject({ code: 'DATA_FOLDER_IN_USE', detail: expect.stringContaining(`${folder} belongs to process ${process.pid}`) as string })
  })

  test('lets an operator find the running server, and nothing once it has stopped', async () => {
    const server = await start()
    const port = findRunningServer(folder)
    expect(port === null ? null : localUri(port).reveal()).toBe(server.uri.reveal())
    await server.stop()
    expect(findRunningServer(folder)).toBeNull()
  })

  test('says what the server said when it cannot start', async () => {
    mkdirSync(path.join(folder, 'secantusdb'))
    writeFileSync(path.join(folder, 'secantusdb', 'WiredTiger'), 'not a database')
    writeFileSync(path.join(folder, 'secantusdb', 'WiredTiger.turtle'), 'not a database')
    await expect(start()).rejects.toMatchObject({ code: 'DATABASE_START_FAILED', detail: expect.stringMatching(/exit code \d+/) as string })
    expect(existsSync(path.join(folder, 'server.json'))).toBe(false)
  })
})

describe('the choice of the server', () => {
  test('prefers the mongod that is named, then the one on PATH, then SecantusDB', () => {
    const named = writeMongod(path.join(folder, 'my-mongod'))
    const onPath = writeMongod(path.join(folder, 'mongod'))
    const choose = (options: Partial<FindServerOptions>) => findServer({ ...NO_MONGOD, dataFolder: folder, ...options }).command
    expect(choose({ mongodBinary: named, searchPath: folder })).toBe(named)
    expect(choose({ searchPath: `/nowhere${path.delimiter}${folder}` })).toBe(onPath)
    expect(choose({})).toBe(path.join(VENV, 'bin/secantusd-py'))
  })

  test('starts a mongod with its own arguments and says so', async () => {
    const server = await start({ mongodBinary: writeMongod(path.join(folder, 'my-mongod')) })
    expect(server.description).toContain('mongod (')
    expect(server.description).toContain(path.join(folder, 'mongod'))
    const { ping, close } = open(server)
    await ping()
    await close()
  })

  test('stays with SecantusDB where its data is, and says how to change', () => {
    writeMongod(path.join(folder, 'mongod'))
    const dataFolder = path.join(folder, 'data')
    mkdirSync(path.join(dataFolder, 'secantusdb'), { recursive: true })
    const choice = findServer({ ...NO_MONGOD, dataFolder, searchPath: folder })
    expect(choice.kind).toBe('secantusdb')
    expect(choice.note).toContain(`MONGOD_BINARY=${path.join(folder, 'mongod')}`)
  })

  test('names the three ways out when there is no server at all', () => {
    expect(() => findServer({ ...NO_MONGOD, dataFolder: folder, venvFolder: path.join(folder, 'no-venv') }))
      .toThrow(/MONGODB_URI.*MONGOD_BINARY.*setup with Python 3\.10/)
  })

  test('does not fall back when the named program is none', () => {
    expect(() => findServer({ ...NO_MONGOD, dataFolder: folder, mongodBinary: '/nowhere/mongod' })).toThrow('MONGOD_BINARY names /nowhere/mongod')
  })
})
