// Starts the service and the operator's command as processes, with nothing of this machine's environment but PATH. They are
// bundled from the sources first, in less time than their modules take to load one by one.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { afterAll } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '../..')
/** Inside the repository, where the programs find its node_modules. */
const PROGRAMS = path.join(ROOT, '.autodevops', `test-programs-${process.pid}`)
let built: Promise<unknown> | null = null

afterAll(() => rmSync(PROGRAMS, { recursive: true, force: true }))

export const ENCRYPTION_KEYS = `k1:${Buffer.alloc(32, 'canary-key').toString('base64')}`

type Environment = Readonly<Record<string, string>>

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Service {
  readonly address: string
  readonly process: ChildProcess
  /** What it has printed so far, logs and all. */
  printed(): string
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Finished>
}

export interface RunOptions {
  readonly environment?: Environment
  readonly input?: string
  readonly cwd?: string
}

export async function run(program: 'main' | 'admin', args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const child = await launch(program, args, options)
  child.stdin?.end(options.input ?? '')
  return finish(child)
}

export const admin = (args: readonly string[], options: RunOptions = {}): Promise<Finished> => run('admin', args, options)

/** Resolves when the service listens; rejects with what it printed when it ends before. */
export async function startService(environment: Environment): Promise<Service> {
  const child = await launch('main', [], { environment: { PORT: '0', ...environment } })
  let printed = ''
  const finished = finish(child)
  const address = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString()
      const [, found] = /listens at (\S+)/.exec(printed) ?? []
      if (found !== undefined) resolve(found)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    void finished.then(({ stdout, stderr }) => reject(new Error(`the service ended: ${stdout}${stderr}`)))
  })
  return {
    address, process: child,
    printed: () => printed,
    end: (signal) => {
      child.kill(signal)
      return finished
    },
  }
}

async function launch(program: string, args: readonly string[], { environment = {}, cwd = ROOT }: RunOptions): Promise<ChildProcess> {
  built ??= bundle()
  await built
  return spawn(process.execPath, [path.join(PROGRAMS, `${program}.js`), ...args], {
    cwd, stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: process.env.PATH, ENCRYPTION_KEYS, ...environment },
  })
}

async function bundle(): Promise<void> {
  const entryPoints = ['main', 'admin'].map((program) => path.join(ROOT, 'control-plane', `${program}.ts`))
  await build({ entryPoints, outdir: PROGRAMS, bundle: true, splitting: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' })
}

async function finish(child: ChildProcess): Promise<Finished> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => { stdout += chunk.toString() })
  child.stderr?.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}
