// What the runner says about this run: repository, ref, the commit to report on, the code host.
import type { Host } from '../analysis/analyse.ts'

export interface RunContext {
  /** `push`, `schedule`, `pull_request` ... */
  readonly event: string
  /** owner/name; null outside a workflow run. */
  readonly repository: string | null
  readonly ref: string
  /** For a pull request its head commit, never the merge commit. */
  readonly commit: string
  readonly defaultBranch: string | null
  readonly host: Host
  readonly apiUrl: string
  /** Where a person sees this run; null outside a workflow run. */
  readonly runUrl: string | null
  readonly workspace: string
}

/** The parts of an event payload that are read. Payloads come from outside: every part may be missing. */
export interface EventPayload {
  readonly pull_request?: { readonly head?: { readonly sha?: unknown } }
  readonly repository?: { readonly default_branch?: unknown }
}

export function readRunContext(env: Readonly<Record<string, string | undefined>>, payload: EventPayload, cwd: string): RunContext {
  const head = payload.pull_request?.head?.sha
  const defaultBranch = payload.repository?.default_branch
  const serverUrl = env.GITHUB_SERVER_URL ?? 'https://github.com'
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: runId } = env
  return {
    event: env.GITHUB_EVENT_NAME ?? '',
    repository: repository ?? null,
    ref: env.GITHUB_REF ?? '',
    commit: typeof head === 'string' ? head : (env.GITHUB_SHA ?? ''),
    defaultBranch: typeof defaultBranch === 'string' ? defaultBranch : null,
    host: hostOf(serverUrl),
    apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
    runUrl: repository === undefined || runId === undefined ? null : `${serverUrl}/${repository}/actions/runs/${runId}`,
    workspace: env.GITHUB_WORKSPACE ?? cwd,
  }
}

/** github.com and its data-residency tenants (*.ghe.com) run the newest GitHub; any other host is a GHES whose version the run does not say. */
function hostOf(serverUrl: string): Host {
  const hostname = URL.canParse(serverUrl) ? new URL(serverUrl).hostname : ''
  return hostname === 'github.com' || hostname.endsWith('.ghe.com') ? { kind: 'github.com' } : { kind: 'ghes', version: null }
}
