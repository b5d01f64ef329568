// Finds Dependabot entries that take releases on the day they appear, before anybody could notice that one is bad.
// Leaves out Renovate, whose configuration is no CI file.
import type { DependabotUpdate } from '../workflow/dependabot-config.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { EditsFix } from './rule.ts'
import { indentOf, insertBefore, insertBelow, isOneLine } from '../workflow/insert-lines.ts'
import { asScalar, findPair } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

/** What Dependabot waits where nothing is said, in days. */
const DEFAULT_DAYS = 3
const KEY = 'default-days'

export const noCooldown = defineRule({
  meta: {
    id: 'no-cooldown',
    summary: 'Let new releases age before the update bot takes them',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe',
    since: '0.1.0',
    category: 'dependencies',
    equivalents: { zizmor: ['dependabot-cooldown'] },
    messages: {
      absent: `updates of '{ecosystem}' have no cooldown, so a release is taken after ${DEFAULT_DAYS} days; set cooldown: default-days: {days}`,
      noDays: `this cooldown has no default-days, so a release is taken after ${DEFAULT_DAYS} days; set default-days: {days}`,
      short: "a release is taken after {given} days; set default-days to {days} or more",
    },
  },
  create(ctx) {
    const days = ctx.policy.cooldownDays
    if (days <= 0) return {}
    return {
      dependabot({ file, updates }) {
        for (const update of updates) {
          const ecosystem = update.ecosystem?.text ?? '?'
          const cooldown = findPair(update.node, 'cooldown')
          const given = update.cooldown === null ? undefined : findPair(update.cooldown, KEY)
          const value = given === undefined ? null : asScalar(given.value)
          if (cooldown === undefined) {
            if (days > DEFAULT_DAYS) ctx.report({ message: 'absent', at: update.node.pairs[0]?.key ?? update.node, data: { ecosystem, days }, fix: addCooldown(file, update, days), identity: identityOf(update) })
          } else if (given === undefined) {
            if (days > DEFAULT_DAYS) ctx.report({ message: 'noDays', at: cooldown.key, data: { days }, fix: addDays(file, update, days), identity: identityOf(update) })
          } else if (typeof value?.value === 'number' && value.value < days) {
            const edits = [{ start: value.start, end: value.end, text: String(days) }]
            ctx.report({ message: 'short', at: given.key, data: { given: value.text, days }, fix: { kind: 'edits', safety: 'safe', description: `Wait ${days} days`, edits } })
          }
        }
      },
    }
  },
})

const identityOf = ({ ecosystem, directories }: DependabotUpdate): string => [ecosystem?.text, ...directories.map(({ text }) => text)].join(' ')

const asFix = (edit: EditsFix['edits'][number], days: number): EditsFix => ({ kind: 'edits', safety: 'safe', description: `Wait ${days} days before a release is taken`, edits: [edit] })

function addCooldown(file: PipelineFile, { node }: DependabotUpdate, days: number): EditsFix | null {
  const indent = indentOf(file, node)
  const last = node.pairs.at(-1)
  const anchor = node.pairs.find((pair) => pair.key.text === 'package-ecosystem')
  if (indent === null || last === undefined) return null
  const lines = ['cooldown:', `  ${KEY}: ${days}`]
  // Behind a line of its own, so that no comment loses what it speaks of.
  const first = anchor !== undefined && isOneLine(file, anchor) ? anchor : null
  return asFix(first === null ? insertBefore(file, last, lines) : insertBelow(file, first.value.end, { indent, lines }), days)
}

function addDays(file: PipelineFile, { node, cooldown }: DependabotUpdate, days: number): EditsFix | null {
  const pair = findPair(node, 'cooldown')
  const first = cooldown?.pairs[0]
  if (pair === undefined || pair.value.kind === 'alias') return null
  if (cooldown !== null && !cooldown.flow && first !== undefined) return asFix(insertBefore(file, first, [`${KEY}: ${days}`]), days)
  const isEmpty = cooldown === null ? pair.value.start === pair.value.end : cooldown.flow && first === undefined
  if (!isEmpty) return null
  const text = cooldown === null ? ` { ${KEY}: ${days} }` : `{ ${KEY}: ${days} }`
  const start = cooldown === null ? pair.colon + 1 : pair.value.start
  return asFix({ start, end: cooldown === null ? start : pair.value.end, text }, days)
}
