// The process as a world. Output goes straight to the descriptor: loading node's streams would cost more than most runs take.
import * as fs from 'node:fs'
import process from 'node:process'
import type { Input, Output, World } from './world.ts'
import { runGit } from './run-git.ts'
import { errorCode } from '../worktree/file-system.ts'

export function createRealWorld(): World {
  return {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdout: createOutput(1),
    stderr: createOutput(2),
    stdin: createInput(0),
    fs,
    now: () => new Date(),
    git: runGit,
  }
}

const RETRY_MS = 5

/** A reader that went away (`| head`) ends the output, not the program. */
function createOutput(descriptor: number): Output {
  let isClosed = false
  return {
    // Asked late, because most runs never need to know.
    get isTerminal() {
      return isTerminal(descriptor)
    },
    write(text) {
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length && !isClosed;) {
        try {
          at += fs.writeSync(descriptor, bytes, at)
        } catch (error) {
          const code = errorCode(error)
          if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS)
          else if (code === 'EPIPE' || code === 'EBADF') isClosed = true
          else throw error
        }
      }
    },
  }
}

function createInput(descriptor: number): Input {
  return {
    get isTerminal() {
      return isTerminal(descriptor)
    },
    readLine() {
      const bytes = Buffer.alloc(4096)
      let line = ''
      try {
        // A terminal hands over a line at a time.
        while (!line.endsWith('\n')) {
          const count = fs.readSync(descriptor, bytes, 0, bytes.length, null)
          if (count === 0) return line === '' ? null : line
          line += bytes.toString('utf8', 0, count)
        }
      } catch {
        return null
      }
      return line.slice(0, line.indexOf('\n')).replace(/\r$/, '')
    },
  }
}

/** node:tty is asked only where the descriptor may be a terminal: loading it costs as much as analysing a workflow. */
function isTerminal(descriptor: number): boolean {
  try {
    return fs.fstatSync(descriptor).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(descriptor)
  } catch {
    return false
  }
}
