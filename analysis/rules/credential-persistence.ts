// Finds checkouts that leave the token on the disk, where every later step can read it. Leaves out `persist-credentials: false`.
import type { EditsFix } from './rule.ts'
import type { Repository } from '../workflow/repository.ts'
import type { Severity, TextEdit } from '../finding.ts'
import type { Step } from '../workflow/step.ts'
import { needsNoGit } from '../permissions/git-needs.ts'
import { indentOf, insertBefore, insertBelow, isOneLine } from '../workflow/insert-lines.ts'
import { asScalar, findPair, hasExpression } from '../workflow/nodes.ts'
import { inputOf } from '../workflow/step-input.ts'
import { pushOf } from '../workflow/pushing-step.ts'
import { stepsAfter } from '../workflow/step.ts'
import { tokenLeftBy, uploadOf } from '../workflow/uploaded-paths.ts'
import { defineRule } from './rule.ts'

const INPUT = 'persist-credentials'
const RAISED: Readonly<Record<string, Severity>> = { low: 'medium', medium: 'high' }

export const credentialPersistence = defineRule({
  meta: {
    id: 'credential-persistence',
    summary: 'Leave no token on the disk after a checkout',
    severity: 'medium',
    confidence: 'low',
    profile: 'regular',
    fix: 'safe or unsafe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['artipacked'], ghalint: ['checkout_persist_credentials_should_be_false'] },
    messages: {
      left: "this checkout leaves its token on the disk, where everything that later steps run can read it; set 'persist-credentials: false'",
      uploaded: {
        text: "this checkout leaves its token on the disk, and the step on line {line} uploads it; set 'persist-credentials: false'",
        confidence: 'high',
      },
      chosen: { text: "'persist-credentials: true' leaves the token on the disk, where everything that later steps run can read it", profile: 'auditor' },
      kept: {
        text: 'the push on line {line} takes the token of its own that this checkout leaves on the disk, where everything that runs in between can read it; hand it to the push alone',
        profile: 'auditor',
      },
      computed: { text: "an expression decides whether this checkout leaves its token on the disk; set 'persist-credentials: false'", profile: 'pedantic' },
      unreadable: {
        text: 'the inputs of this checkout are one expression, so nobody reads here whether it leaves its token on the disk',
        severity: 'info', confidence: 'high', profile: 'pedantic',
      },
    },
  },
  create(ctx) {
    return {
      uses(uses) {
        const { step } = uses
        if (step === null || uses.name.toLowerCase() !== 'actions/checkout') return
        const at = uses.node
        if (step.with === null && hasExpression(asScalar(findPair(step.node, 'with')?.value)?.text ?? '')) {
          ctx.report({ message: 'unreadable', at })
          return
        }
        const input = inputOf(step, INPUT)?.text ?? null
        if (input === 'false') return
        const left = tokenLeftBy(step, uses)
        const severity = left.isTemporary ? 'low' : 'medium'
        const later = stepsAfter(step)
        if (input !== null && hasExpression(input)) {
          ctx.report({ message: 'computed', at, severity })
          return
        }
        const lineOf = ({ node }: Step): { line: number } => ({ line: ctx.file.lines.lineOf(node.start) })
        const upload = uploadOf(later, left)
        const push = pushOf(step, later)
        const fix = push === undefined ? fixFor(step, later, ctx.repository) : null
        if (upload !== undefined) ctx.report({ message: 'uploaded', at, severity: RAISED[severity] ?? severity, data: lineOf(upload), fix })
        else if (push !== undefined) ctx.report({ message: 'kept', at, severity, data: lineOf(push) })
        else ctx.report({ message: input === null ? 'left' : 'chosen', at, severity, fix })
      },
    }
  },
})

function fixFor(step: Step, later: readonly Step[], repository: Repository): EditsFix | null {
  const edit = editOf(step)
  if (edit === null) return null
  const isSafe = step.job !== null && later.every((other) => needsNoGit(other, repository))
  return { kind: 'edits', safety: isSafe ? 'safe' : 'unsafe', description: `Set ${INPUT}: false`, edits: [edit] }
}

function editOf({ file, node, with: inputs, uses }: Step): TextEdit | null {
  const pair = findPair(node, 'with')
  const line = `${INPUT}: false`
  if (pair === undefined) {
    const indent = indentOf(file, node)
    if (indent === null || uses === null || !isOneLine(file, uses.pair)) return null
    return insertBelow(file, uses.node.end, { indent, lines: ['with:', `  ${line}`] })
  }
  // An alias is shared with other steps.
  if (inputs === null || pair.value !== inputs) return null
  const value = inputs.pairs.find(({ key }) => key.text.toLowerCase() === INPUT)?.value
  const first = inputs.pairs[0]
  if (value !== undefined) return value.kind === 'scalar' ? { start: value.start, end: value.end, text: 'false' } : null
  if (first === undefined) return null
  return inputs.flow ? { start: first.key.start, end: first.key.start, text: `${line}, ` } : insertBefore(file, first, [line])
}
