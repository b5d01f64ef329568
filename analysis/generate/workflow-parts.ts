// What every workflow that we write has in common: when it runs, that it may do nothing until a job says so, and how an action is named.
import type { ActionVersion } from '../data/actions.ts'
import type { Version } from '../data/version.ts'
import type { Repository } from '../workflow/repository.ts'
import { versionsOf } from '../data/actions.ts'
import { compareVersions, parseVersion } from '../data/version.ts'
import { isCommit } from '../workflow/commit.ts'
import { newestInUse } from '../workflow/refs-in-use.ts'

export interface Head {
  readonly name: string
  /** Lines below `on:` besides those for pushes. */
  readonly events?: readonly string[]
  /** Whose pushes count; null for those of no branch. */
  readonly branch: string | null
}

/** What stands behind `uses:` for `owner/repo` or `owner/repo/path`. */
export type Pin = (action: string) => string

/** Up to and with `jobs:`, for pull requests unless the events say otherwise; ends with a line break. */
export function workflowHead({ name, events = ['pull_request:'], branch }: Head): string {
  const on = [...events, ...(branch === null ? [] : ['push:', `  branches: [${JSON.stringify(branch)}]`])]
  return `name: ${name}

on:
${on.map((line) => `  ${line}\n`).join('')}
permissions: {}

concurrency:
  group: \${{ github.workflow }}-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

jobs:
`
}

/** The newest release whose commit is known, as `owner/repo@commit # tag`. Throws for an action that the data does not have. */
export function pinned(action: string): string {
  const [newest] = versionsOf(action).filter(({ commit, tag }) => commit !== null && tag !== null).sort((a, b) => compareVersions(versionIn(b), versionIn(a)))
  if (newest === undefined) throw new Error(`nothing is known of ${action}: analysis/data/actions.json needs it`)
  return `${action}@${newest.commit} # ${newest.tag}`
}

const versionIn = ({ tag }: ActionVersion): Version => parseVersion(tag ?? '') ?? [-1, 0, 0]

/** The release that the repository uses already, so that none of its files becomes the older one; as it is written there where its commit is not known. */
export const pinnedAsIn = (repository: Repository): Pin => (action) => {
  const [owner, name] = action.split('/')
  const inUse = newestInUse(repository.refsInUse(`${owner}/${name}`))
  if (inUse === undefined) return pinned(action)
  const { ref, label } = inUse
  if (isCommit(ref)) return `${action}@${ref} # ${label}`
  const release = versionsOf(action).find((version) => version.commit !== null && (version.tag === label || version.label === label))
  return release === undefined ? `${action}@${ref}` : `${action}@${release.commit} # ${release.tag}`
}
