// Reads what is analysed: the CI files of the checkout, the policy file, the baseline. Texts stay in memory; nothing is written.
import * as path from 'node:path'
import type { NotChecked, SourceFile } from '../analysis/analyse.ts'
import { readBaseline, type Baseline } from '../analysis/policy/baseline.ts'
import type { Policy } from '../analysis/policy/policy.ts'
import { selectGolden } from '../analysis/drift/select-golden.ts'
import { governedPolicy } from '../analysis/policy/tighten.ts'
import { exists, type FileSystem } from '../worktree/file-system.ts'
import { openWorktree, type Worktree } from '../worktree/open-worktree.ts'
import { isInside } from '../worktree/read-source.ts'
import { ActionError } from './action-error.ts'
import type { Inputs } from './inputs.ts'

export interface Collected {
  readonly files: readonly SourceFile[]
  readonly paths: readonly string[]
  /** True when `paths` has holes. */
  readonly truncated: boolean
  /** Who owns which path: read, and never posted. */
  readonly codeOwners: SourceFile | null
  /** Reads a manifest that the engine asks for: its text is never posted. */
  readonly readManifest: (path: string) => SourceFile
  readonly policy: Policy
  /** Golden workflows that could not be used, and why. */
  readonly notChecked: readonly NotChecked[]
  readonly baseline: Baseline | null
  /** The commit that is checked out; null outside git. */
  readonly head: string | null
}

export interface CollectContext {
  readonly workspace: string
  /** owner/name; null outside a workflow run. */
  readonly repository: string | null
  readonly fs: FileSystem
  /** The organisation's policy; null without one. */
  readonly organisation: Policy | null
  /** The repository's; null where nobody said them. */
  readonly topics: readonly string[] | null
}

/** Throws NO_CHECKOUT when there is nothing to read, INPUT_INVALID for a baseline that cannot be used. */
export function collect(inputs: Inputs, { workspace, repository, fs, organisation, topics }: CollectContext): Collected {
  const root = path.resolve(workspace, inputs.path)
  const relative = path.relative(workspace, root)
  if (relative.startsWith('..') || path.isAbsolute(relative)) throw new ActionError('INPUT_INVALID', `input path is '${inputs.path}'; it must lie inside the workspace`)
  if (fs.statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) throw noCheckout(inputs.path)
  const worktree = openWorktree(root, { fs })
  if (worktree.paths.length === 0) throw noCheckout(inputs.path)
  const config = readConfig(inputs, worktree, fs)
  const names = [...worktree.pipelinePaths, ...(worktree.lockPath === null ? [] : [worktree.lockPath])].filter((name) => name !== config?.path)
  const { policy, notChecked } = selectGolden(governedPolicy({ organisation, profile: inputs.profile, file: config }), { name: repository, topics, paths: worktree.paths }, (each) => worktree.read(each))
  return {
    files: [...names.map((name) => worktree.read(name)), ...(config === null ? [] : [config])],
    paths: worktree.paths,
    truncated: worktree.incomplete !== null,
    codeOwners: worktree.codeOwners(),
    readManifest: (name) => worktree.read(name),
    policy,
    notChecked,
    baseline: inputs.baseline === '' ? null : readBaselineFile(inputs.baseline, root, fs),
    head: worktree.head()?.commit ?? null,
  }
}

const noCheckout = (folder: string): ActionError =>
  new ActionError('NO_CHECKOUT', `there is no checkout in '${folder}'; add a step with actions/checkout before this one, or set the input path`)

/** Null when there is no policy file. What is wrong with it becomes a finding; a path out of the checkout is an input error. */
function readConfig({ config }: Inputs, worktree: Worktree, fs: FileSystem): SourceFile | null {
  const { root } = worktree
  const file = path.resolve(root, config)
  if (config === '' || !exists(fs, file)) return null
  if (!isInside(root, file)) throw new ActionError('INPUT_INVALID', `input config is '${config}'; it must lie inside the input path`)
  return worktree.read(path.relative(root, file).split(path.sep).join('/'))
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
