// The only reader of the Action's inputs. Defaults stand in action.yml and nowhere else: the runner fills them in.
import { PROFILES, type Profile } from '../analysis/finding.ts'
import { FAIL_ON, type FailOn } from '../analysis/policy/select.ts'
import { ActionError } from './action-error.ts'

export const FIX_PR = ['never', 'safe', 'all'] as const
export const ON_CONTROL_PLANE_ERROR = ['local', 'fail'] as const
const MAX_WAIT_SECONDS = 3600

export interface Inputs {
  readonly path: string
  readonly controlPlaneUrl: URL | null
  readonly apiKey: string
  readonly profile: Profile
  readonly failOn: FailOn
  readonly config: string
  readonly baseline: string
  readonly sarifFile: string
  readonly fixPr: (typeof FIX_PR)[number]
  readonly waitSeconds: number
  readonly githubToken: string
  readonly onControlPlaneError: (typeof ON_CONTROL_PLANE_ERROR)[number]
}

interface InputReader {
  getInput(name: string): string
  setSecret(value: string): void
}

/** Throws INPUT_INVALID naming the input, its value and what is allowed. Secrets are registered with the runner's mask first. */
export function readInputs(core: InputReader): Inputs {
  const apiKey = core.getInput('api-key')
  const githubToken = core.getInput('github-token')
  for (const secret of [apiKey, githubToken]) if (secret) core.setSecret(secret)
  return Object.freeze({
    path: core.getInput('path'),
    controlPlaneUrl: controlPlaneUrl(core.getInput('control-plane-url')),
    apiKey,
    profile: oneOf('profile', core.getInput('profile'), PROFILES),
    failOn: oneOf('fail-on', core.getInput('fail-on'), FAIL_ON),
    config: core.getInput('config'),
    baseline: core.getInput('baseline'),
    sarifFile: core.getInput('sarif-file'),
    fixPr: oneOf('fix-pr', core.getInput('fix-pr'), FIX_PR),
    waitSeconds: seconds('wait-seconds', core.getInput('wait-seconds')),
    githubToken,
    onControlPlaneError: oneOf('on-control-plane-error', core.getInput('on-control-plane-error'), ON_CONTROL_PLANE_ERROR),
  })
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value)
  if (found !== undefined) return found
  throw new ActionError('INPUT_INVALID', `input ${name} is '${value}'; it must be ${listOf(allowed)}`)
}

function seconds(name: string, value: string): number {
  const number = /^\d{1,4}$/.test(value) ? Number(value) : NaN
  if (number <= MAX_WAIT_SECONDS) return number
  throw new ActionError('INPUT_INVALID', `input ${name} is '${value}'; it must be a whole number of seconds from 0 to ${MAX_WAIT_SECONDS}`)
}

/** Only https, and http to this machine: a token must not cross a network in clear. */
function controlPlaneUrl(value: string): URL | null {
  if (value === '') return null
  const url = URL.canParse(value) ? new URL(value) : null
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw new ActionError('INPUT_INVALID', `input control-plane-url is '${value}'; it must be an address like https://autodevops.example.com`)
  if (url.username || url.password) throw new ActionError('INPUT_INVALID', 'input control-plane-url holds a user name or password; use the input api-key instead')
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol === 'http:' && !loopback) throw new ActionError('INPUT_INVALID', `input control-plane-url is '${value}'; it must use https, because a token travels with the request`)
  return url
}

const listOf = (values: readonly string[]): string => `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`
