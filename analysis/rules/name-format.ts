// Finds ids of jobs and steps, and names of environment variables, with characters that GitHub refuses. Leaves out empty
// ids (invalid-value), ids that occur twice (duplicate-id, duplicate-key) and names given by an expression.
import type { MappingNode, ScalarNode } from '../source/node.ts'
import { asMapping, hasExpression, lookup } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

/** Identifiers of 100 characters and more are refused. */
const ID = /^[A-Za-z_][\w-]{0,98}$/
const VARIABLE = /^[^=&\s\0]+$/

export const nameFormat = defineRule({
  meta: {
    id: 'name-format',
    summary: 'Use only the characters that GitHub allows in ids and variable names',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['id', 'env-var'] },
    messages: {
      id: "'{name}' is no {what} id; it begins with a letter or '_' and has only letters, digits, '-' and '_', at most 99 of them",
      reserved: "the {what} id '{name}' begins with '__', which GitHub keeps for itself",
      variable: "'{name}' is no name of an environment variable; use letters, digits and '_', without '=', '&' and spaces",
    },
  },
  create(ctx) {
    const met = new Set<MappingNode | ScalarNode>()
    const checkId = (node: ScalarNode, what: 'job' | 'step'): void => {
      const name = node.text
      if (name === '' || name === '<<' || hasExpression(name) || met.has(node)) return
      met.add(node)
      if (!ID.test(name)) ctx.report({ message: 'id', at: node, data: { name, what } })
      else if (name.startsWith('__')) ctx.report({ message: 'reserved', at: node, data: { name, what } })
    }
    const checkEnv = (env: MappingNode | null): void => {
      if (env === null || met.has(env)) return
      met.add(env)
      for (const { key } of env.pairs) {
        if (!VARIABLE.test(key.text) && !hasExpression(key.text)) ctx.report({ message: 'variable', at: key, data: { name: key.text } })
      }
    }
    return {
      workflow({ env }) { checkEnv(env) },
      job({ key, env, container, services }) {
        checkId(key, 'job')
        checkEnv(env)
        for (const image of container === null ? services : [container, ...services]) checkEnv(asMapping(lookup(image.node, 'env')))
      },
      step({ id, env }) {
        if (id !== null) checkId(id, 'step')
        checkEnv(env)
      },
    }
  },
})
