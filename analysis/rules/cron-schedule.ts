// Finds cron schedules that GitHub cannot read or shortens, and time zones that do not exist. Leaves out empty values
// (invalid-value) and events without a schedule (event-config).
import type { ScalarNode } from '../source/node.ts'
import { isTimeZone, timeZones } from '../data/time-zones.ts'
import { readCron } from '../syntax/cron.ts'
import { nearMiss } from '../syntax/near-miss.ts'
import { asMapping, asScalar, asSequence, hasExpression, lookup } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

/** Minutes: GitHub starts scheduled runs no more often. */
const SHORTEST = 5

export const cronSchedule = defineRule({
  meta: {
    id: 'cron-schedule',
    summary: 'Write schedules that GitHub can read and keep',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['events'] },
    messages: {
      broken: "the schedule '{cron}' {problem}",
      often: { text: "the schedule '{cron}' runs every {interval}, and GitHub starts scheduled runs every 5 minutes at most", severity: 'low' },
      zone: "'{zone}' is no time zone of the IANA database{hint}",
    },
  },
  create(ctx) {
    const met = new Set<ScalarNode>()
    const isNew = (node: ScalarNode | null): node is ScalarNode =>
      node !== null && node.text !== '' && !hasExpression(node.text) && !met.has(node) && met.add(node).size > 0
    return {
      workflow({ triggers }) {
        for (const { name, value } of triggers) {
          if (name !== 'schedule') continue
          for (const item of asSequence(value)?.items ?? []) {
            const entry = asMapping(item)
            const cron = asScalar(lookup(entry, 'cron'))
            if (isNew(cron)) {
              const { problem, interval } = readCron(cron.text)
              if (problem !== null) ctx.report({ message: 'broken', at: cron, data: { cron: cron.text, problem } })
              else if (interval < SHORTEST) ctx.report({ message: 'often', at: cron, data: { cron: cron.text, interval: interval === 1 ? 'minute' : `${interval} minutes` } })
            }
            const zone = asScalar(lookup(entry, 'timezone'))
            if (!isNew(zone) || isTimeZone(zone.text)) continue
            const meant = nearMiss(zone.text, timeZones())
            ctx.report({ message: 'zone', at: zone, data: { zone: zone.text, hint: meant === null ? "; use a name such as 'Europe/Berlin'" : `; did you mean '${meant}'?` } })
          }
        }
      },
    }
  },
})
