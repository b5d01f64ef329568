// Finds privileged runs that execute what an outsider's run put into an artifact. Leaves out artifacts unpacked outside of the
// workspace or into a folder whose files are only read, and values read from them (env-injection and script-injection).
import type { Repository } from '../workflow/repository.ts'
import type { Step } from '../workflow/step.ts'
import { callsOf } from '../workflow/calls.ts'
import { outsiderArtifactOf, unpackedBy } from '../workflow/outsider-artifact.ts'
import { stepsAfter } from '../workflow/step.ts'
import { workspaceCodeOf } from '../workflow/workspace-code.ts'
import { defineRule } from './rule.ts'

export const artifactPoisoning = defineRule({
  meta: {
    id: 'artifact-poisoning',
    summary: "Never run what an outsider's artifact contains",
    severity: 'high',
    confidence: 'medium',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: {
      codeql: ['ArtifactPoisoningCritical', 'ArtifactPoisoningMedium', 'ArtifactPoisoningPathTraversal'],
      octoscan: ['dangerous-action'],
    },
    messages: {
      executed: "this artifact may come from an outsider's pull request, and '{what}' later runs what it may have brought or overwritten; unpack it into a folder outside of the workspace and only read it",
    },
  },
  create(ctx) {
    return {
      step(step) {
        const artifact = outsiderArtifactOf(step, ctx.repository)
        if (artifact === null) return
        const folders = new Set(artifact.folders)
        for (const next of stepsFollowing(step, ctx.repository)) {
          for (const folder of unpackedBy(next)) folders.add(folder)
          const what = [...folders].map((folder) => workspaceCodeOf(next, folder)).find((code) => code !== null)
          if (what === undefined) continue
          ctx.report({ message: 'executed', at: artifact.at, data: { what: what ?? '' } })
          return
        }
      },
    }
  },
})

/** Of an action also what its callers do afterwards. */
function stepsFollowing(step: Step, repository: Repository): readonly Step[] {
  const own = stepsAfter(step)
  if (step.job !== null) return own
  const callers = callsOf(step.file, repository).flatMap(({ step: call }) => (call?.job ? stepsAfter(call) : []))
  return [...own, ...callers]
}
