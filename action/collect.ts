// Reads what is analysed: the CI files of the checkout, the policy file, the baseline. Texts stay in memory; nothing is written.
import * as path from 'node:path'
import type { SourceFile } from '../analysis/analyse.ts'
import { readBaseline, type Baseline } from '../analysis/policy/baseline.ts'
import { DEFAULT_POLICY, type Policy } from '../analysis/policy/policy.ts'
import { readPolicyFile } from '../analysis/policy/policy-file.ts'
import { ruleById } from '../analysis/rules/index.ts'
import type { FileSystem } from '../worktree/file-system.ts'
import { openWorktree } from '../worktree/open-worktree.ts'
import { ActionError } from './action-error.ts'
import type { Inputs } from './inputs.ts'

export interface Collected {
  readonly files: readonly SourceFile[]
  readonly paths: readonly string[]
  /** True when `paths` has holes. */
  readonly truncated: boolean
  readonly policy: Policy
  readonly baseline: Baseline | null
  /** The commit that is checked out; null outside git. */
  readonly head: string | null
}

/** Throws NO_CHECKOUT when there is nothing to read, INPUT_INVALID for a policy or baseline that cannot be used. */
export function collect(inputs: Inputs, workspace: string, fs: FileSystem): Collected {
  const root = path.resolve(workspace, inputs.path)
  const relative = path.relative(workspace, root)
  if (relative.startsWith('..') || path.isAbsolute(relative)) throw new ActionError('INPUT_INVALID', `input path is '${inputs.path}'; it must lie inside the workspace`)
  if (fs.statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) throw noCheckout(inputs.path)
  const worktree = openWorktree(root, { fs })
  if (worktree.paths.length === 0) throw noCheckout(inputs.path)
  const names = worktree.lockPath === null ? worktree.pipelinePaths : [...worktree.pipelinePaths, worktree.lockPath]
  return {
    files: names.map((name) => worktree.read(name)),
    paths: worktree.paths,
    truncated: worktree.incomplete !== null,
    policy: { ...readPolicy(inputs, root, fs), honourSuppressions: true },
    baseline: inputs.baseline === '' ? null : readBaselineFile(inputs.baseline, root, fs),
    head: worktree.head()?.commit ?? null,
  }
}

const noCheckout = (folder: string): ActionError =>
  new ActionError('NO_CHECKOUT', `there is no checkout in '${folder}'; add a step with actions/checkout before this one, or set the input path`)

/** The profile of the input holds unless the policy file names one of its own. */
function readPolicy({ config, profile }: Inputs, root: string, fs: FileSystem): Policy {
  const base: Policy = { ...DEFAULT_POLICY, profile }
  const text = config === '' ? null : readText(path.resolve(root, config), fs)
  if (text === null) return base
  const read = readPolicyFile(text, base, (id) => ruleById(id) !== undefined)
  if ('policy' in read) return read.policy
  const places = read.problems.map(({ line, column, message }) => `${config}:${line}:${column}: ${message}`)
  throw new ActionError('INPUT_INVALID', `the policy file cannot be used: ${places.join('; ')}`)
}

function readBaselineFile(name: string, root: string, fs: FileSystem): Baseline {
  const text = readText(path.resolve(root, name), fs)
  if (text === null) throw new ActionError('INPUT_INVALID', `input baseline is '${name}'; there is no such file in the checkout`)
  const baseline = readBaseline(text)
  if ('error' in baseline) throw new ActionError('INPUT_INVALID', `the baseline ${name} cannot be used: ${baseline.error}`)
  return baseline
}

/** Null when there is no such file. */
function readText(file: string, fs: FileSystem): string | null {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true ? fs.readFileSync(file, 'utf8') : null
}
