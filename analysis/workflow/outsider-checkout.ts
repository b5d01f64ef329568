// Steps that put the code of somebody's pull request into the workspace: actions/checkout with the pull request's ref or fork,
// and scripts that fetch and check it out. Says nothing of what the run may do; see outsider-run.ts.
import type { Range } from '../rules/rule.ts'
import type { Repository } from './repository.ts'
import type { ScalarNode } from '../source/node.ts'
import type { Step } from './step.ts'
import type { Command } from '../shell/commands.ts'
import type { Origin } from './value-origin.ts'
import { commandsOf, programOf } from '../shell/step-commands.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'
import { inputOf } from './step-input.ts'
import { sourcesOf, variableSourcesOf } from './value-origin.ts'

export interface OutsiderCheckout {
  readonly step: Step
  /** What names the code: `github.event.pull_request.head.sha`, `refs/pull/N/merge`, `gh pr checkout`. */
  readonly source: string
  /** 'commit' is fixed by the event; 'lookup' a commit that an earlier step asked for; 'name' a ref that moves. */
  readonly binds: 'commit' | 'lookup' | 'name'
  /** Where the ref stands. */
  readonly at: Range
  /** Folder below the workspace; '' for the workspace itself. */
  readonly folder: string
}

const PULL_REF = /(?:^|[\s'"/:+(])pull\/(?:\$\{\{[^}]{1,200}\}\}|[^\s'"]{1,200}?)\/(?:head|merge)\b/
const COMMIT = /^github\.event\.(?:after|pull_request\.(?:head\.sha|merge_commit_sha)|(?:workflow_run|check_run|check_suite)\.(?:.*\.)?(?:head_sha|sha|head_commit\.id))$/
const NAME = /^github\.(?:head_ref|event\.(?:pull_request\.head\.(?:ref|label|repo\..*)|(?:workflow_run|check_run|check_suite)\.(?:.*\.)?(?:head_branch|head\.ref|ref|head_repository\..*)))$/
const LOOKUP = /^steps\.[^.]+\.outputs\.(.+)$/
const NAMED_HEAD = /\$\{\{\s*((?:steps|needs)\.[\w-]+\.outputs\.(?:\w*[_-])?(?:head|pr|pull[_-]?request)[_-]?(sha|ref|branch|commit)\w*)\s*\}\}/i
const GIT = /\bgit\b|\bgh\s+pr\s+(?:checkout|diff)\b|\bhub\b/
/** Commands that change what lies in the workspace. */
const SWITCHES = new Set(['apply', 'am', 'checkout', 'switch', 'merge', 'pull', 'reset', 'rebase', 'cherry-pick', 'clone', 'worktree', 'restore'])

/** The pull request's code that a step brings; null when it brings none that is known. */
export function outsiderCheckoutOf(step: Step, repository: Repository): OutsiderCheckout | null {
  if (step.uses?.name.toLowerCase() === 'actions/checkout') return ofAction(step, repository)
  return step.run === null ? null : ofScript(step, repository)
}

function ofAction(step: Step, repository: Repository): OutsiderCheckout | null {
  const folder = (inputOf(step, 'path')?.text ?? '').replace(/^\.\/|\/+$/g, '').replace(/^\.$/, '')
  for (const input of ['ref', 'repository']) {
    const value = inputOf(step, input)
    const found = value && headIn(value, step, repository)
    if (value && found) return { step, ...found, at: value, folder }
  }
  return null
}

type Head = Pick<OutsiderCheckout, 'source' | 'binds'>

function headIn(value: ScalarNode, step: Step, repository: Repository): Head | null {
  if (PULL_REF.test(value.text)) return { source: value.text, binds: 'name' }
  const spans = expressionsIn(step.file.text, value)
  const origins = spans.flatMap(({ root }) => (root === null ? [] : sourcesOf(root, { step, job: step.job }, repository)))
  return origins.length > 0 ? headOf(origins) : headByName(value.text)
}

/** An output that nobody knows, whose name says whose code it is: `steps.pr.outputs.head_sha`. */
function headByName(text: string): Head | null {
  const [, output = '', what = ''] = NAMED_HEAD.exec(text) ?? []
  return output === '' ? null : { source: output, binds: /sha|commit/i.test(what) ? 'lookup' : 'name' }
}

/** The one that moves most easily. */
function headOf(origins: readonly Origin[]): Head | null {
  const heads = origins.map(headAt).filter((head) => head !== null)
  return heads.find(({ binds }) => binds === 'name') ?? heads[0] ?? null
}

function headAt({ path, domain, by }: Origin): Head | null {
  if (COMMIT.test(path)) return { source: path, binds: 'commit' }
  if (NAME.test(path)) return { source: path, binds: 'name' }
  const output = LOOKUP.exec(path)?.[1]
  if (output === undefined || by !== 'outsider') return null
  if (domain === 'ref') return { source: path, binds: 'name' }
  return domain === 'fixed' && /sha|commit/.test(output) && !output.includes('base') ? { source: path, binds: 'lookup' } : null
}

function ofScript(step: Step, repository: Repository): OutsiderCheckout | null {
  const script = commandsOf(step, GIT)
  if (script === null) return null
  let fetched: Head | null = null
  for (const command of script.commands) {
    const program = programOf(command)
    const subcommand = command.words.slice(1).find(({ text }, index, rest) => !text.startsWith('-') && !/^-[Cc]$/.test(rest[index - 1]?.text ?? ''))?.text
    if ((program === 'gh' || program === 'hub') && subcommand === 'pr' && command.words[2]?.text === 'checkout') {
      return { step, source: `${program} pr checkout`, binds: 'name', at: script.rangeOf(command), folder: '' }
    }
    if (program === 'gh' && subcommand === 'pr' && command.words[2]?.text === 'diff') fetched = { source: 'gh pr diff', binds: 'name' }
    if (program === 'patch' && fetched?.source === 'gh pr diff') return { step, ...fetched, at: script.rangeOf(command), folder: '' }
    if (program !== 'git' || subcommand === undefined) continue
    const named = headInCommand(command, { step, repository, offsetOf: (index) => script.script.offsetOf(index) })
    if (named !== null && SWITCHES.has(subcommand)) return { step, ...named, at: script.rangeOf(command), folder: '' }
    if (named !== null && subcommand === 'fetch') fetched = named
    else if (fetched !== null && SWITCHES.has(subcommand) && subcommand !== 'clone') return { step, ...fetched, at: script.rangeOf(command), folder: '' }
  }
  return null
}

interface Place {
  readonly step: Step
  readonly repository: Repository
  readonly offsetOf: (index: number) => number
}

function headInCommand({ words, start, end }: Command, { step, repository, offsetOf }: Place): Head | null {
  const text = words.map((word) => word.text).join(' ')
  if (PULL_REF.test(text)) return { source: 'refs/pull', binds: 'name' }
  const scope = { step, job: step.job }
  const from = offsetOf(start)
  const to = offsetOf(end)
  const spans = step.run === null ? [] : expressionsIn(step.file.text, step.run).filter((span) => span.start >= from && span.end <= to)
  const names = [...text.replace(/\$\{\{.*?\}\}/g, '').matchAll(/\$(?:env:|\{)?([A-Za-z_]\w*)/g)].map(([, name = '']) => name)
  return headOf([
    ...spans.flatMap(({ root }) => (root === null ? [] : sourcesOf(root, scope, repository))),
    ...names.flatMap((name) => variableSourcesOf(name, scope, repository)),
  ])
}
