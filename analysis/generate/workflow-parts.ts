// What every workflow that we write has in common: when it runs, that it may do nothing until a job says so, and how an action is named.
import { versionsOf } from '../data/actions.ts'

/** Up to and with `jobs:`. Runs for pull requests and for pushes to one branch; ends with a line break. */
export function workflowHead({ name, branch }: { readonly name: string; readonly branch: string }): string {
  return `name: ${name}

on:
  pull_request:
  push:
    branches: [${JSON.stringify(branch)}]

permissions: {}

concurrency:
  group: \${{ github.workflow }}-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

jobs:
`
}

/** The newest release whose commit is known, as `owner/repo@commit # tag`. Throws for an action that the data does not have. */
export function pinned(action: string): string {
  const newest = versionsOf(action).findLast(({ commit, tag }) => commit !== null && tag !== null)
  if (newest === undefined) throw new Error(`nothing is known of ${action}: analysis/data/actions.json needs it`)
  return `${action}@${newest.commit} # ${newest.tag}`
}
