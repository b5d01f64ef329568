// Finds inputs and secrets that the called workflow does not declare, required ones that are left out, and values of another
// type. Leaves out workflows of other repositories, broken ones (local-target), and what `secrets: inherit` passes.
import type { Job } from '../workflow/job.ts'
import type { MappingNode, Pair } from '../source/node.ts'
import type { ValueType } from '../syntax/value-type.ts'
import type { RuleContext } from './rule.ts'
import { callProblems } from '../syntax/target-problems.ts'
import { nearMiss } from '../syntax/near-miss.ts'
import { valueKind } from '../syntax/value-kind.ts'
import { localTarget } from '../workflow/local-target.ts'
import { asMapping, asScalar, findPair, hasExpression, isNull, lookup } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

type Context = RuleContext<'unknown' | 'missing' | 'type' | 'boolean'>

interface Declared {
  readonly what: 'input' | 'secret'
  readonly pairs: readonly Pair[]
  readonly given: MappingNode | null
}

export const reusableCallInputs = defineRule({
  meta: {
    id: 'reusable-call-inputs',
    summary: 'Give called workflows the inputs and secrets that they declare',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['workflow-call', 'expression'] },
    messages: {
      unknown: "'{uses}' has no {what} '{name}'{hint}",
      missing: "'{uses}' requires the {what} '{name}', which is left out",
      type: "the input '{name}' of '{uses}' is a {type}, and {value} is none",
      // The runner may turn it into text.
      boolean: { text: "the input '{name}' of '{uses}' is a {type}, and {value} is a boolean", severity: 'low', confidence: 'medium' },
    },
  },
  create(ctx) {
    return {
      job(job) {
        if (job.uses === null) return
        const target = localTarget(job.uses, ctx.repository)
        if (target?.kind !== 'file' || callProblems(target.file).length > 0) return
        const call = target.file.workflow?.triggers.find(({ name }) => name === 'workflow_call')?.config ?? null
        const inputs = declared(job, { what: 'input', key: 'with', list: lookup(call, 'inputs') })
        if (inputs !== null) {
          checkNames(ctx, job, inputs)
          checkTypes(ctx, job, inputs)
        }
        const secrets = job.secrets?.kind === 'scalar' && !isNull(job.secrets) ? null : declared(job, { what: 'secret', key: 'secrets', list: lookup(call, 'secrets') })
        if (secrets !== null) checkNames(ctx, job, secrets)
      },
    }
  },
})

/** Null where what is given or declared is no map, so that nothing can be compared. */
function declared({ node }: Job, { what, key, list }: { what: Declared['what']; key: string; list: ReturnType<typeof lookup> }): Declared | null {
  const written = findPair(node, key)
  const given = asMapping(written?.value)
  if (written !== undefined && given === null && !isNull(written.value)) return null
  if (list !== null && list.kind !== 'mapping' && !isNull(list)) return null
  return { what, given, pairs: asMapping(list)?.pairs ?? [] }
}

function checkNames(ctx: Context, { uses }: Job, { what, pairs, given }: Declared): void {
  if (uses === null) return
  const names = new Map(pairs.map(({ key }) => [key.text.toLowerCase(), key.text]))
  const present = new Set(given?.pairs.map(({ key }) => key.text.toLowerCase()))
  for (const { key } of given?.pairs ?? []) {
    const name = key.text
    if (names.has(name.toLowerCase()) || hasExpression(name) || name === '<<') continue
    const meant = nearMiss(name, [...names.values()].filter((each) => !present.has(each.toLowerCase())))
    const hint = meant === null ? '' : `; did you mean '${meant}'?`
    ctx.report({ message: 'unknown', at: key, data: { uses: uses.text, what, name, hint } })
  }
  for (const { key, value } of pairs) {
    const node = asMapping(value)
    const isRequired = asScalar(lookup(node, 'required'))?.value === true && findPair(node, 'default') === undefined
    if (!isRequired || present.has(key.text.toLowerCase())) continue
    ctx.report({ message: 'missing', at: uses.node, data: { uses: uses.text, what, name: key.text }, identity: `${uses.text} ${what} ${key.text}` })
  }
}

function checkTypes(ctx: Context, { uses }: Job, { pairs, given }: Declared): void {
  for (const { key, value } of given?.pairs ?? []) {
    const scalar = asScalar(value)
    const input = pairs.find((pair) => pair.key.text.toLowerCase() === key.text.toLowerCase())
    const type = asScalar(lookup(asMapping(input?.value), 'type'))?.text ?? ''
    if (scalar === null || uses === null) continue
    const kind = valueKind(ctx.file, scalar)
    if (fits(kind, type, scalar.text)) continue
    const data = { uses: uses.text, name: key.text, type, value: scalar.text === '' ? 'an empty value' : `'${scalar.text}'` }
    ctx.report({ message: kind === 'boolean' && type === 'string' ? 'boolean' : 'type', at: scalar, data })
  }
}

/** Texts that read like the type are taken for it. */
function fits(kind: ValueType['kind'], type: string, text: string): boolean {
  if (kind === 'any') return true
  switch (type) {
    case 'boolean': return kind === 'boolean' || (kind === 'string' && (hasExpression(text) || /^(?:true|false)$/i.test(text)))
    case 'number': return kind === 'number' || (kind === 'string' && !hasExpression(text) && text.trim() !== '' && Number.isFinite(Number(text)))
    case 'string': return kind === 'string' || kind === 'number' || (kind === 'null' && text === '')
    default: return true
  }
}
