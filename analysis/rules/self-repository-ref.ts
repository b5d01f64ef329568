// Finds the repository's own actions and workflows named by `./`, which is whatever the workspace holds; `$/` is this commit.
// Leaves out GHES, which has no `$/`, composite actions, and paths that another repository's checkout or a step creates.
import type { FixSafety } from '../finding.ts'
import type { Step } from '../workflow/step.ts'
import type { Uses } from '../workflow/uses.ts'
import type { EditsFix } from './rule.ts'
import { hostIn } from '../workflow/code-host.ts'
import { everyStep } from '../workflow/step.ts'
import { inputOf } from '../workflow/step-input.ts'
import { defineRule } from './rule.ts'

export const selfRepositoryRef = defineRule({
  meta: {
    id: 'self-repository-ref',
    summary: 'Name own actions and workflows by $/',
    severity: 'low',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe or unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['self-repository'] },
    messages: {
      local: "'{uses}' is what the workspace holds when the step runs; '{self}' is this repository at this very commit",
      called: "'{uses}' is looked up where the run started; '{self}' is this repository at this very commit",
    },
  },
  create(ctx) {
    if (ctx.host.kind !== 'github.com') return {}
    return {
      uses(uses) {
        if (uses.form !== 'local' || uses.job === null) return
        const target = uses.text.replace(/^\.\/?/, '').replace(/\/$/, '')
        const checkouts = uses.step === null ? [] : checkoutsBefore(uses.step)
        if (checkouts.some((checkout) => createsPath(checkout, target)) || isKnownToBeMissing(uses, target) || hostIn(ctx).kind !== 'github.com') return
        const self = `$/${target}`
        ctx.report({ message: uses.step === null ? 'called' : 'local', at: uses.node, data: { uses: uses.text, self }, fix: useSelf(uses, self, safetyOf(uses, checkouts)) })
      },
    }

    /** An action that is not in the repository is made, or fetched, by a step. */
    function isKnownToBeMissing({ place }: Uses, target: string): boolean {
      const { paths } = ctx.repository
      if (paths === null || place === 'job') return false
      const folder = target === '' ? '' : `${target}/`
      return !['action.yml', 'action.yaml', 'Dockerfile'].some((name) => paths.has(folder + name))
    }
  },
})

function checkoutsBefore(step: Step): readonly Step[] {
  const steps = everyStep(step.job?.steps ?? [])
  return steps.slice(0, steps.indexOf(step)).filter(({ uses }) => uses?.name.toLowerCase() === 'actions/checkout')
}

function createsPath(checkout: Step, target: string): boolean {
  const path = inputOf(checkout, 'path')?.text.trim().replace(/^\.\//, '').replace(/\/$/, '') ?? ''
  return path !== '' && path !== '.' && (path.includes('${{') || target === path || target.startsWith(`${path}/`))
}

/** A plain checkout is of the very commit; in a workflow that others call, `./` is the caller's. */
function safetyOf({ job, step }: Uses, checkouts: readonly Step[]): FixSafety {
  const isCallable = job?.workflow.triggers.some(({ name }) => name === 'workflow_call') === true
  if (step === null) return isCallable ? 'unsafe' : 'safe'
  const isPlain = checkouts.length === 1 && checkouts.every((each) => ['repository', 'ref', 'path'].every((input) => inputOf(each, input) === null))
  return isPlain && !isCallable ? 'safe' : 'unsafe'
}

function useSelf({ node, file, text }: Uses, self: string, safety: FixSafety): EditsFix | null {
  const start = file.text.startsWith(text, node.start) ? node.start : node.start + 1
  if (self === '$/' || node.anchor !== null || !file.text.startsWith(text, start) || start + text.length > node.end) return null
  return { kind: 'edits', safety, description: `name it ${self}`, edits: [{ start, end: start + text.length, text: self }] }
}
