// zizmor's settings file as policy: audits switched off, ignored places, and those of its settings that the policy has too.
// Leaves out everything else by name; whoever adopts us decides about it.
import type { MappingNode, Pair } from '../source/node.ts'
import type { CarriedOver, CarriedSuppression } from './carried-over.ts'
import { createLineIndex } from '../source/line-index.ts'
import { parse } from '../source/parse.ts'
import { ruleById } from '../rules/index.ts'
import { asMapping, asScalar, lookup, scalarsOf } from '../workflow/nodes.ts'
import { NOTHING_CARRIED, equivalentsOf } from './carried-over.ts'

const TOOL = 'zizmor'

type Draft = { -readonly [K in keyof CarriedOver]: CarriedOver[K] extends readonly (infer E)[] ? E[] : CarriedOver[K] }
/** Says that something could not be carried over, with its place in front. */
type Leave = (at: { readonly start: number }, what: string) => void

/** `path` is only named in what it says. */
export function importZizmor(path: string, text: string): CarriedOver {
  const tree = parse(text)
  const lines = createLineIndex(text)
  const root = asMapping(tree.root)
  if (root === null || tree.problems.some(({ code }) => code !== 'empty')) return { ...NOTHING_CARRIED, notCarried: [`${path}: it is no YAML that can be read`] }
  const draft: Draft = { ...NOTHING_CARRIED, rulesOff: [], trustedOwners: [], allowedUses: [], deniedUses: [], runnerLabels: [], suppressions: [], notCarried: [] }
  const leave: Leave = ({ start }, what) => { draft.notCarried.push(`${path}:${lines.lineOf(start)}: ${what}`) }
  for (const { key } of root.pairs) if (key.text !== 'rules') leave(key, `'${key.text}' has no counterpart`)
  const audits = asMapping(lookup(root, 'rules'))?.pairs ?? []
  const disabled = audits.filter(({ value }) => asScalar(lookup(asMapping(value), 'disable'))?.value === true).map(({ key }) => key.text)
  for (const audit of audits) readAudit(audit, { draft, disabled, leave })
  return { ...draft, rulesOff: [...new Set(draft.rulesOff)].sort() }
}

interface Reading {
  readonly draft: Draft
  readonly disabled: readonly string[]
  readonly leave: Leave
}

function readAudit({ key, value }: Pair, { draft, disabled, leave }: Reading): void {
  const audit = key.text
  const map = asMapping(value)
  const ids = equivalentsOf(TOOL, [audit])
  if (ids.length === 0) leave(key, `no rule here reports what '${audit}' does`)
  for (const pair of map?.pairs ?? []) {
    if (pair.key.text === 'disable') {
      if (disabled.includes(audit)) switchOff(ids, { audit, disabled, draft, leave: (what) => { leave(key, what) } })
    } else if (pair.key.text === 'ignore') {
      for (const entry of scalarsOf(pair.value)) if (ids.length > 0) draft.suppressions.push(suppressionOf(entry.text, ids))
    } else if (pair.key.text === 'config') readConfig(audit, asMapping(pair.value), { draft, leave })
    else leave(pair.key, `'${audit}.${pair.key.text}' has no counterpart`)
  }
}

interface SwitchOff {
  readonly audit: string
  readonly disabled: readonly string[]
  readonly draft: Draft
  readonly leave: (what: string) => void
}

/** A rule that also stands for an audit that is on stays on. */
function switchOff(ids: readonly string[], { audit, disabled, draft, leave }: SwitchOff): void {
  for (const id of ids) {
    const others = ruleById(id)?.meta.equivalents[TOOL]?.filter((name) => !disabled.includes(name)) ?? []
    if (others.length === 0) draft.rulesOff.push(id)
    else leave(`'${id}' stays on: it stands for '${audit}', which is off, and for ${others.map((name) => `'${name}'`).join(', ')}`)
  }
}

/** `file.yml`, `file.yml:12` or `file.yml:12:4`; the column makes no difference here. */
function suppressionOf(entry: string, rules: readonly string[]): CarriedSuppression {
  const [path = '', line] = entry.split(':')
  return { rules, path, line: line !== undefined && /^\d+$/.test(line) ? Number(line) : null }
}

function readConfig(audit: string, config: MappingNode | null, { draft, leave }: Pick<Reading, 'draft' | 'leave'>): void {
  for (const pair of config?.pairs ?? []) {
    const name = `${audit}.${pair.key.text}`
    const days = asScalar(pair.value)?.value
    if (name === 'unpinned-uses.policies') readPins(asMapping(pair.value), { ids: equivalentsOf(TOOL, [audit]), draft, leave })
    else if (name === 'forbidden-uses.allow') draft.allowedUses.push(...scalarsOf(pair.value).map(({ text }) => text))
    else if (name === 'forbidden-uses.deny') draft.deniedUses.push(...scalarsOf(pair.value).map(({ text }) => text))
    else if (name === 'dependabot-cooldown.days' && typeof days === 'number') draft.cooldownDays = days
    else leave(pair.key, `the setting '${name}' has no counterpart`)
  }
}

/** Owners whose refs may be tags; everybody's switch the rules `ids` off. Everything pinned by hash is our default. */
function readPins(policies: MappingNode | null, { ids, draft, leave }: Pick<Reading, 'draft' | 'leave'> & { readonly ids: readonly string[] }): void {
  for (const { key, value } of policies?.pairs ?? []) {
    const pin = asScalar(value)?.text ?? ''
    const owner = /^([\w.-]+)\/\*$/.exec(key.text)?.[1]
    if (pin === 'hash-pin' && key.text === '*') continue
    if (pin === 'hash-pin') leave(key, `'${key.text}' by hash: every owner that is not trusted is`)
    else if (key.text === '*') draft.rulesOff.push(...ids)
    else if (owner !== undefined) draft.trustedOwners.push(owner)
    else leave(key, `'${key.text}' by ${pin}: only whole owners can be trusted`)
  }
}
