// The workflow that `init` writes: reports on every pull request and push, and fails nothing until its owners say so.
import { pinned, workflowHead } from '../analysis/generate/workflow-parts.ts'

/** `branch` is the one whose pushes are analysed; `baseline` the path of the baseline file. */
export function starterWorkflow({ branch, baseline }: { readonly branch: string; readonly baseline: string }): string {
  return `${workflowHead({ name: 'AutoDevOps', branch })}  analyze:
    name: Analyze pipelines
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
      - name: Check out
        uses: ${pinned('actions/checkout')}
        with:
          persist-credentials: false
      - name: Analyze
        uses: autodevops/analyze@v1
        with:
          baseline: ${baseline}
`
}
