// Finds jobs on runners of the owner's own, whose state outlives the job: by label, through the matrix, or as a group. Leaves
// out labels that are one expression, unless the matrix answers it.
import type { Job } from '../workflow/job.ts'
import type { ScalarNode } from '../source/node.ts'
import { asMapping, asScalar, asSequence, lookup } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const LABEL = 'self-hosted'

export const selfHostedRunner = defineRule({
  meta: {
    id: 'self-hosted-runner',
    summary: 'Know which jobs run on machines that remember',
    severity: 'medium',
    confidence: 'high',
    profile: 'auditor',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['self-hosted-runner'] },
    messages: {
      label: "this job runs on a self-hosted runner; make sure that it forgets everything after each job",
      matrix: "this job's matrix sends it to a self-hosted runner; make sure that it forgets everything after each job",
      group: { text: "the runner group '{group}' may hold self-hosted runners; make sure that they forget everything after each job", confidence: 'low' },
      expression: { text: "the labels begin with an expression, which may mean a self-hosted runner; make sure that it forgets everything after each job", confidence: 'low' },
    },
  },
  create(ctx) {
    return {
      job(job) {
        const { runsOn } = job
        if (runsOn === null) return
        const at = runsOn.pair.key
        const list = asSequence(asMapping(runsOn.pair.value) === null ? runsOn.pair.value : lookup(asMapping(runsOn.pair.value), 'labels'))
        if (runsOn.labels.some(isSelfHosted)) ctx.report({ message: 'label', at })
        else if (runsOn.matrixLabels.some((label) => isSelfHosted(label) && !isExcluded(job, label))) ctx.report({ message: 'matrix', at })
        else if (runsOn.group !== null) ctx.report({ message: 'group', at, data: { group: runsOn.group.text } })
        else if (list !== null && runsOn.matrixLabels.length === 0 && startsWithExpression(runsOn.expressions, list.items[0])) ctx.report({ message: 'expression', at })
      },
    }
  },
})

const isSelfHosted = ({ text }: ScalarNode): boolean => text.toLowerCase() === LABEL

function startsWithExpression(expressions: readonly ScalarNode[], first: Parameters<typeof asScalar>[0]): boolean {
  const scalar = asScalar(first)
  return scalar !== null && expressions.includes(scalar)
}

/** Whether every combination with that value of its row is taken out. */
function isExcluded({ matrix }: Job, label: ScalarNode): boolean {
  if (matrix?.kind !== 'mapping') return false
  const row = matrix.pairs.find(({ value }) => asSequence(value)?.items.some((item) => asScalar(item) === label))
  const excluded = asSequence(lookup(matrix, 'exclude'))?.items ?? []
  return row !== undefined && excluded.some((item) => {
    const pairs = asMapping(item)?.pairs ?? []
    return pairs.length === 1 && pairs[0]?.key.text === row.key.text && asScalar(pairs[0].value)?.text === label.text
  })
}
