// Which context values can come out of an expression: conditions and comparisons read values, but let none of them out.
import type { Expression } from '../syntax/expression.ts'

export interface OutgoingPath {
  /** In lower case, the context first; '*' for a star or a computed index. */
  readonly path: readonly string[]
  /** Printed as JSON, so an object comes out with everything below it. */
  readonly isJson: boolean
}

const NONE: readonly OutgoingPath[] = []

/** In the order in which the expression reads them; empty when only literals and truth values come out. */
export function outgoingPaths(root: Expression): readonly OutgoingPath[] {
  return ofNode(root, false)
}

function ofNode(node: Expression, isJson: boolean): readonly OutgoingPath[] {
  switch (node.kind) {
    case 'literal': case 'not': return NONE
    case 'context': case 'access': return pathsOf(node).map((path) => ({ path, isJson }))
    case 'binary':
      if (node.operator === '&&') return ofNode(node.right, isJson)
      return node.operator === '||' ? [...ofNode(node.left, isJson), ...ofNode(node.right, isJson)] : NONE
    case 'call': return ofCall(node.name.toLowerCase(), node.args, isJson)
  }
}

function ofCall(name: string, args: readonly Expression[], isJson: boolean): readonly OutgoingPath[] {
  switch (name) {
    case 'format': case 'join': case 'fromjson': return args.flatMap((argument) => ofNode(argument, isJson))
    case 'tojson': return args.flatMap((argument) => ofNode(argument, true))
    // case(condition, value, condition, value, default): conditions never come out.
    case 'case': return args.flatMap((argument, index) => (index % 2 === 1 || index === args.length - 1 ? ofNode(argument, isJson) : NONE))
    default: return NONE
  }
}

/** The paths that an access can mean: `(a || b).c` means a.c and b.c; what a function returned keeps the paths of its arguments. */
function pathsOf(node: Expression): readonly (readonly string[])[] {
  switch (node.kind) {
    case 'context': return [[node.name.toLowerCase()]]
    case 'access': {
      const { index } = node
      const part = index?.kind === 'literal' && index.value !== null ? String(index.value).toLowerCase() : '*'
      return pathsOf(node.object).map((path) => [...path, part])
    }
    case 'binary': return node.operator === '&&' ? pathsOf(node.right) : [...pathsOf(node.left), ...pathsOf(node.right)]
    case 'call': return node.name.toLowerCase() === 'fromjson' ? node.args.flatMap(pathsOf) : []
    default: return []
  }
}
