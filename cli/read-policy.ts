// The policy of one repository: the defaults, over them its policy file or the one of --config, over them the command line.
import * as path from 'node:path'
import type { NotChecked, SourceFile } from '../analysis/analyse.ts'
import type { GoldenWorkflow, Policy } from '../analysis/policy/policy.ts'
import type { AnalysisOptions } from './options.ts'
import type { Target } from './targets.ts'
import type { World } from './world.ts'
import { POLICY_FILE } from '../analysis/pipeline-path.ts'
import { selectGolden } from '../analysis/drift/select-golden.ts'
import { readPolicyFile } from '../analysis/policy/policy-file.ts'
import { DEFAULT_POLICY } from '../analysis/policy/policy.ts'
import { exists } from '../worktree/file-system.ts'
import { createSourceReader, isInside } from '../worktree/read-source.ts'
import { UsageError } from './usage-error.ts'

export interface TargetPolicy {
  readonly policy: Policy
  /** The file, to be analysed with the others; null without one. */
  readonly file: SourceFile | null
  /** Golden workflows that could not be used, and why. */
  readonly notChecked: readonly NotChecked[]
}

interface Read {
  readonly options: AnalysisOptions
  readonly given: ReadonlySet<string>
  readonly golden: GoldenWorkflow | null
  readonly topics: readonly string[] | null
}

/** `given` are the names of the options on the command line: a profile given there beats the file's. */
export function readPolicy({ cwd, fs }: Pick<World, 'cwd' | 'fs'>, target: Target, { options, given, golden, topics }: Read): TargetPolicy {
  const file = readFile({ cwd, fs }, target, options.config)
  const base: Policy = { ...DEFAULT_POLICY, profile: options.profile }
  const read = file === null ? base : readPolicyFile(file, base)
  const profile = given.has('profile') ? options.profile : read.profile
  const hides = options['no-ignores'] ? { honourSuppressions: false, ignoredPaths: [] } : {}
  const workflows = [...(golden === null ? [] : [withParameters(golden, read)]), ...read.golden.workflows]
  const profileOfTarget = { name: null, topics, paths: target.worktree.incomplete === null ? target.worktree.paths : null }
  return { file, ...selectGolden({ ...read, profile, ...hides, golden: { ...read.golden, workflows } }, profileOfTarget, (each) => target.worktree.read(each)) }
}

/** A golden workflow that the policy names too has the parameters and targets from there, unless files were named one by one. */
function withParameters(golden: GoldenWorkflow, policy: Policy): GoldenWorkflow {
  const listed = policy.golden.workflows.find(({ file }) => file === golden.file)
  if (listed === undefined) return golden
  const { parameters, extraSteps, targets } = listed
  return { ...golden, parameters, extraSteps, targets: golden.targets.includes('**') ? golden.targets : targets }
}

function readFile({ cwd, fs }: Pick<World, 'cwd' | 'fs'>, { worktree }: Target, config: string | null): SourceFile | null {
  const { root } = worktree
  if (config === null) return exists(fs, path.join(root, POLICY_FILE)) ? worktree.read(POLICY_FILE) : null
  const file = path.resolve(cwd, config)
  if (!exists(fs, file)) throw new UsageError(`--config: no such file: '${config}'`)
  if (isInside(root, file)) return worktree.read(slashed(path.relative(root, file)))
  return { ...createSourceReader(fs, path.dirname(file))(path.basename(file)), path: slashed(config) }
}

const slashed = (file: string): string => file.split(path.sep).join('/')
