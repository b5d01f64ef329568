// Whether a later step uploads the folder into which a checkout wrote its credentials. Reads `actions/upload-artifact` only,
// and of patterns only those that take whole folders.
import type { Step } from './step.ts'
import { usedVersion } from '../data/used-version.ts'
import { compareVersions, parseVersion, type Version } from '../data/version.ts'
import { asScalar, findPair } from './nodes.ts'
import { versionComment } from './version-comment.ts'
import type { Uses } from './uses.ts'

/** From this release on files whose name begins with a dot stay out unless they are asked for. */
const WITHOUT_HIDDEN: Version = [4, 4, 0]
const WORKSPACE = /^\$\{\{\s*github\.workspace\s*\}\}|^\$\{?GITHUB_WORKSPACE\}?/i
const TEMPORARY = /^\$\{\{\s*runner\.temp\s*\}\}\/?\**$/i

/** The version that a `uses` line runs: by the data, its tag or its comment; null for branches and bare commits. */
export function versionOf(uses: Uses): Version | null {
  const used = usedVersion(uses)?.version
  const named = uses.isPinned ? null : parseVersion(uses.ref)
  return (used ? (parseVersion(used.tag) ?? parseVersion(used.label)) : null) ?? named ?? parseVersion(versionComment(uses)?.version ?? null)
}

/** The first of the steps that uploads what a checkout into `folder` (relative to the workspace) left, or the runner's own folder. */
export function uploadOf(steps: readonly Step[], { folder, isTemporary }: { folder: string; isTemporary: boolean }): Step | undefined {
  return steps.find((step) => {
    if (step.uses?.name.toLowerCase() !== 'actions/upload-artifact') return false
    const entries = (asScalar(findPair(step.with, 'path')?.value)?.text ?? '').split('\n').map((entry) => entry.trim()).filter((entry) => entry !== '')
    if (isTemporary) return entries.some((entry) => TEMPORARY.test(entry))
    return takesHidden(step, step.uses) && !entries.some((entry) => entry.startsWith('!') && entry.includes('.git')) && entries.some((entry) => holds(entry, folder))
  })
}

function takesHidden({ with: inputs }: Step, uses: Uses): boolean {
  const version = versionOf(uses)
  return asScalar(findPair(inputs, 'include-hidden-files')?.value)?.text === 'true' || (version !== null && compareVersions(version, WITHOUT_HIDDEN) < 0)
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
