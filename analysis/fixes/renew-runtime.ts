// The edit that moves an action of the repository itself to the runtime that runners have.
import type { EditsFix } from '../rules/rule.ts'
import type { ScalarNode } from '../source/node.ts'

/** Unsafe: the code must be tried on it. Null where the value cannot be spliced. */
export function renewRuntime(using: ScalarNode, text: string): EditsFix | null {
  const start = text.indexOf(using.text, using.start)
  const end = start + using.text.length
  if (start === -1 || end > using.end) return null
  return { kind: 'edits', safety: 'unsafe', description: "run this action on 'node24'", edits: [{ start, end, text: 'node24' }] }
}
