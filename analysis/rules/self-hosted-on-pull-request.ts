// Finds jobs that run a fork's pull request on a machine of the owner's. Leaves out jobs whose conditions keep forks away, and
// private repositories. Whether runs of outsiders wait for approval, only the settings say.
import type { RunsOn } from '../workflow/runs-on.ts'
import { pullRequestRunsOf } from '../workflow/outsider-run.ts'
import { visibilityOf } from '../workflow/visibility.ts'
import { defineRule } from './rule.ts'

/** Labels that every self-hosted runner gets by itself, and no runner of GitHub's has. */
const DEFAULT_LABELS: ReadonlySet<string> = new Set(['linux', 'windows', 'macos', 'x64', 'x86', 'arm', 'arm64'])

export const selfHostedOnPullRequest = defineRule({
  meta: {
    id: 'self-hosted-on-pull-request',
    summary: "Never run a fork's pull request on a self-hosted runner",
    severity: 'high',
    confidence: 'medium',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { poutine: ['pr_runs_on_self_hosted'], codeql: ['CodeExecutionOnSelfHostedRunner'] },
    messages: {
      label: "'{label}' is a machine of yours, and {event} brings an outsider's pull request to it if this repository is public; run it on a runner of GitHub's",
      group: {
        text: "the runner group '{label}' may hold machines of yours, and {event} brings an outsider's pull request to them if this repository is public; run it on a runner of GitHub's",
        confidence: 'low',
      },
    },
  },
  create(ctx) {
    return {
      job(job) {
        if (job.runsOn === null) return
        const machine = machineOf(job.runsOn)
        if (machine === null) return
        const run = pullRequestRunsOf(job, ctx.repository).find(({ guards }) => guards.size === 0)
        if (run === undefined) return
        const visibility = visibilityOf(ctx)
        if (visibility === 'private') return
        ctx.report({
          message: machine.message,
          at: job.runsOn.pair.key,
          data: { label: machine.label, event: run.event },
          ...(visibility === 'public' && machine.message === 'label' ? { confidence: 'high' } : {}),
        })
      },
    }
  },
})

interface Machine {
  readonly message: 'label' | 'group'
  readonly label: string
}

function machineOf({ labels, matrixLabels, group }: RunsOn): Machine | null {
  const own = [...labels, ...matrixLabels].find(({ text }) => /^self-hosted\b/i.test(text) || DEFAULT_LABELS.has(text.toLowerCase()))
  if (own !== undefined) return { message: 'label', label: own.text }
  return group === null ? null : { message: 'group', label: group.text }
}
