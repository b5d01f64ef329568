// Runs the command line in this process, on real files, and collects what it writes.
import * as fs from 'node:fs'
import type { ExitCode } from '../../cli/exit-code.ts'
import type { World } from '../../cli/world.ts'
import { main } from '../../cli/main.ts'
import { runGit } from '../../cli/run-git.ts'

export interface Ran {
  readonly code: ExitCode
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly env?: World['env']
  readonly isTerminal?: boolean
  /** Functions of node:fs to replace. */
  readonly fs?: Partial<World['fs']>
  readonly now?: () => Date
  /** What a person at a terminal types, line by line. */
  readonly answers?: readonly string[]
  readonly git?: World['git']
}

/** The date is 2026-11-24 unless a test says otherwise. */
export async function runMain(cwd: string, argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const written = { stdout: '', stderr: '' }
  const { isTerminal = false } = options
  const answers = [...(options.answers ?? [])]
  const code = await main({
    argv,
    cwd,
    env: options.env ?? {},
    fs: { ...fs, ...options.fs },
    stdin: { isTerminal: options.answers !== undefined, readLine: () => answers.shift() ?? null },
    git: options.git ?? runGit,
    now: options.now ?? (() => new Date('2026-11-24T12:00:00Z')),
    stdout: { isTerminal, write: (text) => { written.stdout += text } },
    stderr: { isTerminal, write: (text) => { written.stderr += text } },
  })
  return { code, ...written }
}

export interface JsonReport {
  readonly schemaVersion: number
  readonly files: readonly { readonly path: string; readonly kind: string; readonly status: string; readonly error?: string }[]
  readonly findings: readonly { readonly ruleId: string; readonly path: string; readonly severity: string; readonly confidence: string; readonly suppressed?: object }[]
  readonly summary: Readonly<Record<string, unknown>>
}

/** `analyze --format json` with its output read. */
export async function runJson(cwd: string, args: readonly string[], options: RunOptions = {}): Promise<Ran & { readonly report: JsonReport }> {
  const ran = await runMain(cwd, ['analyze', '--format', 'json', ...args], options)
  return { ...ran, report: JSON.parse(ran.stdout) as JsonReport }
}
