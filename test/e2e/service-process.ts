// The service as its operator starts it: a process of its own, from the sources, with settings from the environment. Told of by
// what it prints and answers; killed as a crash would.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { AnalysisWire, Submission } from '../../contract/analyses.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

export interface ServiceProcess {
  readonly address: string
  readonly output: readonly string[]
  /** As the kernel would, or a person with `kill -9`. */
  kill(): Promise<void>
  stop(): Promise<number | null>
}

export async function startServiceProcess(settings: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', 'control-plane/main.ts'], {
    cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH, HOME, PORT: '0', ...settings },
  })
  const output: string[] = []
  const address = await new Promise<string>((resolve, reject) => {
    const read = (line: string): void => {
      output.push(line)
      const found = /listens at (\S+)/.exec(line)
      if (found?.[1]) resolve(found[1])
    }
    createInterface(child.stdout).on('line', read)
    createInterface(child.stderr).on('line', read)
    child.once('exit', (code) => reject(new Error(`the service ended with ${code} before it was ready:\n${output.join('\n')}`)))
  })
  return {
    address, output,
    kill: () => end(child, 'SIGKILL').then(() => undefined),
    stop: () => end(child, 'SIGTERM'),
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }
  return child.exitCode
}

export async function postAnalysis({ address }: ServiceProcess, token: string, submission: Submission): Promise<Response> {
  return fetch(`${address}/v1/analyses`, {
    method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(submission),
  })
}

export async function getAnalysis({ address }: ServiceProcess, token: string, { id, wait = 0 }: { readonly id: string; readonly wait?: number }): Promise<AnalysisWire> {
  const response = await fetch(`${address}/v1/analyses/${id}?wait=${wait}`, { headers: { authorization: `Bearer ${token}` } })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as AnalysisWire
}
