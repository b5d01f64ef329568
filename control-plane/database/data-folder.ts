// Who has the data folder: a file in it names the service that owns it, the server that it started, and the port.
// A second service is refused; an operator's command may use the running server; what a killed service left is cleared.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts'

const identitySchema = z.object({ pid: z.int(), startedAt: z.string().nullable() })
const recordSchema = z.object({ owner: identitySchema, server: identitySchema.nullable(), port: z.int().nullable() })
type Ownership = z.infer<typeof recordSchema>

export interface DataFolder {
  /** Writes down the server that now uses the folder. */
  note(server: { readonly pid: number; readonly port: number }): void
  release(): void
}

const FILE = 'server.json'
const LEFTOVER_MS = 10_000

/** Throws DATA_FOLDER_IN_USE, whose detail names the process and the folder. */
export async function claimDataFolder(folder: string): Promise<DataFolder> {
  const file = path.join(path.resolve(folder), FILE)
  mkdirSync(path.dirname(file), { recursive: true })
  const claim: Ownership = { owner: identify(process.pid), server: null, port: null }
  while (!tryWrite(file, claim)) {
    const other = read(file)
    if (other !== null && isAlive(other.owner)) {
      throw new AppError('DATA_FOLDER_IN_USE', { detail: `${path.dirname(file)} belongs to process ${other.owner.pid}; stop it, or set AUTODEVOPS_DATA to another folder (if that process is no AutoDevOps, remove ${file})` })
    }
    const leftover = other?.server ?? null
    if (leftover !== null) await end(leftover)
    rmSync(file, { force: true })
  }
  return {
    note: ({ pid, port }) => writeFileSync(file, JSON.stringify({ ...claim, server: identify(pid), port })),
    release: () => rmSync(file, { force: true }),
  }
}

/** The port of the server that a living service runs on this folder; null when there is none. */
export function findRunningServer(folder: string): number | null {
  const found = read(path.join(path.resolve(folder), FILE))
  const server = found?.server ?? null
  if (found === null || server === null || !isAlive(found.owner) || !isAlive(server)) return null
  return found.port
}

function tryWrite(file: string, claim: Ownership): boolean {
  try {
    writeFileSync(file, JSON.stringify(claim), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new AppError('DATABASE_START_FAILED', { detail: `the data folder ${path.dirname(file)} cannot be written`, cause: error })
  }
}

function read(file: string): Ownership | null {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/** Two servers on one folder would refuse each other: the one whose owner was killed has to end first. */
async function end(server: ProcessIdentity): Promise<void> {
  const until = Date.now() + LEFTOVER_MS
  if (isAlive(server)) process.kill(server.pid, 'SIGTERM')
  while (isAlive(server)) {
    if (Date.now() > until) process.kill(server.pid, 'SIGKILL')
    await sleep(50)
  }
}
