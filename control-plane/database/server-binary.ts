// Which local server to start when no MONGODB_URI is set: the mongod that the settings name or PATH holds, else
// SecantusDB in the virtual environment that setup makes. Each keeps its data in a folder of its own.
import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../errors.ts'

export interface ServerBinary {
  readonly kind: 'mongod' | 'secantusdb'
  readonly command: string
  /** Absolute; inside the data folder. */
  readonly storageFolder: string
  /** How long it may take to end when it is asked to; then it is killed, which loses nothing. */
  readonly stopMs: number
  /** Why this one and not the other, when that is not obvious. */
  readonly note: string | null
  args(port: number): readonly string[]
}

export interface FindServerOptions {
  readonly dataFolder: string
  /** Where setup installs, usually `.autodevops/venv`. */
  readonly venvFolder: string
  readonly mongodBinary: string | null
  /** The PATH variable. */
  readonly searchPath: string
}

const HOST = '127.0.0.1'
/** SecantusDB now and then hangs when it is asked to end, after everything is on disk. */
const STOP_MS = { mongod: 10_000, secantusdb: 2_500 }
const CACHE = { mongodGb: '0.25', secantus: '256M' }

/** Throws DATABASE_NOT_INSTALLED, whose message names the three ways out. */
export function findServer(options: FindServerOptions): ServerBinary {
  const dataFolder = path.resolve(options.dataFolder)
  const named = options.mongodBinary
  if (named !== null && !isExecutable(named)) {
    throw new AppError('DATABASE_NOT_INSTALLED', { detail: `MONGOD_BINARY names ${named}, which is not a program` })
  }
  const mongod = named ?? findOnPath('mongod', options.searchPath)
  const secantusd = path.resolve(options.venvFolder, process.platform === 'win32' ? 'Scripts/secantusd-py.exe' : 'bin/secantusd-py')
  const hasSecantus = isExecutable(secantusd)
  const hasData = { mongod: existsSync(path.join(dataFolder, 'mongod')), secantusdb: existsSync(path.join(dataFolder, 'secantusdb')) }
  if (mongod !== null && hasSecantus && named === null && hasData.secantusdb && !hasData.mongod) {
    return secantusdb(secantusd, dataFolder, `there is a mongod too, but the data here was written by SecantusDB; set MONGOD_BINARY=${mongod} to start afresh with it`)
  }
  if (mongod !== null) return mongodb(mongod, dataFolder, hasData.secantusdb ? 'data that SecantusDB wrote here is not read' : null)
  if (hasSecantus) return secantusdb(secantusd, dataFolder, hasData.mongod ? 'data that mongod wrote here is not read' : null)
  throw new AppError('DATABASE_NOT_INSTALLED')
}

function mongodb(command: string, dataFolder: string, note: string | null): ServerBinary {
  const storageFolder = path.join(dataFolder, 'mongod')
  return {
    kind: 'mongod', command, storageFolder, note, stopMs: STOP_MS.mongod,
    args: (port) => ['--bind_ip', HOST, '--port', String(port), '--dbpath', storageFolder, '--wiredTigerCacheSizeGB', CACHE.mongodGb],
  }
}

function secantusdb(command: string, dataFolder: string, note: string | null): ServerBinary {
  const storageFolder = path.join(dataFolder, 'secantusdb')
  return {
    kind: 'secantusdb', command, storageFolder, note, stopMs: STOP_MS.secantusdb,
    args: (port) => ['--host', HOST, '--port', String(port), '--storage-path', storageFolder, '--cache-size', CACHE.secantus,
      // Without the last one, a killed server loses writes that it has acknowledged.
      '--log-level', 'WARNING', '--sync-on-commit'],
  }
}

function findOnPath(program: string, searchPath: string): string | null {
  const name = process.platform === 'win32' ? `${program}.exe` : program
  const candidates = searchPath.split(path.delimiter).filter((folder) => folder !== '').map((folder) => path.join(folder, name))
  return candidates.find(isExecutable) ?? null
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
