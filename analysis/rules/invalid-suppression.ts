// Finds suppressions that do not work, inline or in the policy file, and inline ones that silence nothing. Leaves out other tools'
// comments, rules that this run's policy turned off or its profile does not show, and keys that an entry lacks (missing-key).
import type { PlacedSuppression } from '../policy/policy-file.ts'
import type { SuppressionState, SuppressionUse } from '../policy/suppressions.ts'
import { isShown } from '../policy/policy.ts'
import { policySuppressions } from '../policy/policy-file.ts'
import { stateOfDecision } from '../policy/suppressions.ts'
import { asMapping } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const PROBLEMS: Readonly<Record<Exclude<SuppressionState, 'valid'>, 'owner' | 'reason' | 'date' | 'expired'>> = {
  'no-owner': 'owner',
  'no-reason': 'reason',
  'malformed-date': 'date',
  expired: 'expired',
}

export const invalidSuppression = defineRule({
  meta: {
    id: 'invalid-suppression',
    summary: 'Give every suppression an owner, a reason, and a date that has not passed',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: {},
    messages: {
      owner: 'this suppression names no owner and silences nothing; add by=@team',
      reason: 'this suppression gives no reason and silences nothing; end it with one',
      date: "until is '{until}', which is no date and counts as expired; write it as YYYY-MM-DD",
      expired: "this suppression expired on {until} and silences nothing; repair what it hid, or agree on a new date with {by}",
      empty: 'this suppression names no rule and silences nothing; write ignore[rule-id]',
      unknown: "there is no rule '{id}'; the command 'autodevops rules' lists them",
      unused: { text: "nothing here is reported by '{id}' any more; remove the suppression", severity: 'info' },
    },
  },
  create(ctx) {
    const check = ({ suppression, state, silenced }: SuppressionUse): void => {
      const { ids, until, by } = suppression
      if (ids.length === 0) {
        ctx.report({ message: 'empty', at: suppression })
        return
      }
      const unknown = ids.filter((id) => !ctx.registry.has(id))
      for (const id of unknown) ctx.report({ message: 'unknown', at: suppression, data: { id }, identity: `unknown ${id}` })
      if (state !== 'valid') {
        ctx.report({ message: PROBLEMS[state], at: suppression, data: { until: until ?? '', by: by ?? '' } })
        return
      }
      for (const id of ids) {
        const meta = ctx.registry.get(id)
        if (meta === undefined || silenced.has(id) || !isShown(meta, ctx.policy)) continue
        ctx.report({ message: 'unused', at: suppression, data: { id }, identity: `unused ${id}` })
      }
    }
    const checkEntry = ({ suppression, rules, until }: PlacedSuppression): void => {
      for (const rule of rules) {
        if (rule.text !== '' && !ctx.registry.has(rule.text)) ctx.report({ message: 'unknown', at: rule, data: { id: rule.text } })
      }
      const state = stateOfDecision({ ...suppression, by: suppression.by ?? '', reason: suppression.reason ?? '' }, ctx.today)
      if (state !== 'valid' && until !== null) ctx.report({ message: PROBLEMS[state], at: until, data: { until: suppression.until ?? '', by: suppression.by ?? 'its owner' } })
    }
    return {
      file({ kind, tree }) {
        if (kind === 'policy') for (const entry of policySuppressions(asMapping(tree.root))) checkEntry(entry)
      },
      suppressions(uses) {
        for (const use of uses) if (use.suppression.kind === 'inline') check(use)
      },
    }
  },
})
