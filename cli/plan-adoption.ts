// What `init` would write into a repository: nothing here touches a file. Every text that is planned was analysed, so that the
// baseline holds for the repository as it will be.
import type { AnalyseInput, AnalyseResult, SourceFile } from '../analysis/analyse.ts'
import type { CarriedOver } from '../analysis/adopt/carried-over.ts'
import type { Conversion, Converted } from '../analysis/adopt/convert-suppressions.ts'
import type { Profile } from '../analysis/finding.ts'
import type { Worktree } from '../worktree/open-worktree.ts'
import { NOTHING_CARRIED, together } from '../analysis/adopt/carried-over.ts'
import { convertSuppressions } from '../analysis/adopt/convert-suppressions.ts'
import { formatPolicy } from '../analysis/adopt/format-policy.ts'
import { importActionlint } from '../analysis/adopt/import-actionlint.ts'
import { importZizmor } from '../analysis/adopt/import-zizmor.ts'
import { analyse } from '../analysis/analyse.ts'
import { NO_FACTS } from '../analysis/fact.ts'
import { POLICY_FILE } from '../analysis/pipeline-path.ts'
import { formatBaseline } from '../analysis/policy/baseline.ts'
import { DEFAULT_POLICY } from '../analysis/policy/policy.ts'
import { readPolicyFile } from '../analysis/policy/policy-file.ts'
import { readNeighbours } from '../worktree/read-neighbours.ts'
import { branchOf } from './one-folder.ts'
import { starterWorkflow } from './starter-workflow.ts'

const BASELINE = '.github/autodevops-baseline.json'
const WORKFLOW = '.github/workflows/autodevops.yml'
/** The first that exists counts, as it does for the tool itself. */
const ZIZMOR = ['.github/zizmor.yml', '.github/zizmor.yaml', 'zizmor.yml', 'zizmor.yaml']
const ACTIONLINT = ['.github/actionlint.yaml', '.github/actionlint.yml']
/** Our own action, which its users name by tag. */
const OWN = 'autodevops'

/** What the repository says now. */
export interface Settings {
  readonly worktree: Worktree
  readonly input: AnalyseInput
  readonly carried: CarriedOver
  /** Tools whose settings or comments were found. */
  readonly tools: readonly string[]
  readonly hasForeignComments: boolean
  /** Then settings of other tools are not merged into it. */
  readonly hasPolicy: boolean
}

export interface Adoption {
  readonly input: AnalyseInput
  /** The repository as it is, under the policy that it gets. */
  readonly first: AnalyseResult
  readonly created: readonly { readonly path: string; readonly text: string; readonly about: string }[]
  readonly changed: readonly Converted[]
  /** Files that exist and would have been written. */
  readonly kept: readonly string[]
  readonly remarks: readonly string[]
  /** Findings that the baseline takes in. */
  readonly accepted: number
}

export function readSettings(worktree: Worktree, today: string, profile: Profile): Settings {
  const names = worktree.lockPath === null ? worktree.pipelinePaths : [...worktree.pipelinePaths, worktree.lockPath]
  const files = names.map((name) => worktree.read(name))
  const input: AnalyseInput = {
    files,
    neighbours: readNeighbours(worktree, files),
    paths: worktree.incomplete === null ? worktree.paths : null,
    policy: { ...DEFAULT_POLICY, profile },
    facts: NO_FACTS,
    today,
    host: { kind: 'github.com' },
  }
  const zizmor = firstOf(worktree, ZIZMOR)
  const actionlint = firstOf(worktree, ACTIONLINT)
  const mentions = (word: string): boolean => files.some((file) => 'text' in file && file.text.includes(word))
  const tools = [
    ...(zizmor !== null || mentions('zizmor: ignore[') ? ['zizmor'] : []),
    ...(actionlint === null ? [] : ['actionlint']),
    ...(mentions('poutine:') ? ['poutine'] : []),
  ]
  const carried = [zizmor === null ? NOTHING_CARRIED : importZizmor(zizmor.path, zizmor.text), actionlint === null ? NOTHING_CARRIED : importActionlint(actionlint.path, actionlint.text)]
  const hasPolicy = isThere(worktree, POLICY_FILE)
  const remark = `${POLICY_FILE} is there: settings of other tools are not merged into it`
  const merged = hasPolicy ? { ...NOTHING_CARRIED, notCarried: zizmor === null && actionlint === null ? [] : [remark] } : carried.reduce(together)
  return { worktree, input, carried: merged, tools, hasPolicy, hasForeignComments: mentions('zizmor: ignore[') || mentions('poutine:') }
}

const isThere = (worktree: Worktree, file: string): boolean => !('error' in worktree.read(file))

function firstOf(worktree: Worktree, names: readonly string[]): { readonly path: string; readonly text: string } | null {
  const name = names.find((each) => worktree.paths.includes(each))
  const file = name === undefined ? null : worktree.read(name)
  return file !== null && 'text' in file ? file : null
}

interface Choices {
  readonly profile: Profile
  readonly by: string
  readonly reason: string
  readonly converts: boolean
}

export function planAdoption({ worktree, input, carried, hasForeignComments, hasPolicy }: Settings, { profile, by, reason, converts }: Choices): Adoption {
  const policyText = formatPolicy({ profile, by, reason, carried: together({ ...NOTHING_CARRIED, trustedOwners: [OWN] }, carried) })
  const policyFile: SourceFile = hasPolicy ? worktree.read(POLICY_FILE) : { path: POLICY_FILE, text: policyText }
  const conversion: Conversion = converts && hasForeignComments ? convertSuppressions(input, { by, reason }) : { files: [], left: [] }
  const branch = branchOf(worktree)
  const wanted = [
    { path: POLICY_FILE, text: policyText, about: 'the policy' },
    { path: WORKFLOW, text: starterWorkflow({ branch, baseline: BASELINE }), about: 'reports on pull requests and pushes, fails nothing' },
  ]
  const created = wanted.filter(({ path }) => !isThere(worktree, path))
  const policy = readPolicyFile(policyFile, input.policy)
  const after = new Map([...conversion.files.map(({ path, after: text }) => [path, text] as const), ...created.map(({ path, text }) => [path, text] as const)])
  const changed = input.files.map((file) => (after.has(file.path) ? { path: file.path, text: after.get(file.path) ?? '' } : file))
  const added = created.filter(({ path }) => !input.files.some((file) => file.path === path))
  const paths = input.paths === null ? null : [...new Set([...input.paths, ...added.map(({ path }) => path), BASELINE])].sort()
  const accepted = analyse({ ...input, policy, paths, files: [...changed, ...added] }).findings
  const baseline = isThere(worktree, BASELINE) ? [] : [{ path: BASELINE, text: formatBaseline(accepted), about: 'the findings of today' }]
  return {
    input,
    first: analyse({ ...input, policy }),
    created: [...created, ...baseline],
    changed: conversion.files,
    kept: [...wanted.map(({ path }) => path), BASELINE].filter((path) => isThere(worktree, path)),
    remarks: [...carried.notCarried, ...conversion.left],
    accepted: baseline.length === 0 ? 0 : accepted.filter(({ suppressed }) => suppressed === undefined).length,
  }
}
