// Finds actions on a runtime that no supported runner has, GHES included: Node 12 and 16. Listed actions by the version in use,
// all others by their metadata. Leaves out what retiring-action-runtime reports.
import type { Uses } from '../workflow/uses.ts'
import { livingVersions } from '../data/living-versions.ts'
import { runtimeName, runtimeState } from '../data/runtimes.ts'
import { runtimeInUse } from '../workflow/runtime-in-use.ts'
import { renewRuntime } from '../fixes/renew-runtime.ts'
import { defineRule } from './rule.ts'

export const deadActionRuntime = defineRule({
  meta: {
    id: 'dead-action-runtime',
    summary: 'Move actions off runtimes that no supported runner has',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe or unsafe',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['action'] },
    messages: {
      dead: "'{uses}' runs on {runtime}, which no supported runner has; move to {target}",
      stuck: "'{uses}' runs on {runtime}, which no supported runner has; replace it, no release of it on a living runtime is known here",
      own: "this action runs on '{runtime}', which no supported runner has; use 'node24'",
    },
  },
  create(ctx) {
    const reportUses = (uses: Uses): void => {
      const used = runtimeInUse(uses, ctx)
      if (used === null || runtimeState(used.runtime, ctx).state !== 'dead') return
      const target = livingVersions(uses.name, ctx)[0]?.label
      if (target !== undefined) ctx.want({ kind: 'releases', repository: uses.repository })
      ctx.report({
        message: target === undefined ? 'stuck' : 'dead',
        at: uses.node,
        data: { uses: uses.text, runtime: runtimeName(used.runtime, used.isOlder), target: target ?? '' },
        ...(used.isClaimed ? { confidence: 'medium' } : {}),
        fix: target === undefined ? null : { kind: 'uses', uses, wish: 'upgrade' },
        identity: uses.name.toLowerCase(),
      })
    }
    return {
      uses: (uses) => { if (uses.place === 'step') reportUses(uses) },
      action({ using }) {
        if (using === null || runtimeState(using.text.toLowerCase(), ctx).state !== 'dead') return
        ctx.report({
          message: 'own',
          at: using,
          data: { runtime: using.text },
          fix: renewRuntime(using, ctx.file.text),
          identity: 'using',
        })
      },
    }
  },
})
