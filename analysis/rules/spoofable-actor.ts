// Finds conditions that trust a bot by who acted last. Anyone can make a bot act on their pull request, or push to it after the bot
// did. Leaves out comparisons that only skip, and workflows that no outsider can start.
import type { Expression } from '../syntax/expression.ts'
import type { ExpressionSite } from '../syntax/expression-sites.ts'
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import type { EditsFix } from './rule.ts'
import { contextPath } from '../syntax/expression-paths.ts'
import { expressionSites } from '../syntax/expression-sites.ts'
import { defineRule } from './rule.ts'

/** Events that people without write access cause; of a called workflow the callers are not all known. */
const FOREIGN: ReadonlySet<string> = new Set([
  'pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment', 'issue_comment', 'issues', 'discussion',
  'discussion_comment', 'workflow_run', 'check_run', 'check_suite', 'status', 'fork', 'watch', 'workflow_call',
])
const WITH_AUTHOR: ReadonlySet<string> = new Set(['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment'])
const ACTOR = /^github\.(?:actor|triggering_actor|event\.(?:pull_request\.)?sender\.login|event\.workflow_run\.(?:actor|triggering_actor)\.login)$/
const ACTOR_ID = /^github\.(?:actor_id|event\.(?:pull_request\.)?sender\.id)$/
/** dependabot[bot], dependabot-preview[bot], renovate[bot], github-actions[bot]. */
const BOT_IDS: ReadonlySet<string> = new Set(['49699333', '27856297', '29139614', '41898282'])
const PARTIAL = new Set(['contains', 'startswith', 'endswith'])

interface Check {
  /** The access that names the actor. */
  readonly actor: Expression
  readonly name: string
  readonly bot: string
  readonly decidesAlone: boolean
}

export const spoofableActor = defineRule({
  meta: {
    id: 'spoofable-actor',
    summary: 'Recognise a bot by what it wrote, not by who acted last',
    severity: 'high',
    confidence: 'medium',
    profile: 'regular',
    fix: 'unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['bot-conditions'], poutine: ['confused_deputy_auto_merge'], octoscan: ['bot-check'], codeql: ['SpoofableActorCheck'] },
    messages: {
      trusted: "'{name}' is who acted last, and anyone can make {bot} act on their own change; compare the author of the pull request or comment",
    },
  },
  create(ctx) {
    return {
      file(file) {
        if (!/actor|sender/i.test(file.text)) return
        const triggers = file.workflow?.triggers.map(({ name }) => name) ?? null
        if (triggers?.some((name) => FOREIGN.has(name)) === false) return
        for (const site of expressionSites(file)) {
          if (!site.isCondition) continue
          for (const span of site.spans) {
            for (const check of span.root === null ? [] : checksIn(span.root, { isAlone: true, isNegated: false })) {
              const confidence = check.decidesAlone ? 'high' : 'medium'
              const at = { start: span.offsetOf(check.actor.start), end: span.offsetOf(check.actor.end) }
              ctx.report({ message: 'trusted', at, data: { name: check.name, bot: check.bot }, confidence, fix: fixFor(check, { site, span, triggers }) })
            }
          }
        }
      },
    }
  },
})

interface Place {
  readonly isAlone: boolean
  readonly isNegated: boolean
}

function checksIn(node: Expression, { isAlone, isNegated }: Place): readonly Check[] {
  switch (node.kind) {
    case 'binary': {
      if (node.operator === '&&' || node.operator === '||') {
        // Of alternatives each one opens the door; of demands none does it alone.
        const below = { isNegated, isAlone: isAlone && node.operator === '||' }
        return [...checksIn(node.left, below), ...checksIn(node.right, below)]
      }
      if (node.operator !== (isNegated ? '!=' : '==')) return []
      return check(node.left, node.right, isAlone) ?? check(node.right, node.left, isAlone) ?? []
    }
    case 'not': return checksIn(node.operand, { isAlone, isNegated: !isNegated })
    case 'call': {
      const [first, second] = node.args
      if (isNegated || first === undefined || second === undefined || !PARTIAL.has(node.name.toLowerCase())) return []
      // A list of names and the actor in it, or a part of the actor's own name.
      return check(first, second, isAlone) ?? (node.name.toLowerCase() === 'contains' ? check(second, first, isAlone) : null) ?? []
    }
    default: return []
  }
}

function check(actor: Expression, other: Expression, decidesAlone: boolean): readonly Check[] | null {
  const name = contextPath(actor)?.join('.') ?? ''
  const bot = ACTOR.test(name) ? botIn(other) : ACTOR_ID.test(name) && other.kind === 'literal' && BOT_IDS.has(String(other.value)) ? `the bot ${String(other.value)}` : null
  return bot === null ? null : [{ actor, name, bot, decidesAlone }]
}

/** A literal, or the first of a literal list, that names a bot. */
function botIn(node: Expression): string | null {
  if (node.kind === 'literal') {
    const name = /[\w-]*\[bot\]|^(?:dependabot|renovate)\b[\w-]*$/i.exec(String(node.value))?.[0]
    return name === undefined ? null : name === '[bot]' ? 'a bot' : name
  }
  if (node.kind !== 'call') return null
  return node.args.map(botIn).find((name) => name !== null) ?? null
}

/** Only where every event carries a pull request, and the name stands in the text letter by letter. */
function fixFor({ actor, name }: Check, { site, span, triggers }: { site: ExpressionSite; span: ExpressionSpan; triggers: readonly string[] | null }): EditsFix | null {
  if (triggers === null || triggers.length === 0 || !triggers.every((trigger) => WITH_AUTHOR.has(trigger))) return null
  const [start, end] = [span.offsetOf(actor.start), span.offsetOf(actor.end)]
  const author = `github.event.pull_request.user.${ACTOR_ID.test(name) ? 'id' : 'login'}`
  if (end - start !== actor.end - actor.start || end > site.scalar.end) return null
  return { kind: 'edits', safety: 'unsafe', description: `Compare ${author} instead of ${name}`, edits: [{ start, end, text: author }] }
}
