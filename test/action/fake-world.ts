// The Action's world for tests inside the process: a real folder and a real network, a recording toolkit in place of the runner.
import * as fs from 'node:fs'
import type { World } from '../../action/world.ts'
import { inputVariables } from '../runner/action-defaults.ts'

export interface Recorded {
  readonly outputs: Record<string, string>
  readonly secrets: string[]
  readonly failures: string[]
  readonly warnings: string[]
  readonly log: string[]
  /** What went to standard output as workflow commands. */
  text: string
}

export interface FakeWorldOptions {
  readonly inputs?: Readonly<Record<string, string>>
  readonly workspace: string
  readonly env?: Readonly<Record<string, string>>
  readonly payload?: World['payload']
  /** The identity token; absent: the run has no `id-token: write`. */
  readonly identity?: (audience: string | undefined) => string
  readonly fs?: World['fs']
  readonly fetch?: typeof fetch
  readonly sleep?: (ms: number) => Promise<void>
}

export function createFakeWorld(options: FakeWorldOptions): { world: World; recorded: Recorded } {
  const variables = inputVariables(options.inputs ?? {}, 'ghs_workflowtoken')
  const recorded: Recorded = { outputs: {}, secrets: [], failures: [], warnings: [], log: [], text: '' }
  const core = {
    getInput: (name: string) => variables[`INPUT_${name.toUpperCase()}`] ?? '',
    setSecret: (value: string) => { recorded.secrets.push(value) },
    setOutput: (name: string, value: unknown) => { recorded.outputs[name] = String(value) },
    setFailed: (message: string | Error) => { recorded.failures.push(String(message)) },
    info: (line: string) => { recorded.log.push(line) },
    warning: (line: string | Error) => { recorded.warnings.push(String(line)) },
    getIDToken: (audience?: string) => (options.identity ? Promise.resolve(options.identity(audience)) : Promise.reject(new Error('Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable'))),
  }
  const world: World = {
    // The summary is written only where GITHUB_STEP_SUMMARY is set; those tests start the bundle.
    core: core as unknown as World['core'],
    env: { GITHUB_WORKSPACE: options.workspace, GITHUB_REPOSITORY: 'acme/shop', GITHUB_REF: 'refs/heads/main', GITHUB_SHA: 'a'.repeat(40), GITHUB_SERVER_URL: 'https://github.com', ...options.env },
    payload: options.payload ?? {},
    cwd: options.workspace,
    fs: options.fs ?? fs,
    fetch: options.fetch ?? fetch,
    paceCodeHost: false,
    now: () => new Date('2026-11-24T12:00:00Z'),
    sleep: options.sleep ?? (() => Promise.resolve()),
    write: (text) => { recorded.text += text },
    version: '0.0.0-test',
  }
  return { world, recorded }
}
