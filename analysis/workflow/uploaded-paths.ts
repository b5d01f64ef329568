// What `actions/upload-artifact` takes along that holds credentials: the folder into which a checkout wrote its own, and files in
// which programs keep theirs. Reads of patterns only those that take whole folders.
import type { Step } from './step.ts'
import { usedVersion } from '../data/used-version.ts'
import { compareVersions, parseVersion, type Version } from '../data/version.ts'
import { inputOf } from './step-input.ts'
import { versionComment } from './version-comment.ts'
import type { Uses } from './uses.ts'

/** From this release on files whose name begins with a dot stay out unless they are asked for. */
const WITHOUT_HIDDEN: Version = [4, 4, 0]
const WORKSPACE = /^\$\{\{\s*github\.workspace\s*\}\}|^\$\{?GITHUB_WORKSPACE\}?/i
/** The first major of the checkout that keeps its token outside of the folder. */
const TEMPORARY_SINCE = 6
const TEMPORARY = /^\$\{\{\s*runner\.temp\s*\}\}\/?\**$/i

/** The version that a `uses` line runs: by the data where that knows it exactly, else by its tag or comment; null for branches and bare commits. */
function versionOf(uses: Uses): Version | null {
  const used = usedVersion(uses)
  if (used?.certainty === 'exact') return parseVersion(used.version.tag) ?? parseVersion(used.version.label)
  return parseVersion(uses.isPinned ? (versionComment(uses)?.version ?? null) : uses.ref)
}

/** Where a checkout leaves its token. */
export interface LeftToken {
  /** Relative to the workspace. */
  readonly folder: string
  /** In the runner's own folder instead. */
  readonly isTemporary: boolean
}

export function tokenLeftBy(step: Step, uses: Uses): LeftToken {
  const version = versionOf(uses)
  return { folder: inputOf(step, 'path')?.text ?? '.', isTemporary: version !== null && version[0] >= TEMPORARY_SINCE }
}

/** The first of the steps that uploads what a checkout left. */
export function uploadOf(steps: readonly Step[], { folder, isTemporary }: LeftToken): Step | undefined {
  return steps.find((step) => {
    const upload = isUpload(step) ? uploadedBy(step) : null
    if (upload === null || isTemporary) return upload?.takesTemporary === true
    return upload.takesHidden && !upload.leavesGit && upload.entries.some((entry) => holds(entry, folder))
  })
}

interface Upload {
  readonly entries: readonly string[]
  readonly takesHidden: boolean
  /** The runner's own folder is among the entries. */
  readonly takesTemporary: boolean
  /** An entry keeps `.git` out. */
  readonly leavesGit: boolean
}

const known = new WeakMap<Step, Upload>()

function uploadedBy(step: Step): Upload {
  let upload = known.get(step)
  if (upload === undefined) {
    const entries = (inputOf(step, 'path')?.text ?? '').split('\n').map((entry) => entry.trim()).filter((entry) => entry !== '')
    upload = {
      entries,
      takesHidden: takesHidden(step),
      takesTemporary: entries.some((entry) => TEMPORARY.test(entry)),
      leavesGit: entries.some((entry) => entry.startsWith('!') && entry.includes('.git')),
    }
    known.set(step, upload)
  }
  return upload
}

/** Files and folders in which programs keep credentials, and the home folder around them. */
const CREDENTIALS = /^(?:~|\$\{?HOME\}?|\$\{\{\s*env\.HOME\s*\}\}|\/home\/runner|\/root)(?:\/\*{0,2})?$|(?:^|\/)(?:\.env(?!\.(?:example|sample|template|dist)\b)(?:\.[\w.-]+)?|\.npmrc|\.pypirc|\.netrc|\.git-credentials|\.(?:ssh|aws|docker|kube|gnupg|azure)(?:\/.*)?)$/

/** The entry of an upload that names such a file or folder; null when none does. */
export function uploadedCredentials(step: Step): string | null {
  const upload = isUpload(step) ? uploadedBy(step) : null
  return upload?.takesHidden === true ? (upload.entries.find((entry) => CREDENTIALS.test(entry)) ?? null) : null
}

const isUpload = ({ uses }: Step): boolean => uses?.name.toLowerCase() === 'actions/upload-artifact'

function takesHidden(step: Step): boolean {
  const version = step.uses === null ? null : versionOf(step.uses)
  return inputOf(step, 'include-hidden-files')?.text === 'true' || (version !== null && compareVersions(version, WITHOUT_HIDDEN) < 0)
}

/** Whether the folder, or one around it, is what the entry names. */
function holds(entry: string, folder: string): boolean {
  const path = normal(entry.replace(WORKSPACE, '.').replace(/\/\*{1,2}$/, ''))
  const inside = normal(folder)
  return path === '.' || path === '..' || path === '*' || path === '**' || path === inside || path === normal(`${inside}/.git`) || inside.startsWith(`${path}/`)
}

function normal(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  return parts.length === 0 ? '.' : parts.join('/')
}
