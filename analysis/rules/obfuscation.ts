// Finds what hides what it does: expressions with a constant result or part, paths of `uses` with empty or dotted parts,
// indexes that are computed, `with` given as one expression. Leaves out conditions that never change (constant-condition).
import type { EditsFix, Range } from './rule.ts'
import type { AccessExpression, Expression } from '../syntax/expression.ts'
import type { ConstantValue } from '../syntax/constant-value.ts'
import type { ExpressionSite } from '../syntax/expression-sites.ts'
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { Uses } from '../workflow/uses.ts'
import { writeConstant, writeLiteral } from '../fixes/write-constant.ts'
import { shorten } from '../shorten.ts'
import { constantOf } from '../syntax/constant-value.ts'
import { contextPath, walkExpression } from '../syntax/expression-paths.ts'
import { expressionSites } from '../syntax/expression-sites.ts'
import { asScalar, findPair, hasExpression } from '../workflow/nodes.ts'
import { plainName } from '../workflow/uses.ts'
import { defineRule } from './rule.ts'

type Plain = string | number | boolean | null

export const obfuscation = defineRule({
  meta: {
    id: 'obfuscation',
    summary: 'Write what is meant, not a riddle with the same answer',
    severity: 'low',
    confidence: 'high',
    profile: 'regular',
    fix: 'safe',
    since: '0.1.0',
    category: 'security',
    equivalents: { zizmor: ['obfuscation'] },
    messages: {
      constant: "'{expression}' is always {value}; write that",
      path: "'{name}' hides where the action stands; write '{plain}'",
      outside: "'{name}' leaves the repository that it names; write the path of the action",
      index: { text: "'{expression}' reads a property whose name is computed; name the property", profile: 'pedantic' },
      inputs: { text: 'the inputs of this step are one expression, so nobody reads here what they are; write them out', severity: 'info' },
    },
  },
  create(ctx) {
    return {
      file(file) {
        for (const site of expressionSites(file)) {
          for (const span of site.spans) {
            if (span.root === null || isPlainlyMeant(span.root)) continue
            for (const { node, value } of constantParts(span.root, site.isCondition)) {
              const at = node === span.root ? span : rangeOf(span, node)
              ctx.report({ message: 'constant', at, data: { expression: shorten(textOf(span, node)), value: quote(value) }, fix: replace(file, { site, span, node, value }) })
            }
            for (const node of computedIndexes(span.root)) {
              ctx.report({ message: 'index', at: rangeOf(span, node), data: { expression: shorten(textOf(span, node)) } })
            }
          }
        }
      },
      uses(uses) {
        if (uses.form !== 'repository') return
        const { writtenName: name } = uses
        const plain = plainName(name)
        if (plain === null) ctx.report({ message: 'outside', at: uses.node, data: { name } })
        else if (plain !== name) ctx.report({ message: 'path', at: uses.node, data: { name, plain }, fix: writePath(uses, plain) })
      },
      step({ node, with: inputs }) {
        const pair = inputs === null ? findPair(node, 'with') : undefined
        if (pair !== undefined && hasExpression(asScalar(pair.value)?.text ?? '')) ctx.report({ message: 'inputs', at: pair.key })
      },
    }
  },
})

interface ConstantPart {
  readonly node: Expression
  readonly value: Plain
}

const plain = new WeakMap<Expression, boolean>()

/** Nothing to report wherever it stands; the same expression, parsed once, stands in many places. */
function isPlainlyMeant(root: Expression): boolean {
  let isPlainRoot = plain.get(root)
  if (isPlainRoot === undefined) plain.set(root, (isPlainRoot = constantParts(root, false).length === 0 && computedIndexes(root).length === 0))
  return isPlainRoot
}

/** The outermost constant parts; a literal is one only where it is all there is. */
function constantParts(root: Expression, isCondition: boolean): readonly ConstantPart[] {
  const found: ConstantPart[] = []
  walkExpression(root, (node) => {
    if (node.kind === 'literal' && node !== root) return false
    const constant = constantOf(node)
    if (constant === null) return node.kind !== 'access' || node.index === null || node.index.kind === 'literal'
    // A whole condition is judged by constant-condition; what fromJSON gives has no plain text.
    if (node === root && isCondition) return false
    if (isPlain(constant.value) && !isParsed(node) && !isEscape(constant.value)) found.push({ node, value: constant.value })
    return false
  })
  return found
}

const isPlain = (value: ConstantValue): value is Plain => value === null || typeof value !== 'object'

const isParsed = (node: Expression): boolean => node.kind === 'call' && node.name.toLowerCase() === 'fromjson'

/** Braces for another template language can be written in no other way. */
const isEscape = (value: Plain): boolean => typeof value === 'string' && /\{\{|\}\}/.test(value)

/** Indexes into anything but `secrets`, of which overprovisioned-secrets speaks. */
function computedIndexes(root: Expression): readonly AccessExpression[] {
  const found: AccessExpression[] = []
  walkExpression(root, (node) => {
    if (node.kind === 'access' && node.index !== null && node.index.kind !== 'literal' && contextPath(node)?.[0] !== 'secrets') found.push(node)
    return true
  })
  return found
}

interface Replacement extends ConstantPart {
  readonly site: ExpressionSite
  readonly span: ExpressionSpan
}

function replace(file: PipelineFile, { site, span, node, value }: Replacement): EditsFix | null {
  const isAll = node === span.root
  const text = isAll ? writeConstant(value, site) : writeLiteral(file, site.scalar, value)
  if (text === null) return null
  const { start, end } = isAll ? span : rangeOf(span, node)
  return { kind: 'edits', safety: 'safe', description: 'Write the constant', edits: [{ start, end, text }] }
}

const rangeOf = (span: ExpressionSpan, { start, end }: Expression): Range => ({ start: span.offsetOf(start), end: span.offsetOf(end) })

const textOf = ({ text }: ExpressionSpan, { start, end }: Expression): string => text.slice(start, end)

const quote = (value: Plain): string => (typeof value === 'string' ? `the text '${shorten(value)}'` : String(value))

function writePath({ writtenName: name, refStart }: Uses, plain: string): EditsFix | null {
  if (refStart < 0) return null
  const end = refStart - 1
  return { kind: 'edits', safety: 'safe', description: 'Write the plain path', edits: [{ start: end - name.length, end, text: plain }] }
}
