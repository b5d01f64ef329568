// The edit that gives an action's input a value: replaced where it stands, else added to `with`, which is added where it is missing.
import type { TextEdit } from '../finding.ts'
import type { Step } from '../workflow/step.ts'
import { indentOf, insertBefore, insertBelow, isOneLine } from '../workflow/insert-lines.ts'
import { findPair } from '../workflow/nodes.ts'

/** `value` is YAML text, quoted where it must be. Null in flow maps, behind aliases, and for values of several lines. */
export function setInput(step: Step, name: string, value: string): TextEdit | null {
  const { file, uses } = step
  const indent = indentOf(file, step.node)
  if (uses === null || indent === null) return null
  const pair = findPair(step.node, 'with')
  if (pair === undefined) {
    return isOneLine(file, uses.pair) ? insertBelow(file, uses.node.end, { indent, lines: ['with:', `  ${name}: ${value}`] }) : null
  }
  const map = step.with
  const first = map?.pairs[0]
  if (pair.value.kind !== 'mapping' || map === null || first === undefined || map.flow) return null
  const old = map.pairs.find(({ key }) => key.text.toLowerCase() === name.toLowerCase())
  if (old === undefined) return insertBefore(file, first, [`${name}: ${value}`])
  const { value: node } = old
  if (node.kind !== 'scalar' || node.anchor !== null || node.tag !== null || !isOneLine(file, old)) return null
  return { start: node.start, end: node.end, text: node.start === node.end ? ` ${value}` : value }
}
