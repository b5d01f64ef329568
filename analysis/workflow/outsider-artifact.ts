// Steps that download what an outsider's run made: an artifact of the run that started this one, or of a job of this run that had
// the pull request's code. Tells into which folders of the workspace it goes; folders outside of it are left out.
import type { Range } from '../rules/rule.ts'
import type { Repository } from './repository.ts'
import type { Step } from './step.ts'
import { artifactFolderInputs } from '../data/artifact-actions.ts'
import { commandsOf, programOf } from '../shell/step-commands.ts'
import { hasExpression } from './nodes.ts'
import { outsiderCheckoutOf } from './outsider-checkout.ts'
import { outsiderRunsOf } from './outsider-run.ts'
import { everyStep } from './step.ts'
import { inputOf } from './step-input.ts'

export interface OutsiderArtifact {
  readonly at: Range
  /** Folders below the workspace that it is unpacked into, '' for the workspace itself; empty while it is only a zip. */
  readonly folders: readonly string[]
}

const DOWNLOADS = /gh\s+run\s+download|artifacts_url|archive_download_url|actions\/artifacts/
const UNPACKS = /\b(?:unzip|tar|7z|bsdtar|Expand-Archive)\b/
const OUTSIDE = /^(?:\/|~|\$\{?(?:RUNNER_TEMP|HOME)\b|\$\{\{\s*(?:runner\.temp|env\.HOME)\s*\}\}|\$\(mktemp)/

/** What the step downloads of an outsider's; null when nothing. */
export function outsiderArtifactOf(step: Step, repository: Repository): OutsiderArtifact | null {
  const name = step.uses?.name.toLowerCase() ?? ''
  if (name === 'actions/download-artifact') return ofOwnAction(step, repository)
  const inputs = artifactFolderInputs(name)
  // Such an action takes the newest run that fits, whatever started this one.
  if (inputs !== null) return outsiderRunsOf(step, repository).length > 0 && !namesOwnBranch(step) ? ofAction(step, inputs) : null
  const found = name === 'actions/github-script' ? ofOctokit(step) : ofScript(step)
  return found !== null && outsiderRunsOf(step, repository).some(({ event }) => event === 'workflow_run') ? found : null
}

/** Runs of forks have branches of the same names, but only count where they are let in. */
function namesOwnBranch(step: Step): boolean {
  const branch = inputOf(step, 'branch') ?? inputOf(step, 'branch_name')
  return branch !== null && !hasExpression(branch.text) && inputOf(step, 'allow_forks')?.text !== 'true'
}

function ofAction(step: Step, inputs: readonly string[]): OutsiderArtifact | null {
  const given = inputs.map((input) => inputOf(step, input)).find((value) => value !== null)
  const folder = folderOf(given?.text ?? '')
  return step.uses === null ? null : { at: step.uses.pair.key, folders: folder === null ? [] : [folder] }
}

function ofOwnAction(step: Step, repository: Repository): OutsiderArtifact | null {
  const runs = outsiderRunsOf(step, repository)
  if (runs.length === 0) return null
  if (inputOf(step, 'run-id') !== null) return runs.some(({ event }) => event === 'workflow_run') ? ofAction(step, ['path']) : null
  return sharesOutsiderJob(step, repository) ? ofAction(step, ['path']) : null
}

/** Whether a job of the same run had an outsider's code and uploads under the name that is downloaded. */
function sharesOutsiderJob(step: Step, repository: Repository): boolean {
  const wanted = inputOf(step, 'name')?.text
  return (step.job?.workflow.jobs ?? []).some((job) => {
    if (job === step.job) return false
    const steps = everyStep(job.steps)
    const uploads = steps.some((upload) => upload.uses?.name.toLowerCase() === 'actions/upload-artifact' && (wanted === undefined || (inputOf(upload, 'name')?.text ?? 'artifact') === wanted))
    return uploads && steps.some((checkout) => outsiderCheckoutOf(checkout, repository) !== null)
  })
}

function ofOctokit(step: Step): OutsiderArtifact | null {
  const script = inputOf(step, 'script')
  return script?.text.includes('downloadArtifact') === true ? { at: step.uses?.pair.key ?? script, folders: [] } : null
}

function ofScript(step: Step): OutsiderArtifact | null {
  const script = commandsOf(step, DOWNLOADS)
  const command = script?.commands.find(({ words }) => DOWNLOADS.test(words.map(({ text }) => text).join(' ')))
  if (script === null || step.run === null) return null
  const at = command === undefined ? step.run : script.rangeOf(command)
  const words = command?.words.map(({ text }) => text) ?? []
  if (words[0] !== 'gh' || words[1] !== 'run') return { at, folders: unpackedBy(step) }
  const flag = words.findIndex((word) => word === '--dir' || word === '-D')
  const folder = folderOf(flag === -1 ? '' : (words[flag + 1] ?? ''))
  return { at, folders: [...(folder === null ? [] : [folder]), ...unpackedBy(step)] }
}

/** Folders that the step's script unpacks archives into. */
export function unpackedBy(step: Step): readonly string[] {
  const script = commandsOf(step, UNPACKS)
  if (script === null) return []
  return script.commands.flatMap((command) => {
    if (!UNPACKS.test(programOf(command)) && !/^expand-archive$/i.test(programOf(command))) return []
    const words = command.words.map(({ text }) => text)
    if (programOf(command) === 'tar' && !words.slice(1, 3).some((word) => /^-{0,2}[a-z]*x/.test(word))) return []
    const flag = words.findIndex((word) => /^(?:-d|-C|--directory|-o|-DestinationPath)$/i.test(word))
    const folder = folderOf(flag === -1 ? '' : (words[flag + 1] ?? ''))
    return folder === null ? [] : [folder]
  })
}

/** Below the workspace; null for a folder outside. */
function folderOf(path: string): string | null {
  const text = path.trim()
  if (OUTSIDE.test(text)) return null
  return text.replace(/^(?:\.\/|\$\{\{\s*github\.workspace\s*\}\}\/?|\$\{?GITHUB_WORKSPACE\}?\/?)/, '').replace(/\/+$/, '').replace(/^\.$/, '')
}

