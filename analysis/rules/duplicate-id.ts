// Finds step ids that occur twice in one job or composite action, and jobs named twice in one `needs`, case ignored.
// Leaves out job ids: they are keys of one map, so duplicate-key reports them.
import type { Step } from '../workflow/step.ts'
import type { Job } from '../workflow/job.ts'
import type { ScalarNode } from '../source/node.ts'
import type { EditsFix } from './rule.ts'
import { dropItem } from '../fixes/drop-item.ts'
import { asSequence, findPair, hasExpression } from '../workflow/nodes.ts'
import { everyStep } from '../workflow/step.ts'
import { defineRule } from './rule.ts'

export const duplicateId = defineRule({
  meta: {
    id: 'duplicate-id',
    summary: 'Give every step its own id, and name every needed job once',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['id', 'job-needs'] },
    messages: {
      step: "the step id '{id}' is already used on line {line}; ids are compared without case and have to differ",
      needs: { text: "'{id}' is already in this job's needs, on line {line}; name it once", severity: 'low' },
    },
  },
  create(ctx) {
    const lineOf = (node: ScalarNode): number => ctx.file.lines.lineOf(node.start)
    const checkSteps = (steps: readonly Step[]): void => {
      for (const [first, again] of repeated(everyStep(steps).flatMap(({ id }) => id ?? []))) {
        ctx.report({ message: 'step', at: again, data: { id: again.text, line: lineOf(first) } })
      }
    }
    const met = new Set<ScalarNode>()
    return {
      job(job) {
        checkSteps(job.steps)
        for (const [first, again] of repeated(job.needs)) {
          if (met.has(again)) continue
          met.add(again)
          ctx.report({ message: 'needs', at: again, data: { id: again.text, line: lineOf(first) }, fix: dropNeed(job, again) })
        }
      },
      action({ steps }) { checkSteps(steps) },
    }
  },
})

function repeated(nodes: readonly ScalarNode[]): readonly (readonly [first: ScalarNode, again: ScalarNode])[] {
  const seen = new Map<string, ScalarNode>()
  return nodes.flatMap((node): (readonly [ScalarNode, ScalarNode])[] => {
    const name = node.text.toLowerCase()
    const first = seen.get(name)
    if (first === undefined) seen.set(name, node)
    return first === undefined || first === node || name === '' || hasExpression(name) ? [] : [[first, node]]
  })
}

function dropNeed({ workflow, node }: Job, again: ScalarNode): EditsFix | null {
  const edit = dropItem(workflow.file, asSequence(findPair(node, 'needs')?.value), again)
  return edit === null ? null : { kind: 'edits', safety: 'safe', description: `Name '${again.text}' once`, edits: [edit] }
}
