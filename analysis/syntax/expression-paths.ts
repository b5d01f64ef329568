// What an expression reads: walks the tree and names context accesses. It does not say who sets a value; rules do.
import type { AccessExpression, CallExpression, ContextExpression, Expression } from './expression.ts'

/** A step of a path: a property's name in lower case, '*' for a star or a computed index. */
export type PathPart = string

export interface ContextAccess {
  /** The whole access: `github.event.issue.title`. */
  readonly node: AccessExpression | ContextExpression
  /** In lower case, the context first: ['github', 'event', 'issue', 'title']; '*' for a star or a computed index. */
  readonly path: readonly PathPart[]
}

/** Calls `visit` for each node, outermost first; what `visit` answers false to is not descended into. */
export function walkExpression(root: Expression, visit: (node: Expression) => boolean): void {
  const open: Expression[] = [root]
  for (let node = open.pop(); node; node = open.pop()) if (visit(node)) open.push(...[...childrenOf(node)].reverse())
}

/** The nodes directly below: operands, arguments, the object and the index of an access. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'literal':
    case 'context':
      return []
    case 'access':
      return node.index ? [node.object, node.index] : [node.object]
    case 'call':
      return node.args
    case 'not':
      return [node.operand]
    case 'binary':
      return [node.left, node.right]
  }
}

/** The access as a path, or null when it starts at something else than a context (`fromJSON(x).y`). */
export function contextPath(node: Expression): readonly PathPart[] | null {
  const parts: PathPart[] = []
  let at = node
  while (at.kind === 'access') {
    const { index } = at
    parts.push(index?.kind === 'literal' && index.value !== null ? String(index.value).toLowerCase() : '*')
    at = at.object
  }
  if (at.kind !== 'context') return null
  parts.push(at.name.toLowerCase())
  return parts.reverse()
}

/** Every context access at its full length, in the order of the text; those inside computed indexes too. */
export function contextAccesses(root: Expression): readonly ContextAccess[] {
  const found: ContextAccess[] = []
  walkExpression(root, (node) => {
    if (node.kind !== 'access' && node.kind !== 'context') return true
    const path = contextPath(node)
    if (!path) return true
    found.push({ node, path })
    for (let at: Expression = node; at.kind === 'access'; at = at.object) {
      if (at.index && at.index.kind !== 'literal') found.push(...contextAccesses(at.index))
    }
    return false
  })
  return found.sort((a, b) => a.node.start - b.node.start)
}

/** Every call of a function, its name compared without case, in the order of the text. */
export function findCalls(root: Expression, name: string): readonly CallExpression[] {
  const found: CallExpression[] = []
  walkExpression(root, (node) => {
    if (node.kind === 'call' && node.name.toLowerCase() === name) found.push(node)
    return true
  })
  return found
}
