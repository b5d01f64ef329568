// Finds actions on a runtime with an announced end, or gone from github.com and alive on a supported GHES: Node 20. Listed actions by
// the version in use, all others by their metadata. Leaves out what dead-action-runtime reports.
import type { RuntimeState } from '../data/runtimes.ts'
import type { Uses } from '../workflow/uses.ts'
import { livingVersions } from '../data/living-versions.ts'
import { runtimeName, runtimeState } from '../data/runtimes.ts'
import { hostIn } from '../workflow/code-host.ts'
import { runtimeInUse } from '../workflow/runtime-in-use.ts'
import { renewRuntime } from '../fixes/renew-runtime.ts'
import { defineRule } from './rule.ts'

export const retiringActionRuntime = defineRule({
  meta: {
    id: 'retiring-action-runtime',
    summary: 'Move actions off runtimes that github.com removed or is about to remove',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe or unsafe',
    since: '0.1.0',
    category: 'reliability',
    equivalents: {},
    messages: {
      removed: { text: "{what} runs on {runtime}, which github.com removed on {on}; {advice}", severity: 'high' },
      announced: "{what} runs on {runtime}, which github.com removes on {on}: breaks in {days} days; {advice}",
      ghes: "{what} runs on {runtime}, which github.com removed on {on} and GHES is about to; {advice}",
    },
  },
  create(ctx) {
    const messageOf = (state: RuntimeState): 'removed' | 'announced' | 'ghes' | null => {
      if (state.state === 'removed') return 'removed'
      if (state.state !== 'retiring') return null
      return state.days > 0 ? 'announced' : 'ghes'
    }
    // The host is asked only where the answer depends on it.
    const stateOf = (runtime: string | null): RuntimeState => {
      const state = runtimeState(runtime, ctx)
      return 'on' in state ? runtimeState(runtime, { host: hostIn(ctx), today: ctx.today }) : state
    }
    const dates = (state: RuntimeState): { on: string; days: number } => ('on' in state ? { on: state.on, days: state.days } : { on: '', days: 0 })
    const reportUses = (uses: Uses): void => {
      const used = runtimeInUse(uses, ctx)
      const state = stateOf(used?.runtime ?? null)
      const message = messageOf(state)
      if (used === null || message === null) return
      const target = livingVersions(uses.name, ctx)[0]?.label
      if (target !== undefined) ctx.want({ kind: 'releases', repository: uses.repository })
      ctx.report({
        message,
        at: uses.node,
        data: {
          ...dates(state),
          what: `'${uses.text}'`,
          runtime: runtimeName(used.runtime, used.isOlder),
          advice: target === undefined ? 'replace it, no release of it on a living runtime is known here' : `move to ${target}`,
        },
        ...(used.isClaimed ? { confidence: 'medium' } : {}),
        fix: target === undefined ? null : { kind: 'uses', uses, wish: 'upgrade' },
        identity: uses.name.toLowerCase(),
      })
    }
    return {
      uses: (uses) => { if (uses.place === 'step') reportUses(uses) },
      action({ using }) {
        const state = stateOf(using?.text.toLowerCase() ?? null)
        const message = messageOf(state)
        if (using === null || message === null) return
        ctx.report({
          message,
          at: using,
          data: { ...dates(state), what: 'this action', runtime: runtimeName(using.text.toLowerCase()), advice: "use 'node24'" },
          fix: renewRuntime(using, ctx.file.text),
          identity: 'using',
        })
      },
    }
  },
})
