// Compares when a workflow runs: events, and what narrows them. Patterns may be added; one that takes runs away is weaker.
import type { Trigger, Workflow } from '../workflow/workflow.ts'
import type { CompareField, Field } from './compare-fields.ts'
import type { DifferenceKind, Sides } from './difference.ts'
import { asMapping, resolve, scalarsOf } from '../workflow/nodes.ts'
import { isPrivilegedEvent } from '../workflow/outsider-run.ts'
import { canonicalText, LIST_KEYS } from './canonical-text.ts'
import { compareAs, compareDeep, compareFields, compareValue, describe, report } from './compare-fields.ts'
import { replacePair } from './restore.ts'

/** `field` is the one of `on`. */
export function compareTriggers(field: Field, expected: Workflow, found: Workflow): void {
  const { sides, place, owner } = field
  const [from, to] = [asMapping(expected.onPair?.value), asMapping(found.onPair?.value)]
  if (from !== null && to !== null) return compareFields({ sides, place, expected: from, found: to, owner: found.onPair?.key ?? owner }, { '*': compareTrigger })
  const wanted = new Map(expected.triggers.map((trigger) => [trigger.name, trigger]))
  const given = new Map(found.triggers.map((trigger) => [trigger.name, trigger]))
  for (const name of new Set([...wanted.keys(), ...given.keys()])) {
    const trigger = fieldOf(field, name, { expected: wanted.get(name), found: given.get(name), restore: () => replaceAll(field, wanted, given) })
    if (trigger.expected === null || trigger.found === null || canonicalText(trigger.expected.value) !== canonicalText(trigger.found.value)) compareTrigger(trigger)
  }
}

/** For the short forms, which have no pairs: the name stands for one. */
function fieldOf(on: Field, name: string, { expected, found, restore }: { expected: Trigger | undefined; found: Trigger | undefined; restore: Field['restore'] }): Field {
  const pairOf = (trigger: Trigger | undefined): Field['found'] => (trigger === undefined ? null : { key: trigger.node, value: trigger.value ?? NOTHING, colon: trigger.node.end })
  return { sides: on.sides, key: name, place: `${on.place}.${name}`, expected: pairOf(expected), found: pairOf(found), owner: on.found?.key ?? on.owner, restore }
}

const NOTHING = { kind: 'scalar', style: 'plain', value: null, text: '', start: 0, end: 0, anchor: null, tag: null } as const

/** The whole of `on`, as long as the file has no events of its own. */
function replaceAll({ sides, expected, found }: Field, wanted: ReadonlyMap<string, Trigger>, given: ReadonlyMap<string, Trigger>) {
  if (expected === null || found === null || [...given].some(([name, { config }]) => !wanted.has(name) || config !== null)) return null
  const edit = replacePair({ file: sides.expected, node: expected }, { file: sides.found, node: found })
  return edit && [edit]
}

const compareTrigger: CompareField = (field) => {
  const { expected, found, key, sides, place } = field
  if (found === null) return report(field, 'weakened', `the event '${key}' is missing`)
  if (expected === null) return report(field, isPrivilegedEvent(key) ? 'weakened' : 'extra', `the event '${key}' is added`)
  if (key === 'schedule') return compareItems(field)
  const [from, to] = [asMapping(expected.value), asMapping(found.value)]
  compareFields({ sides, place, expected: from, found: to, owner: found.key, restore: field.restore }, { '*': compareFilter })
}

/** A filter that only one side has, or that lacks a pattern, lets other runs happen. */
const compareFilter: CompareField = (field) => {
  const { key, expected, found } = field
  if (key === 'inputs' || key === 'outputs' || key === 'secrets') return compareDeep(compareValue)(field)
  if (!LIST_KEYS.has(key)) return compareAs('weakened')(field)
  const parameter = key.startsWith('paths') ? 'paths' : null
  const [wanted, given] = [expected, found].map((pair) => (pair === null ? null : scalarsOf(pair.value).map(({ text }) => text)))
  if (!wanted || !given) return report(field, 'weakened', describe(field), parameter)
  report(field, kindOf(key, wanted, given), describe(field), parameter)
}

function kindOf(key: string, wanted: readonly string[], given: readonly string[]): DifferenceKind {
  const isOrdered = [...wanted, ...given].some((pattern) => pattern.startsWith('!'))
  const [larger, smaller] = key.endsWith('-ignore') ? [wanted, given] : [given, wanted]
  return isOrdered || !smaller.every((pattern) => larger.includes(pattern)) ? 'weakened' : 'extra'
}

/** `schedule`: each entry counts by itself. */
function compareItems(field: Field): void {
  const items = (sides: Sides, pair: Field['found']): Set<string> => {
    const node = pair === null ? null : resolve(pair.value)
    return new Set(node?.kind === 'sequence' ? node.items.map(canonicalText) : [])
  }
  const [wanted, given] = [items(field.sides, field.expected), items(field.sides, field.found)]
  const isWhole = [...wanted].every((item) => given.has(item))
  report(field, isWhole ? 'extra' : 'weakened', isWhole ? 'times are added' : 'a time is missing')
}
