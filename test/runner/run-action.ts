// Starts the built Action as a runner does: INPUT_* and GITHUB_* variables, the files for outputs and the summary, the event's
// payload, an empty environment otherwise, and no network but the addresses that the test names.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { inputVariables } from './action-defaults.ts'
import { REPOSITORY_ROOT } from './repository-root.ts'

export interface ActionRun {
  /** The checked-out repository. */
  readonly workspace: string
  readonly inputs: Readonly<Record<string, string>>
  /** What `github.token` is in this run. */
  readonly githubToken?: string
  readonly event?: { readonly name: string; readonly payload: unknown }
  readonly repository?: { readonly fullName: string; readonly id: number; readonly ownerId: number }
  readonly ref?: string
  readonly sha?: string
  /** Web and API addresses of the code host; default: those of github.com. */
  readonly codeHost?: { readonly webUrl: string; readonly apiUrl: string }
  /** The runner's identity-token endpoint; without it the run has no `id-token: write`. */
  readonly identity?: { readonly url: string; readonly token: string }
  /** Addresses (`host:port`) that may be reached; default: none. */
  readonly allow?: readonly string[]
  /** Path of the Node binary; default: this process's. */
  readonly node?: string
  readonly env?: Readonly<Record<string, string>>
  readonly onOutput?: (chunk: string) => void
}

export interface ActionResult {
  readonly exitCode: number
  readonly output: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  /** Addresses that it tried to reach and was not allowed to. */
  readonly refusals: readonly string[]
}

export async function runAction(run: ActionRun): Promise<ActionResult> {
  const files = mkdtempSync(path.join(tmpdir(), 'autodevops-runner-'))
  try {
    for (const name of ['output', 'summary', 'state', 'env', 'path', 'refusals']) writeFileSync(path.join(files, name), '')
    writeFileSync(path.join(files, 'event.json'), JSON.stringify(run.event?.payload ?? {}))
    const { exitCode, output } = await start(run, environment(run, files))
    return {
      exitCode,
      output,
      outputs: parseOutputs(readFileSync(path.join(files, 'output'), 'utf8')),
      summary: readFileSync(path.join(files, 'summary'), 'utf8'),
      refusals: readFileSync(path.join(files, 'refusals'), 'utf8').split('\n').filter(Boolean),
    }
  } finally {
    rmSync(files, { recursive: true, force: true })
  }
}

function environment(run: ActionRun, files: string): Record<string, string> {
  const { repository, codeHost = { webUrl: 'https://github.com', apiUrl: 'https://api.github.com' } } = run
  return {
    PATH: process.env.PATH ?? '',
    HOME: files,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: run.workspace,
    GITHUB_EVENT_NAME: run.event?.name ?? 'push',
    GITHUB_EVENT_PATH: path.join(files, 'event.json'),
    GITHUB_OUTPUT: path.join(files, 'output'),
    GITHUB_STEP_SUMMARY: path.join(files, 'summary'),
    GITHUB_STATE: path.join(files, 'state'),
    GITHUB_ENV: path.join(files, 'env'),
    GITHUB_PATH: path.join(files, 'path'),
    GITHUB_SERVER_URL: codeHost.webUrl,
    GITHUB_API_URL: codeHost.apiUrl,
    GITHUB_REF: run.ref ?? 'refs/heads/main',
    GITHUB_SHA: run.sha ?? '0'.repeat(40),
    GITHUB_RUN_ID: '1',
    RUNNER_TEMP: files,
    ...(repository ? { GITHUB_REPOSITORY: repository.fullName, GITHUB_REPOSITORY_ID: String(repository.id), GITHUB_REPOSITORY_OWNER_ID: String(repository.ownerId) } : {}),
    ...(run.identity ? { ACTIONS_ID_TOKEN_REQUEST_URL: run.identity.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: run.identity.token } : {}),
    ...inputVariables(run.inputs, run.githubToken ?? ''),
    TEST_ALLOWED_ADDRESSES: (run.allow ?? []).join(','),
    TEST_REFUSALS_FILE: path.join(files, 'refusals'),
    ...run.env,
  }
}

function start(run: ActionRun, env: Record<string, string>): Promise<{ exitCode: number; output: string }> {
  const preload = new URL('test/runner/refuse-network.mjs', REPOSITORY_ROOT).href
  const bundle = fileURLToPath(new URL('dist/index.js', REPOSITORY_ROOT))
  if (!existsSync(bundle)) throw new Error('dist/index.js is missing: run "npm run build"')
  return new Promise((resolve, reject) => {
    const child = spawn(run.node ?? process.execPath, ['--import', preload, bundle], { cwd: run.workspace, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8')
      run.onOutput?.(chunk.toString('utf8'))
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', reject)
    child.on('close', (code, signal) => { resolve({ exitCode: code ?? (signal ? 128 : 1), output }) })
  })
}

/** The format of GITHUB_OUTPUT: `name<<DELIMITER`, lines, DELIMITER. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  const lines = text.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const [, name, delimiter] = /^(.+?)<<(.+)$/.exec(lines[index] ?? '') ?? []
    if (name === undefined || delimiter === undefined) continue
    const end = lines.indexOf(delimiter, index + 1)
    if (end < 0) throw new Error(`output ${name} has no end`)
    outputs[name] = lines.slice(index + 1, end).join('\n')
    index = end
  }
  return outputs
}
