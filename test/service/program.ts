// The built service and the operator's command as processes, with nothing of this machine's environment but PATH. Told of by what
// they print; ended by a signal.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { REPOSITORY_ROOT } from '../runner/repository-root.ts'

type Environment = Readonly<Record<string, string>>

export interface Finished {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ServiceProcess {
  /** Where it listens, as it says. */
  readonly address: string
  readonly pid: number
  /** What it has printed so far, logs and all. */
  output(): string
  /** Why ever it ends. */
  readonly ended: Promise<Finished>
  /** Sends the signal and waits for the end; one that has ended already is answered with its end. */
  end(signal: NodeJS.Signals): Promise<Finished>
}

export interface RunOptions {
  readonly environment?: Environment
  readonly input?: string
  /** Default: the repository. */
  readonly cwd?: string
}

/** What encrypts where the environment names nothing else. */
export const ENCRYPTION_KEYS = `k1:${Buffer.alloc(32, 'canary-key').toString('base64')}`

const READY_WITHIN_MS = 30_000

/** Runs a program to its end. */
export async function runProgram(program: 'main' | 'admin', args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const child = launch(program, args, options)
  child.stdin?.end(options.input ?? '')
  return finish(child)
}

/** Resolves when the service listens; rejects with what it printed when it ends before, or takes too long. */
export async function launchService(environment: Environment): Promise<ServiceProcess> {
  const child = launch('main', [], { environment: { PORT: '0', ...environment } })
  let printed = ''
  const finished = finish(child)
  const address = await new Promise<string>((resolve, reject) => {
    const fail = (what: string): void => { reject(new Error(`the service ${what}:\n${printed}`)) }
    const limit = setTimeout(() => {
      child.kill('SIGKILL')
      fail(`did not listen within ${READY_WITHIN_MS} ms`)
    }, READY_WITHIN_MS)
    const read = (chunk: Buffer): void => {
      printed += chunk.toString('utf8')
      const [, found] = /listens at (\S+)/.exec(printed) ?? []
      if (found === undefined) return
      clearTimeout(limit)
      resolve(found)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    void finished.then(({ code }) => {
      clearTimeout(limit)
      fail(`ended with ${code} before it listened`)
    })
  })
  return {
    address,
    pid: child.pid ?? 0,
    output: () => printed,
    ended: finished,
    end: (signal) => {
      child.kill(signal)
      return finished
    },
  }
}

function launch(program: string, args: readonly string[], { environment = {}, cwd = fileURLToPath(REPOSITORY_ROOT) }: RunOptions): ChildProcess {
  const file = fileURLToPath(new URL(`build/${program}.js`, REPOSITORY_ROOT))
  if (!existsSync(file)) throw new Error(`build/${program}.js is missing: run "npm run build"`)
  return spawn(process.execPath, ['--enable-source-maps', file, ...args], {
    cwd, stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: process.env.PATH, ENCRYPTION_KEYS, ...environment },
  })
}

async function finish(child: ChildProcess): Promise<Finished> {
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk: Buffer) => { stdout += chunk.toString('utf8') })
  child.stderr?.on('data', (chunk: Buffer) => { stderr += chunk.toString('utf8') })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}
