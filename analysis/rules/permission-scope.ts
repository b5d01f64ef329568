// Finds permission scopes that do not exist, and accesses that a scope does not have. Leaves out values that are no text or
// empty (invalid-value), and whether a permission is needed.
import type { Permissions, PermissionScope } from '../workflow/permissions.ts'
import type { RuleContext } from './rule.ts'
import { nearMiss } from '../syntax/near-miss.ts'
import { schemaOf } from '../syntax/schema.ts'
import { asScalar, hasExpression } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const WORDS: readonly string[] = ['read-all', 'write-all']

type MessageId = 'word' | 'nearScope' | 'unknownScope' | 'access'

export const permissionScope = defineRule({
  meta: {
    id: 'permission-scope',
    summary: 'Name permission scopes and accesses that exist',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['permissions'] },
    messages: {
      word: "'{word}' is no access to all scopes; use 'read-all', 'write-all' or a map of scopes",
      nearScope: "'{scope}' is no permission scope; did you mean '{meant}'?",
      unknownScope: { text: "'{scope}' is no permission scope that this version knows; it is wrong, or newer than this version", severity: 'info', confidence: 'low' },
      access: "the scope '{scope}' has no access '{access}'; use {allowed}",
    },
  },
  create(ctx) {
    const met = new Set<Permissions['node']>()
    const check = (permissions: Permissions | null): void => {
      if (!permissions?.node || met.has(permissions.node)) return
      met.add(permissions.node)
      const { kind, word, node, scopes } = permissions
      if (kind === 'all' && word !== '' && !WORDS.includes(word) && !hasExpression(word)) ctx.report({ message: 'word', at: node, data: { word } })
      for (const scope of scopes) checkScope(ctx, scope)
    }
    return {
      workflow: ({ permissions }) => { check(permissions) },
      job: ({ permissions }) => { check(permissions) },
    }
  },
})

function checkScope(ctx: RuleContext<MessageId>, { name, key, value }: PermissionScope): void {
  if (name === '<<' || hasExpression(name)) return
  const accesses = accessesByScope()
  const allowed = accesses.get(name)
  if (allowed === undefined) {
    const meant = nearMiss(name, accesses.keys())
    if (meant === null) ctx.report({ message: 'unknownScope', at: key, data: { scope: name } })
    else ctx.report({ message: 'nearScope', at: key, data: { scope: name, meant } })
    return
  }
  const scalar = asScalar(value)
  const access = scalar?.text ?? ''
  if (scalar === null || access === '' || hasExpression(access) || allowed.includes(access)) return
  const words = allowed.map((word) => `'${word}'`)
  ctx.report({ message: 'access', at: scalar, data: { scope: name, access, allowed: [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' or ') } })
}

let known: ReadonlyMap<string, readonly string[]> | null = null

/** What GitHub's schema offers: scope -> accesses. */
const accessesByScope = (): ReadonlyMap<string, readonly string[]> => (known ??= readAccesses())

function readAccesses(): ReadonlyMap<string, readonly string[]> {
  const schema = schemaOf('workflow')
  const map = schema?.type('permissions-mapping').maps[0]
  return new Map([...(map?.properties ?? [])].map(([scope, { type }]) => [scope, schema?.type(type).constants ?? []]))
}
