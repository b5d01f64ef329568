// Finds the variable that brings back the commands set-env and add-path, which any line of a log can then give. Also an `env`
// that is one expression, which may hold it. Leaves out values that the runner does not read as true.
import type { MappingNode, Pair } from '../source/node.ts'
import type { EditsFix } from './rule.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import { removeLine } from '../fixes/remove-line.ts'
import { asMapping, asScalar, findPair, hasExpression } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const VARIABLE = 'ACTIONS_ALLOW_UNSECURE_COMMANDS'
const TRUE = /^\s*(?:true|\$true|1)\s*$/i

export const insecureCommands = defineRule({
  meta: {
    id: 'insecure-commands',
    summary: 'Do not bring back commands that a log line can give',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['insecure-commands'], octoscan: ['unsecure-commands'] },
    messages: {
      allowed: `${VARIABLE} lets everything that is printed set variables and the path of later steps; remove it and append to $GITHUB_ENV and $GITHUB_PATH`,
      unreadable: { text: `this env is an expression, so nobody reads here whether it sets ${VARIABLE}; write the variables out`, profile: 'auditor', confidence: 'low' },
    },
  },
  create(ctx) {
    const check = (owner: MappingNode): void => {
      const env = findPair(owner, 'env')
      if (env === undefined) return
      const map = asMapping(env.value)
      const pair = map?.pairs.find(({ key }) => key.text.toUpperCase() === VARIABLE)
      const value = asScalar(pair?.value ?? env.value)?.text ?? ''
      if (hasExpression(value)) ctx.report({ message: 'unreadable', at: env.key })
      else if (map && pair && TRUE.test(value)) ctx.report({ message: 'allowed', at: env.key, fix: removal(ctx.file, map, pair) })
    }
    return {
      workflow({ node }) { check(node) },
      job({ node }) { check(node) },
      step({ node }) { check(node) },
    }
  },
})

/** The line goes where that leaves a map; elsewhere the value becomes false. */
function removal(file: PipelineFile, map: MappingNode, pair: Pair): EditsFix {
  const { start, end } = pair.value
  const edit = removeLine(file, map, pair) ?? { start, end, text: 'false' }
  return { kind: 'edits', safety: 'unsafe', description: `Do not set ${VARIABLE}`, edits: [edit] }
}
