// Finds jobs of a workflow that are alike but for one version or one system: a matrix would say it once.
// Leaves out jobs that have a matrix, jobs that call a workflow, and jobs of one step.
import type { Job } from '../workflow/job.ts'
import { workingSteps } from '../workflow/step.ts'
import { defineRule } from './rule.ts'

/** A version, or the label of a runner. */
const VARIANT = /\b(?:ubuntu|windows|macos)-[\w.-]+|\bv?\d+(?:\.(?:\d+|x))*\b/g
/** In characters; a longer job is not compared. */
const MAX_JOB = 20_000

interface Shape {
  readonly job: Job
  readonly variants: readonly string[]
}

export const missingMatrix = defineRule({
  meta: {
    id: 'missing-matrix',
    summary: 'Write jobs that differ in one value as a matrix',
    severity: 'info',
    confidence: 'medium',
    profile: 'pedantic',
    fix: 'none',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: {},
    messages: { alike: "job '{job}' is job '{other}' with '{value}' in place of '{first}'; one job with a matrix says it once" },
  },
  create(ctx) {
    return {
      workflow({ jobs }) {
        const known = new Map<string, Shape>()
        for (const job of jobs) {
          if (job.uses !== null || job.matrix !== null || job.isAlias || workingSteps(job.steps).length < 2 || job.node.end - job.node.start > MAX_JOB) continue
          const { key, variants } = shapeOf(job)
          const other = known.get(key)
          if (other === undefined) known.set(key, { job, variants })
          else {
            const difference = onlyDifference(other.variants, variants)
            if (difference !== null) ctx.report({ message: 'alike', at: job.key, data: { job: job.id, other: other.job.id, ...difference }, identity: job.id })
          }
        }
      },
    }
  },
})

/** The job's text without its name, with a mark for every version and label. */
function shapeOf({ workflow: { file }, node, name }: Job): { readonly key: string; readonly variants: readonly string[] } {
  const { text } = file
  const source = name === null || name.start < node.start || name.end > node.end ? text.slice(node.start, node.end) : text.slice(node.start, name.start) + text.slice(name.end, node.end)
  const content = source.replace(/(?:^|\s)#.*$/gm, '').trimEnd()
  return { key: content.replace(VARIANT, '\0'), variants: content.match(VARIANT) ?? [] }
}

/** The one pair of values by which two jobs differ; null where nothing or more than that differs. */
function onlyDifference(first: readonly string[], second: readonly string[]): { readonly first: string; readonly value: string } | null {
  const differences = new Map(first.flatMap((value, index) => (value === second[index] ? [] : [[`${value} ${second[index] ?? ''}`, { first: value, value: second[index] ?? '' }] as const])))
  const [only] = differences.values()
  return differences.size === 1 && only !== undefined ? only : null
}
