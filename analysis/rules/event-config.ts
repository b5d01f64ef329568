// Finds events, activity types and filters that do not exist, filters that exclude each other, and workflow_run without
// workflows. Leaves out patterns (glob-pattern), schedules (cron-schedule), inputs (trigger-inputs), and other keys (unknown-key).
import type { EventSchema } from '../syntax/event-schema.ts'
import type { Trigger } from '../workflow/workflow.ts'
import type { RuleContext } from './rule.ts'
import { eventNames, eventSchema } from '../syntax/event-schema.ts'
import { nearMiss } from '../syntax/near-miss.ts'
import { asSequence, findPair, hasExpression, scalarsOf } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const FILTERS: ReadonlySet<string> = new Set([
  'types', 'branches', 'branches-ignore', 'tags', 'tags-ignore', 'paths', 'paths-ignore', 'workflows', 'names', 'versions',
])
const TWINS: readonly string[] = ['branches', 'tags', 'paths']
/** What stands below them has a schema of its own. */
const CONFIGURED: ReadonlySet<string> = new Set(['schedule', 'workflow_call', 'workflow_dispatch'])

/** More do not help the reader. */
const MAX_NAMED = 8

type Context = RuleContext<'nearEvent' | 'unknownEvent' | 'filter' | 'type' | 'noTypes' | 'twins' | 'workflows'>

export const eventConfig = defineRule({
  meta: {
    id: 'event-config',
    summary: 'Trigger on events, activity types and filters that exist',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['events'] },
    messages: {
      nearEvent: "'{event}' is no event; did you mean '{meant}'?",
      unknownEvent: { text: "'{event}' is no event that this version knows; it is wrong, or newer than this version", severity: 'info', confidence: 'low' },
      filter: "'{event}' has no filter '{key}'; it has {allowed}",
      type: "'{event}' has no activity type '{type}'; use {allowed}",
      noTypes: "'{event}' has no activity types, so 'types' is refused",
      twins: "'{key}' and '{key}-ignore' exclude each other in '{event}'; keep one, and exclude with '!' patterns in '{key}'",
      workflows: "'workflow_run' names no workflow, so nothing starts it; list the names in 'workflows'",
    },
  },
  create(ctx) {
    return { workflow({ triggers }) { for (const trigger of triggers) checkTrigger(ctx, trigger) } }
  },
})

function checkTrigger(ctx: Context, trigger: Trigger): void {
  const { name, node, config } = trigger
  if (name === '' || hasExpression(name)) return
  const event = eventSchema(name)
  if (event === null) {
    const meant = nearMiss(name, eventNames())
    if (meant === null) ctx.report({ message: 'unknownEvent', at: node, data: { event: name } })
    else ctx.report({ message: 'nearEvent', at: node, data: { event: name, meant } })
    return
  }
  if (CONFIGURED.has(name)) return
  checkFilters(ctx, trigger, event)
  checkTwins(ctx, trigger, event)
  if (name === 'workflow_run' && findPair(config, 'workflows') === undefined) ctx.report({ message: 'workflows', at: node })
}

function checkFilters(ctx: Context, { name, config }: Trigger, { keys, types }: EventSchema): void {
  for (const { key, value } of config?.pairs ?? []) {
    if (keys.has(key.text)) {
      if (key.text !== 'types' || types === null) continue
      for (const type of scalarsOf(value)) {
        if (type.text === '' || types.includes(type.text) || hasExpression(type.text)) continue
        ctx.report({ message: 'type', at: type, data: { event: name, type: type.text, allowed: suggest(type.text, types) } })
      }
    } else if (key.text === 'types') ctx.report({ message: 'noTypes', at: key, data: { event: name } })
    else if (keys.size === 0 || FILTERS.has(key.text)) ctx.report({ message: 'filter', at: key, data: { event: name, key: key.text, allowed: suggest(key.text, [...keys]) } })
  }
}

function checkTwins(ctx: Context, { name, config }: Trigger, { keys }: EventSchema): void {
  for (const key of TWINS) {
    const [filter, ignore] = [findPair(config, key), findPair(config, `${key}-ignore`)]
    if (!keys.has(key) || !filter || !ignore || [filter, ignore].some(({ value }) => asSequence(value)?.items.length === 0)) continue
    ctx.report({ message: 'twins', at: filter.key.start > ignore.key.start ? filter.key : ignore.key, data: { event: name, key } })
  }
}

/** The one that was meant, or the first of the list. */
function suggest(word: string, words: readonly string[]): string {
  const meant = nearMiss(word, words)
  if (meant !== null) return `'${meant}'`
  if (words.length === 0) return 'none'
  return words.slice(0, MAX_NAMED).map((each) => `'${each}'`).join(', ') + (words.length > MAX_NAMED ? ', ...' : '')
}
