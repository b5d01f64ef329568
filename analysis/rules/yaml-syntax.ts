// Finds text that is no YAML document, or YAML that GitHub refuses: tabs, merge keys, wrong anchors, an empty file.
// Leaves out repeated keys (duplicate-key). A file whose text cannot be read at all is reported by the engine under this id.
import type { SyntaxProblemCode } from '../source/node.ts'
import { defineRule } from './rule.ts'

/** Valid YAML that only GitHub refuses: a file of unknown kind may be for somebody else. */
const OTHERS_TAKE: ReadonlySet<SyntaxProblemCode> = new Set(['merge-key', 'several-documents', 'unused-anchor'])

export const yamlSyntax = defineRule({
  meta: {
    id: 'yaml-syntax',
    summary: 'Write YAML that GitHub can read',
    severity: 'high',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['syntax-check'] },
    messages: {
      broken: '{problem}',
      unusedAnchor: { text: '{problem}', severity: 'low' },
    },
  },
  create(ctx) {
    return {
      file({ tree, kind }) {
        for (const { code, message, start, end } of tree.problems) {
          if (code === 'duplicate-key') continue
          if (kind === 'unknown' && OTHERS_TAKE.has(code)) continue
          ctx.report({ message: code === 'unused-anchor' ? 'unusedAnchor' : 'broken', at: { start, end }, data: { problem: message } })
        }
      },
    }
  },
})
