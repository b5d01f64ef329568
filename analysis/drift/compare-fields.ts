// Compares two maps key by key. What a key means is its comparer's; a key without one is compared as a value.
import type { MappingNode, Pair, YamlNode } from '../source/node.ts'
import type { Range } from '../rules/rule.ts'
import type { TextEdit } from '../finding.ts'
import type { Difference, DifferenceKind, Parameter, Sides } from './difference.ts'
import { shorten } from '../shorten.ts'
import { asMapping, findPair, resolve } from '../workflow/nodes.ts'
import { canonicalValue } from './canonical-text.ts'
import { insertPair, removePair, replacePair } from './restore.ts'

/** One key of two maps; at least one of them has it. */
export interface Field {
  readonly sides: Sides
  readonly key: string
  readonly place: string
  readonly expected: Pair | null
  readonly found: Pair | null
  /** Where a missing key is reported. */
  readonly owner: Range
  readonly restore: () => readonly TextEdit[] | null
}

export type CompareField = (field: Field) => void

/** Two maps of which one may be missing. */
export interface Maps {
  readonly sides: Sides
  readonly place: string
  readonly expected: MappingNode | null
  readonly found: MappingNode | null
  readonly owner: Range
  /** Makes the whole as expected, where the found map is missing. */
  readonly restore?: () => readonly TextEdit[] | null
}

/** In the order of the expected keys, then what only the found map has; comparers see what differs. `'*'` stands for every key without a comparer. */
export function compareFields(maps: Maps, comparers: Readonly<Record<string, CompareField>> = {}): void {
  const { expected, found } = maps
  const keys = new Set([...(expected?.pairs ?? []), ...(found?.pairs ?? [])].map(({ key }) => key.text))
  for (const key of keys) {
    const field = fieldOf(maps, key)
    // An event or an input that is named and no more is there all the same.
    const isKeyEnough = maps.place === 'on' || maps.place.startsWith('on.')
    if (isSame(field) && (!isKeyEnough || (field.expected === null) === (field.found === null))) continue
    const compare = (Object.hasOwn(comparers, key) ? comparers[key] : comparers['*']) ?? compareValue
    compare(field)
  }
}

function fieldOf({ sides, place, expected: expectedMap, found: foundMap, owner, restore }: Maps, key: string): Field {
  const expected = findPair(expectedMap, key) ?? null
  const found = findPair(foundMap, key) ?? null
  const edit = (): TextEdit | null => {
    if (expected !== null && found !== null) return replacePair({ file: sides.expected, node: expected }, { file: sides.found, node: found })
    if (foundMap === null) return null
    const target = { file: sides.found, node: foundMap }
    if (expected !== null && expectedMap !== null) return insertPair({ file: sides.expected, node: expectedMap }, expected, target)
    return found === null ? null : removePair(target, found)
  }
  const restoreField = (): readonly TextEdit[] | null => {
    if (foundMap === null && restore !== undefined) return restore()
    const made = edit()
    return made && [made]
  }
  return { sides, key, place: place === '' ? key : `${place}.${key}`, expected, found, owner, restore: restoreField }
}

/** Adds a difference at the field, with the edits that undo it. */
export function report(field: Field, kind: DifferenceKind, text: string, parameter: Parameter | null = null): void {
  const at: Range = field.found === null ? field.owner : rangeOf(field.found)
  const difference: Difference = { kind, place: field.place, text, at, parameter, restore: field.restore }
  field.sides.differences.push(difference)
}

/** The pair's first line: a finding that stretches over a job says nothing. */
const rangeOf = ({ key, value }: Pair): Range => (value.kind === 'scalar' || value.kind === 'alias' ? { start: key.start, end: Math.max(key.end, value.end) } : key)

/** Another value is outdated, and so is a missing one; one of its own is extra. */
export const compareValue: CompareField = (field) => { compareAs('outdated')(field) }

/** As `compareValue`, with the kind and parameter of what differs. */
export function compareAs(kind: 'outdated' | 'weakened', parameter: Parameter | null = null): CompareField {
  return (field) => {
    if (field.expected === null) report(field, 'extra', `${quote(field.found, field.sides.found.text)} is added`, parameter)
    else report(field, kind, describe(field), parameter)
  }
}

/** Map by map down to the values, so that one changed value is one difference. */
export function compareDeep(compare: CompareField = compareValue): CompareField {
  return (field) => {
    const { sides, place, owner, restore } = field
    const [expected, found] = [field.expected?.value, field.found?.value].map((node) => (node === undefined ? null : asMapping(node)))
    if (!isMapOrAbsent(field.expected) || !isMapOrAbsent(field.found) || (!expected && !found)) return compare(field)
    compareFields({ sides, place, expected: expected ?? null, found: found ?? null, owner: field.found?.key ?? owner, restore }, { '*': compare })
  }
}

const isMapOrAbsent = (pair: Pair | null): boolean => pair === null || asMapping(pair.value) !== null

function isSame({ expected, found }: Pick<Field, 'expected' | 'found'>): boolean {
  return (expected === null ? '' : canonicalValue(expected)) === (found === null ? '' : canonicalValue(found))
}

/** "'a: 1' in place of 'a: 2'", "'a: 1' is missing". */
export function describe({ expected, found, sides }: Field): string {
  if (found === null) return `${quote(expected, sides.expected.text)} is missing`
  if (expected === null) return `${quote(found, sides.found.text)} is added`
  return `${quote(found, sides.found.text)} in place of ${quote(expected, sides.expected.text)}`
}

/** The pair as it is written, shortened. */
export const quote = (pair: Pair | null, text: string): string => (pair === null ? '' : `'${shorten(`${pair.key.text}: ${written(pair.value, text)}`)}'`)

function written(value: YamlNode, text: string): string {
  const node = resolve(value)
  if (node === null) return ''
  return node.kind === 'scalar' ? node.text : text.slice(node.start, node.end)
}
