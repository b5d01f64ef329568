// Finds branch, tag, path and version filters that are no pattern, or that name what git or a repository cannot have.
// Leaves out what a filter matches, empty filters (invalid-value), and filters that the event does not have (event-config).
import type { ScalarNode } from '../source/node.ts'
import type { GlobKind } from '../syntax/glob.ts'
import type { RuleContext, Range } from './rule.ts'
import { globProblems } from '../syntax/glob.ts'
import { asMapping, asScalar, hasExpression, lookup, scalarsOf } from '../workflow/nodes.ts'
import { defineRule } from './rule.ts'

const KINDS: Readonly<Record<string, GlobKind>> = {
  'branches': 'ref', 'branches-ignore': 'ref', 'tags': 'ref', 'tags-ignore': 'ref', 'paths': 'path', 'paths-ignore': 'path', 'versions': 'version',
}

export const globPattern = defineRule({
  meta: {
    id: 'glob-pattern',
    summary: 'Write filters that can match',
    severity: 'medium',
    confidence: 'high',
    profile: 'regular',
    fix: 'none',
    since: '0.1.0',
    category: 'reliability',
    equivalents: { actionlint: ['glob'] },
    messages: {
      broken: "the pattern '{pattern}' {problem}",
      idle: { text: "the pattern '{pattern}' {problem}", severity: 'low' },
    },
  },
  create(ctx) {
    const met = new Set<ScalarNode>()
    const check = (node: ScalarNode, kind: GlobKind): void => {
      const pattern = node.text
      if (pattern === '' || met.has(node) || hasExpression(pattern)) return
      met.add(node)
      for (const problem of globProblems(pattern, kind)) {
        const { text, isIdle } = problem
        ctx.report({ message: isIdle ? 'idle' : 'broken', at: placeOf(ctx, node, problem), data: { pattern: pattern.trimEnd() || pattern, problem: text }, identity: `${pattern} ${text}` })
      }
    }
    return {
      workflow({ triggers }) {
        for (const { config } of triggers) {
          for (const { key, value } of config?.pairs ?? []) {
            const kind = KINDS[key.text]
            if (kind !== undefined) for (const node of scalarsOf(value)) check(node, kind)
          }
        }
      },
      job({ node }) {
        const version = asScalar(lookup(asMapping(lookup(node, 'snapshot')), 'version'))
        if (version !== null) check(version, 'version')
      },
    }
  },
})

/** The part in question where the pattern stands in the file letter by letter, else the whole value, on its first line. */
function placeOf({ file }: RuleContext, { style, start, end, text }: ScalarNode, part: Range): Range {
  const from = style === 'plain' ? start : start + 1
  if (style !== 'literal' && style !== 'folded' && file.text.startsWith(text, from)) return { start: from + part.start, end: from + part.end }
  return { start, end: Math.min(end, file.lines.lineEnd(file.lines.lineOf(start))) }
}
