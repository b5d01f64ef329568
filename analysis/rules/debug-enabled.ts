// Finds the runner's and the steps' debug variable switched on in a file, where they stay on and fill the log of every run.
// Leaves out values that an expression decides.
import type { MappingNode, Pair } from '../source/node.ts'
import type { EditsFix } from './rule.ts'
import { removeLine } from '../fixes/remove-line.ts'
import { asMapping, asScalar, findPair } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const VARIABLES = new Set(['ACTIONS_RUNNER_DEBUG', 'ACTIONS_STEP_DEBUG'])

export const debugEnabled = defineRule({
  meta: {
    id: 'debug-enabled',
    summary: 'Keep debug logging out of the file',
    severity: 'low',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe',
    since: '0.1.0',
    category: 'security',
    equivalents: { poutine: ['debug_enabled'] },
    messages: { enabled: "'{name}' is on in every run, and its log shows more than a log should; remove it, and set it as a variable of the repository while it is needed" },
  },
  create(ctx) {
    const check = (owner: MappingNode): void => {
      const env = findPair(owner, 'env')
      const map = env === undefined ? null : asMapping(env.value)
      if (env === undefined || map === null) return
      for (const pair of map.pairs) {
        if (!VARIABLES.has(pair.key.text) || !/^(?:true|1)$/i.test(asScalar(pair.value)?.text.trim() ?? '')) continue
        ctx.report({ message: 'enabled', at: pair.key, data: { name: pair.key.text }, fix: remove({ owner, env, map, pair }) })
      }
    }
    return {
      workflow({ node }) { check(node) },
      job({ node }) { check(node) },
      step({ node }) { check(node) },
    }

    /** A script that reads the variable would notice. */
    function remove({ owner, env, map, pair }: { owner: MappingNode; env: Pair; map: MappingNode; pair: Pair }): EditsFix | null {
      const { file } = ctx
      if (env.value.kind === 'alias' || file.text.split(pair.key.text).length > 2) return null
      const edit = map.pairs.length > 1 ? removeLine(file, map, pair) : removeBlock(owner, env, pair)
      return edit && { kind: 'edits', safety: 'safe', description: `remove ${pair.key.text}`, edits: [edit] }
    }

    /** The whole `env`, when nothing else is in it. */
    function removeBlock(owner: MappingNode, env: Pair, pair: Pair): EditsFix['edits'][number] | null {
      const { lines, text } = ctx.file
      const [first, last] = [lines.lineOf(env.key.start), lines.lineOf(Math.max(pair.value.end, pair.key.end))]
      const block = text.slice(lines.lineStart(first), lines.lineEnd(last))
      const isPlain = /^[ \t]*env:[ \t]*\r?\n[ \t]*\w+:[ \t]*["']?\w+["']?[ \t]*$/.test(block)
      if (!isPlain || owner.pairs.length < 2 || last >= lines.lineCount) return null
      return { start: lines.lineStart(first), end: lines.lineStart(last + 1), text: '' }
    }
  },
})
