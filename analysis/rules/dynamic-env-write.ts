// Finds scripts that write a computed value into the environment or the search path of later steps where an outsider can start the
// run: nobody knows that the value is the outsider's, nobody knows that it is not. Leaves out literals, what only the runner sets,
// and what an outsider is known to set (env-injection).
import { environmentLines } from '../shell/environment-lines.ts'
import { shorten } from '../shorten.ts'
import { outsiderWriteOf } from '../workflow/outsider-write.ts'
import { defineRule } from './rule.ts'

const PRIVILEGED: ReadonlySet<string> = new Set(['pull_request_target', 'workflow_run'])
const WRITES = /GITHUB_(?:ENV|PATH)/i

export const dynamicEnvWrite = defineRule({
  meta: {
    id: 'dynamic-env-write',
    summary: 'Write only literals to the environment of later steps',
    severity: 'high',
    confidence: 'low',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['github-env'], octoscan: ['dangerous-write'] },
    messages: {
      computed: "'{line}' writes a computed value to {file}, and a line break in it sets variables such as LD_PRELOAD for later steps; hand it on as a step output",
    },
  },
  create(ctx) {
    return {
      step(step) {
        const { run, job } = step
        if (run === null || !WRITES.test(run.text)) return
        if (job !== null && !job.workflow.triggers.some(({ name }) => PRIVILEGED.has(name))) return
        const line = environmentLines(step.file.text.slice(run.start, run.end)).find(({ isLiteral }) => !isLiteral)
        if (line === undefined || outsiderWriteOf(step, ctx.repository) !== null) return
        ctx.report({ message: 'computed', at: run, data: { line: shorten(line.text), file: line.file } })
      },
    }
  },
})
