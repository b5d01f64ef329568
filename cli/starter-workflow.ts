// The workflow that `init` writes: reports on every pull request and push, and fails nothing until its owners say so.
import { versionsOf } from '../analysis/data/actions.ts'

const CHECKOUT = 'actions/checkout'

/** `branch` is the one whose pushes are analysed; `baseline` the path of the baseline file. */
export function starterWorkflow({ branch, baseline }: { readonly branch: string; readonly baseline: string }): string {
  const { commit = null, tag = null } = versionsOf(CHECKOUT).findLast((version) => version.commit !== null) ?? {}
  return `name: AutoDevOps

on:
  pull_request:
  push:
    branches: [${JSON.stringify(branch)}]

permissions: {}

concurrency:
  group: \${{ github.workflow }}-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

jobs:
  analyze:
    name: Analyze pipelines
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
      - name: Check out
        uses: ${CHECKOUT}@${commit ?? 'v7'}${tag === null ? '' : ` # ${tag}`}
        with:
          persist-credentials: false
      - name: Analyze
        uses: autodevops/analyze@v1
        with:
          baseline: ${baseline}
`
}
