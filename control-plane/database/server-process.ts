// One run of a local database server: started, waited for, guarded against outliving this process, stopped.
// Keeps the last lines that the server printed, for the error that says why it ended.
import { spawn, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect as connectSocket, type Socket } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../errors.ts'
import type { ServerBinary } from './server-binary.ts'

export const LOCAL_HOST = '127.0.0.1'
const READY_MS = 30_000
const KEPT_LINES = 20

interface Launch {
  readonly binary: ServerBinary
  readonly port: number
  /** Where a settings file of the server may be written; its working folder. */
  readonly folder: string
}

export interface ServerProcess {
  readonly child: ChildProcess
  readonly ended: Promise<void>
  readonly stopMs: number
  lastLines(): string
}

/** Starts it; wait with untilReady. A program that cannot be started ends at once. */
export function launchServer({ binary, port, folder }: Launch): ServerProcess {
  const lines: string[] = []
  const child = spawn(binary.command, [...args(binary, port, folder)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches the service alone, which then stops its work before its database.
    detached: true,
  })
  const keep = (chunk: Buffer) => {
    lines.push(...chunk.toString('utf8').split('\n').filter((line) => line.trim() !== ''))
    lines.splice(0, Math.max(0, lines.length - KEPT_LINES))
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      lines.push(error.message)
      resolve()
    })
    child.once('exit', (code, signal) => {
      lines.push(signal === null ? `exit code ${code}` : `ended by ${signal}`)
      resolve()
    })
  })
  if (child.pid !== undefined) guard(child.pid, ended)
  return { child, ended, stopMs: binary.stopMs, lastLines: () => lines.join('\n') }
}

/** SecantusDB reads a settings file from the user's home unless it is given another one. */
function args(binary: ServerBinary, port: number, folder: string): readonly string[] {
  if (binary.kind === 'mongod') return binary.args(port)
  const settings = path.join(folder, 'secantusd.toml')
  writeFileSync(settings, '')
  return ['--config', settings, ...binary.args(port)]
}

/** Ends the server when this process is killed: the pipe closes, and the shell that reads it goes on to its last word. */
function guard(pid: number, ended: Promise<void>): void {
  if (process.platform === 'win32') return
  const shell = spawn('/bin/sh', ['-c', 'read _; kill "$1"', 'sh', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  shell.on('error', () => undefined)
  shell.unref()
  if ('unref' in shell.stdin) (shell.stdin as Socket).unref()
  void ended.then(() => shell.kill('SIGKILL'))
}

/** Throws DATABASE_START_FAILED with what the server said. */
export async function untilReady(server: ServerProcess, port: number): Promise<void> {
  let ended = false
  void server.ended.then(() => { ended = true })
  const until = Date.now() + READY_MS
  while (!(await answers(port))) {
    if (ended || Date.now() > until) {
      await stopServer(server)
      throw new AppError('DATABASE_START_FAILED', { detail: server.lastLines() })
    }
    await sleep(50)
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, LOCAL_HOST)
    const end = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => end(true)).once('error', () => end(false))
  })
}

/** Asks it to end, and insists after a while. */
export async function stopServer({ child, ended, stopMs }: ServerProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  child.kill('SIGTERM')
  const deadline = setTimeout(() => child.kill('SIGKILL'), stopMs)
  await ended
  clearTimeout(deadline)
}
