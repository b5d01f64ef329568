// The organisation's policy, pulled before anything is analysed, so that no repository needs a file. It is asked for by entity tag: a
// runner that keeps its tool cache between jobs gets it once, and has it when the control plane is away.
import { createHash } from 'node:crypto'
import * as path from 'node:path'
import { POLICY_FILE } from '../analysis/pipeline-path.ts'
import { readPolicyFile } from '../analysis/policy/policy-file.ts'
import { DEFAULT_POLICY, type Policy } from '../analysis/policy/policy.ts'
import { keptPolicySchema, policyTextSchema, type KeptPolicy } from '../contract/policies.ts'
import { parseJson, send, type ControlPlane } from './control-plane-request.ts'
import type { World } from './world.ts'

export interface PulledPolicy {
  /** Null: the organisation has none, or it could not be read. */
  readonly policy: Policy | null
  /** The repository's, as the control plane knows them; null where it does not. */
  readonly topics: readonly string[] | null
  /** Why it is not the newest, for a person; null when it is. */
  readonly problem: string | null
}

const TIMEOUT_MS = 10_000

/** Never rejects: an analysis under an older policy, or under the repository's own file, is better than none. */
export async function pullPolicy(plane: ControlPlane, { env, fs }: Pick<World, 'env' | 'fs'>): Promise<PulledPolicy> {
  const file = cacheFile(plane.url, env)
  const kept = readKept(file, fs)
  try {
    const answer = await send(plane, 'v1/policy', { method: 'GET', headers: kept === null ? {} : { 'if-none-match': kept.etag }, timeoutMs: TIMEOUT_MS })
    if ('error' in answer) return older(kept, answer.error.message)
    const { response, text } = answer
    if (response.status === 304 && kept !== null) return newest(kept)
    const read = response.ok ? policyTextSchema.safeParse(parseJson(text)) : null
    if (read?.success !== true) return older(kept, `${plane.url.origin} answered ${response.status}${response.ok ? ' with no policy' : ''}`)
    const fresh = { etag: response.headers.get('etag') ?? '', answer: read.data }
    writeKept(file, fresh, fs)
    return newest(fresh)
  } catch (error) {
    return older(kept, error instanceof Error ? error.message : typeof error)
  }
}

const newest = (kept: KeptPolicy): PulledPolicy => ({ policy: policyOf(kept), topics: kept.answer.topics ?? null, problem: null })

/** What is kept may have been another repository's answer: of topics nothing is known then. */
const older = (kept: KeptPolicy | null, reason: string): PulledPolicy => kept === null
  ? { policy: null, topics: null, problem: `the organisation's policy could not be read (${reason}), so the repository's own decides` }
  : { policy: policyOf(kept), topics: null, problem: `the organisation's policy could not be read (${reason}); version ${kept.answer.version}, which this runner has kept, holds` }

/** The service refuses a policy that does not read. */
const policyOf = ({ answer: { version, text } }: KeptPolicy): Policy | null =>
  (version === 0 ? null : { ...readPolicyFile({ path: POLICY_FILE, text }, DEFAULT_POLICY), source: null })

/** Null where the runner keeps nothing. Organisations that share a runner do not share a file. */
function cacheFile(url: URL, { RUNNER_TOOL_CACHE: folder, GITHUB_REPOSITORY_OWNER_ID: owner = '' }: World['env']): string | null {
  const name = createHash('sha256').update(`${url.href} ${owner}`).digest('hex').slice(0, 32)
  return folder === undefined || folder === '' ? null : path.join(folder, 'autodevops', `policy-${name}.json`)
}

function readKept(file: string | null, fs: World['fs']): KeptPolicy | null {
  try {
    const read = file === null ? null : keptPolicySchema.safeParse(parseJson(fs.readFileSync(file, 'utf8')))
    return read?.success === true ? read.data : null
  } catch {
    return null
  }
}

/** A cache that cannot be written is none. */
function writeKept(file: string | null, kept: KeptPolicy, fs: World['fs']): void {
  if (file === null || kept.etag === '') return
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, JSON.stringify(kept))
  } catch {
    // Read-only tool caches exist.
  }
}
