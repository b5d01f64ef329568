// Words for values: what was found and what a type asks for, as the messages of the schema rules say them.
import type { MappingNode, ScalarNode, SequenceNode } from '../source/node.ts'
import { nearMiss } from './near-miss.ts'
import type { Bound, Type } from './schema.ts'

const MAX_QUOTED = 40
const MAX_LISTED = 12
const BOOLEAN_WORDS: Readonly<Record<string, string>> = { yes: 'true', on: 'true', y: 'true', no: 'false', off: 'false', n: 'false' }

export function describeFound(node: MappingNode | SequenceNode | ScalarNode): string {
  if (node.kind === 'mapping') return node.pairs.length === 0 ? 'an empty map' : 'a map'
  if (node.kind === 'sequence') return node.items.length === 0 ? 'an empty list' : 'a list'
  if (node.text === '') return 'empty'
  const kind = typeof node.value === 'string' ? 'text ' : ''
  return `${kind}'${shorten(node.text)}'`
}

/** `filled`: whether what stands there has to say something, which is not told of values that fail for another reason. */
export function describeExpected(type: Type, filled = type.filled): string {
  const parts: string[] = []
  if (type.constants.length > 0) parts.push(listWords(type.constants))
  if (type.text !== 'none') parts.push(type.text === 'filled' || filled ? 'text that is not empty' : 'text')
  if (type.number && type.text === 'none') parts.push('a number')
  if (type.boolean && type.text === 'none') parts.push('true or false')
  if (type.items !== null) parts.push(filled ? 'a list that is not empty' : 'a list')
  if (type.maps.length > 0) parts.push(filled ? 'a map that is not empty' : 'a map')
  if (type.nothing) parts.push('nothing')
  return parts.join(' or ')
}

export function describeBound({ integer, above }: Bound): string {
  return integer ? `a whole number of at least ${above + 1}` : `a number above ${above}`
}

/** What to write instead of a scalar, with a leading separator; '' when that is not clear. */
export function hintFor(node: ScalarNode, type: Type): string {
  const quoted = node.style === 'single' || node.style === 'double'
  if (type.boolean && (node.text === 'true' || node.text === 'false')) return `; write ${node.text} without quotes`
  const word = BOOLEAN_WORDS[node.text.toLowerCase()]
  if (type.boolean && word !== undefined) return `; write ${word}`
  if (type.number && quoted && node.text.trim() !== '' && Number.isFinite(Number(node.text))) return `; write ${node.text} without quotes`
  const meant = nearMiss(node.text, type.constants)
  return meant === null ? '' : `; did you mean '${meant}'?`
}

function listWords(words: readonly string[]): string {
  const shown = words.slice(0, MAX_LISTED).map((word) => `'${word}'`)
  if (words.length > MAX_LISTED) shown.push(`one of ${words.length - MAX_LISTED} more`)
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1) ?? ''}`
}

const shorten = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED)}…` : line
}
