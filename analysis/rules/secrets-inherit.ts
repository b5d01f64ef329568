// Finds calls of workflows that hand on every secret of the caller.
import type { EditsFix } from './rule.ts'
import type { Job } from '../workflow/job.ts'
import type { Repository } from '../workflow/repository.ts'
import { removeLine } from '../fixes/remove-line.ts'
import { asMapping, findPair, lookup } from '../workflow/nodes.ts'
import { indentOf, isOneLine } from '../workflow/insert-lines.ts'
import { defineRule } from './rule.ts'

export const secretsInherit = defineRule({
  meta: {
    id: 'secrets-inherit',
    summary: 'Hand a called workflow only the secrets that it needs',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['secrets-inherit'], ghalint: ['deny_inherit_secrets'], codeql: ['SecretsInherit'] },
    messages: { inherit: "'{workflow}' gets every secret that this one can read; name those that it needs" },
  },
  create(ctx) {
    return {
      job(job) {
        const { uses, secrets } = job
        if (uses === null || secrets?.kind !== 'scalar' || secrets.text !== 'inherit') return
        ctx.report({ message: 'inherit', at: uses.node, data: { workflow: uses.text }, fix: namedSecrets(job, ctx.repository) })
      },
    }
  },
})

/** The secrets that a workflow of this repository declares, each from the secret of its name. */
function namedSecrets(job: Job, repository: Repository): EditsFix | null {
  const { file } = job.workflow
  const path = /^(?:\.|\$)\/(.+)$/.exec(job.uses?.text ?? '')?.[1]
  const called = path === undefined ? undefined : repository.file(path)?.workflow?.triggers.find(({ name }) => name === 'workflow_call')
  const pair = findPair(job.node, 'secrets')
  const indent = indentOf(file, job.node)
  if (called === undefined || pair === undefined || indent === null || job.isAlias || !isOneLine(file, pair) || pair.value.kind !== 'scalar') return null
  const names = (asMapping(lookup(called.config, 'secrets'))?.pairs ?? []).map(({ key }) => key.text)
  const space = ' '.repeat(indent + 2)
  const lines = names.map((name) => `\n${space}${name}: \${{ secrets.${name} }}`).join('')
  const edit = names.length === 0 ? removeLine(file, job.node, pair) : { start: pair.colon + 1, end: pair.value.end, text: lines }
  return edit && { kind: 'edits', safety: 'unsafe', description: 'Name the secrets that the called workflow declares', edits: [edit] }
}
