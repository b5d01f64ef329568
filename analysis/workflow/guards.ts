// What a condition demands before a step runs on an event: that the person is trusted, that the code is the repository's own, that
// somebody put a label on it. Reads conjunctions and disjunctions; what it does not understand demands nothing.
import type { Expression } from '../syntax/expression.ts'
import type { ScalarNode } from '../source/node.ts'
import { parseExpression } from '../syntax/expression.ts'
import { expressionsInCondition } from '../syntax/expression-spans.ts'

/**
 * 'never' the event cannot get here; 'own' the code is the repository's own or merged; 'person' a trusted person started it;
 * 'label' a label that stays; 'labelled' the label that was put on just now; 'approval' an environment with its own rules.
 */
export type Guard = 'never' | 'own' | 'person' | 'label' | 'labelled' | 'approval'
export type Guards = ReadonlySet<Guard>

export const NO_GUARDS: Guards = new Set()

const OWN_REPOSITORY = /^github\.event\.(?:pull_request\.head\.repo|workflow_run\.head_repository)\.(?:full_name|id|owner\.login|owner\.id|owner)$/
const BASE_REPOSITORY = /^github\.(?:repository|repository_id|repository_owner|repository_owner_id|event\.repository\.(?:full_name|id|owner\.login)|event\.pull_request\.base\.repo\.(?:full_name|id|owner\.login))$/
const FORK = /^github\.event\.(?:pull_request\.head\.repo|workflow_run\.head_repository)\.fork$/
const ASSOCIATION = '.author_association'
const PERSON = /^github\.(?:actor|triggering_actor|actor_id|event\.(?:sender|(?:comment|pull_request|issue|review|discussion)\.user|workflow_run\.(?:actor|triggering_actor))\.(?:login|id))$/
const TRUSTED_ASSOCIATION = /^(?:owner|member|collaborator)$/i
/** Events of a triggering run that only writers start. */
const WRITERS_EVENTS: ReadonlySet<string> = new Set(['push', 'schedule', 'workflow_dispatch', 'release', 'merge_group', 'create', 'deployment', 'repository_dispatch'])

/** What an `if` demands when the run was started by `event`. */
export function guardsOf(source: string, condition: ScalarNode | null, event: string): Guards {
  if (condition === null) return NO_GUARDS
  const spans = expressionsInCondition(source, condition)
  // Text outside the braces makes the condition always true.
  const [only] = spans
  if (spans.length !== 1 || only === undefined || condition.text.includes('${{') !== /^\s*\$\{\{[\s\S]*\}\}\s*$/.test(condition.text)) return NO_GUARDS
  // Double quotes are a mistake that says plainly enough what was meant.
  const root = only.root ?? parseExpression(only.text.replaceAll('"', "'")).root
  return root === null ? NO_GUARDS : demanded(root, event)
}

export function mergeGuards(all: readonly Guards[]): Guards {
  return all.every((guards) => guards.size === 0) ? NO_GUARDS : new Set(all.flatMap((guards) => [...guards]))
}

const one = (guard: Guard): Guards => new Set([guard])

function demanded(node: Expression, event: string): Guards {
  switch (node.kind) {
    case 'binary':
      if (node.operator === '&&') return mergeGuards([demanded(node.left, event), demanded(node.right, event)])
      if (node.operator === '||') return either(demanded(node.left, event), demanded(node.right, event))
      return node.operator === '==' || node.operator === '!=' ? compared(node, event) : NO_GUARDS
    case 'not': return FORK.test(pathOf(node.operand)) ? one('own') : NO_GUARDS
    case 'call': return node.name.toLowerCase() === 'contains' ? contained(node.args) : NO_GUARDS
    case 'access': return pathOf(node).endsWith('.pull_request.merged') ? one('own') : NO_GUARDS
    case 'literal': return node.value === false ? one('never') : NO_GUARDS
    default: return NO_GUARDS
  }
}

function either(left: Guards, right: Guards): Guards {
  if (left.has('never')) return right
  if (right.has('never')) return left
  const weak = (guards: Guards): Guards => (guards.has('labelled') ? new Set([...guards, 'label' as const]) : guards)
  return new Set([...weak(left)].filter((guard) => weak(right).has(guard)))
}

function compared({ left, right, operator }: Extract<Expression, { kind: 'binary' }>, event: string): Guards {
  const isEqual = operator === '=='
  const [path, other] = pathOf(left) === '' ? [pathOf(right), left] : [pathOf(left), right]
  const value = other.kind === 'literal' ? String(other.value) : null
  if (path === 'github.event_name') return value !== null && (value.toLowerCase() === event) !== isEqual ? one('never') : NO_GUARDS
  if (path === 'github.event.workflow_run.event') {
    return event === 'workflow_run' && value !== null && (isEqual ? WRITERS_EVENTS.has(value.toLowerCase()) : value === 'pull_request') ? one('own') : NO_GUARDS
  }
  if (FORK.test(path)) return (value === 'false') === isEqual && value !== null ? one('own') : NO_GUARDS
  if (!isEqual) return NO_GUARDS
  if (OWN_REPOSITORY.test(path) && (BASE_REPOSITORY.test(pathOf(other)) || value !== null)) return one('own')
  if (BASE_REPOSITORY.test(path) && OWN_REPOSITORY.test(pathOf(other))) return one('own')
  if (path.endsWith('.pull_request.merged')) return value === 'true' ? one('own') : NO_GUARDS
  if (value === null) return PERSON.test(path) && pathOf(other).startsWith("vars.") ? one('person') : NO_GUARDS
  if (path.endsWith(ASSOCIATION)) return TRUSTED_ASSOCIATION.test(value) ? one('person') : NO_GUARDS
  if (path === 'github.event.label.name') return one('labelled')
  if (/^github\.event\.(?:pull_request|issue)\.labels\./.test(path)) return one('label')
  // Bots act on an outsider's word, so their names prove nothing.
  return PERSON.test(path) && !/\[bot\]$/i.test(value) ? one('person') : NO_GUARDS
}

function contained([list, item]: readonly Expression[]): Guards {
  if (list === undefined || item === undefined) return NO_GUARDS
  const path = pathOf(item)
  if (/^github\.event\.(?:pull_request|issue)\.labels\b/.test(pathOf(list))) return one('label')
  if (path.endsWith(ASSOCIATION)) return /none|contributor|first/i.test(literalsIn(list).replace(/collaborator/gi, '')) ? NO_GUARDS : one('person')
  return PERSON.test(path) && !/\[bot\]/i.test(literalsIn(list)) ? one('person') : NO_GUARDS
}

function literalsIn(node: Expression): string {
  if (node.kind === 'literal') return String(node.value)
  return node.kind === 'call' ? node.args.map(literalsIn).join(' ') : ''
}

/** `github.event.label.name`, in lower case; '' for what is no plain access. */
function pathOf(node: Expression): string {
  if (node.kind === 'context') return node.name.toLowerCase()
  if (node.kind !== 'access') return ''
  const object = pathOf(node.object)
  if (object === '') return ''
  return `${object}.${node.index?.kind === 'literal' ? String(node.index.value).toLowerCase() : '*'}`
}
