// `autodevops rules`: the list of rules, or one explained.
import type { Palette } from '../analysis/report/text.ts'
import type { Rule } from '../analysis/rules/rule.ts'
import type { ExitCode } from './exit-code.ts'
import type { World } from './world.ts'
import { ruleDocsUrl } from '../analysis/report/docs-url.ts'
import { rules } from '../analysis/rules/index.ts'
import { paletteFor } from './colours.ts'
import { RULES_OPTIONS } from './options.ts'
import { parseOptions } from './parse-options.ts'
import { UsageError, unknownValue } from './usage-error.ts'

export async function listRules(world: World, args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, RULES_OPTIONS)
  const [id, second] = positionals
  if (second !== undefined) throw new UsageError(`rules takes one ID, but got also '${second}'`)
  const chosen = id === undefined ? rules : rules.filter(({ meta }) => meta.id === id)
  if (id !== undefined && chosen.length === 0) throw unknownValue('rule', id, rules.map(({ meta }) => meta.id))
  if (values.format === 'json') {
    world.stdout.write(`${JSON.stringify(chosen.map(describe), null, 2)}\n`)
    return 0
  }
  const palette = await paletteFor(world, values.color)
  world.stdout.write(id === undefined ? listOf(chosen, palette) : chosen.map((rule) => explain(rule, palette)).join('\n'))
  return 0
}

function describe({ meta }: Rule) {
  const { id, summary, severity, confidence, profile, fix, category, since, equivalents } = meta
  return { id, summary, severity, confidence, profile, fix, category, since, equivalents, docsUrl: ruleDocsUrl(id) }
}

function listOf(list: readonly Rule[], palette: Palette): string {
  const width = Math.max(0, ...list.map(({ meta }) => meta.id.length))
  return list.map(({ meta }) => `${palette.bold(meta.id.padEnd(width))}  ${meta.severity.padEnd(6)}  ${meta.summary}\n`).join('')
}

function explain({ meta }: Rule, palette: Palette): string {
  const messages = Object.values<string | { readonly text: string }>(meta.messages).map((message) => (typeof message === 'string' ? message : message.text))
  const equivalents = Object.entries(meta.equivalents).map(([tool, names]) => `${tool} ${names.join(', ')}`)
  return [
    palette.bold(meta.id),
    meta.summary,
    '',
    `severity    ${meta.severity}`,
    `confidence  ${meta.confidence}`,
    `profile     ${meta.profile}`,
    `fix         ${meta.fix}`,
    `since       ${meta.since}`,
    `elsewhere   ${equivalents.length === 0 ? 'no other tool has it' : equivalents.join('; ')}`,
    `page        ${ruleDocsUrl(meta.id)}`,
    '',
    'It says:',
    ...messages.map((message) => `  ${message}`),
    '',
  ].join('\n')
}
