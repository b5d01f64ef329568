import { describe, expect, it } from 'vitest'
import type { FixSafety, Severity, TextEdit } from '../../../analysis/finding.ts'
import type { Rule, RuleMeta } from '../../../analysis/rules/rule.ts'
import type { Scope } from '../../../analysis/examine.ts'
import { examine } from '../../../analysis/examine.ts'
import { acceptProposals } from '../../../analysis/fixes/accept.ts'
import { selectProposals } from '../../../analysis/fixes/apply.ts'
import { planFixes } from '../../../analysis/fixes/plan-fixes.ts'
import { DEFAULT_POLICY } from '../../../analysis/policy/policy.ts'
import { EVERY_FIX, resolveFixes } from '../../../analysis/fixes/resolve.ts'
import { defineRule } from '../../../analysis/rules/rule.ts'
import { createPipelineFile } from '../../../analysis/workflow/pipeline-file.ts'
import { WORKFLOW_PATH, inputOf, scopeWith, stepsOf } from '../engine-input.ts'

const META: Omit<RuleMeta, 'id' | 'messages'> = {
  summary: 's', severity: 'low', confidence: 'high', profile: 'regular', fix: 'safe', since: '0', category: 'security', equivalents: {},
}

/** Reports every `run` whose text is `word`; the fix replaces it, or what `edit` says. */
function replaceRule(id: string, word: string, by: string, more: { safety?: FixSafety; severity?: Severity; edit?: (start: number) => TextEdit } = {}): Rule {
  return defineRule({
    meta: { ...META, id, severity: more.severity ?? META.severity, messages: { hit: 'hit' } },
    create: (ctx) => ({
      step({ run }) {
        if (run?.text !== word) return
        const edit = more.edit?.(run.start) ?? { start: run.start, end: run.end, text: by }
        ctx.report({ message: 'hit', at: run, fix: { kind: 'edits', safety: more.safety ?? 'safe', description: id, edits: [edit] } })
      },
    }),
  })
}

function accept(text: string, rules: readonly Rule[]) {
  const scope: Scope = scopeWith(rules, inputOf(text))
  const examination = examine(createPipelineFile(WORKFLOW_PATH, text), scope)
  const selection = selectProposals(resolveFixes(examination, scope, EVERY_FIX))
  return { selection, accepted: acceptProposals(examination, selection.chosen, scope) }
}

const text = stepsOf('- run: old', '- run: other')

describe('verification', () => {
  it.each<[string, Rule, RegExp]>([
    ['does not repair', replaceRule('no-rule', 'old', '"old"'), /would still be reported/],
    ['changes nothing', replaceRule('no-rule', 'old', 'old'), /changes nothing/],
    ['breaks the text', replaceRule('no-rule', 'old', '"never closed'), /would not parse/],
    ['only tags the value', replaceRule('no-rule', 'old', 'old', { edit: (start) => ({ start, end: start, text: '!!str ' }) }), /would still be reported/],
  ])('drops a fix that %s', (_, rule, reason) => {
    const { accepted } = accept(text, [rule])
    expect(accepted.proposals).toEqual([])
    expect(accepted.dropped.map((dropped) => dropped.reason)).toEqual([expect.stringMatching(reason)])
  })

  it('drops a fix that brings a new finding of another rule', () => {
    const { accepted } = accept(text, [replaceRule('one-rule', 'old', 'bad'), replaceRule('two-rule', 'bad', 'x')])
    expect(accepted.dropped[0]?.reason).toMatch(/new finding: two-rule/)
  })

  it('keeps the good ones of a file when one is bad', () => {
    const { accepted } = accept(stepsOf('- run: a', '- run: b', '- run: c', '- run: d'), [
      replaceRule('a-rule', 'a', 'x'), replaceRule('b-rule', 'b', '"b"'), replaceRule('c-rule', 'c', 'x'), replaceRule('d-rule', 'd', 'x'),
    ])
    expect(accepted.proposals.map(({ fix }) => fix.description)).toEqual(['a-rule', 'c-rule', 'd-rule'])
    expect(accepted.dropped).toHaveLength(1)
    expect(accepted.after?.file.text).toBe(stepsOf('- run: x', '- run: b', '- run: x', '- run: x'))
  })
})

describe('overlapping fixes', () => {
  it('gives the place to the more severe one, even if it is unsafe: what it repairs matters more', () => {
    const { selection } = accept(text, [replaceRule('safe-rule', 'old', 'y'), replaceRule('unsafe-rule', 'old', 'x', { safety: 'unsafe', severity: 'high' })])
    expect(selection.chosen.map(({ fix }) => fix.description)).toEqual(['unsafe-rule'])
  })

  it('gives the place to the safe one of two that are equally severe, and reports the loser', () => {
    const { selection } = accept(text, [replaceRule('unsafe-rule', 'old', 'x', { safety: 'unsafe' }), replaceRule('safe-rule', 'old', 'y')])
    expect(selection.chosen.map(({ fix }) => fix.description)).toEqual(['safe-rule'])
    expect(selection.losers.map(({ fix }) => fix.description)).toEqual(['unsafe-rule'])
  })

  it('counts equal edits once', () => {
    const { selection, accepted } = accept(text, [replaceRule('one-rule', 'old', 'new'), replaceRule('two-rule', 'old', 'new')])
    expect(selection.losers).toEqual([])
    expect(accepted.after?.file.text).toBe(text.replace('old', 'new'))
  })
})

describe('planFixes', () => {
  it('repairs in the same plan what its fixes leave to say of other files', () => {
    const policy = { ...DEFAULT_POLICY, profile: 'pedantic' as const }
    const files = [`${'a'.repeat(40)} # v7.0.0`, 'v3'].map((ref, index) => ({ path: `.github/workflows/${index}.yml`, text: stepsOf(`- uses: actions/checkout@${ref}`) }))
    const accepts = ({ ruleId }: { readonly ruleId: string }) => ['version-divergence', 'dead-action-runtime', 'unpinned-official-action'].includes(ruleId)
    const plan = planFixes({ input: inputOf(files, { policy }), safety: 'unsafe', accepts })
    const moved = stepsOf('- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1')
    expect(plan.files).toEqual(files.map(({ path, text }) => ({ path, before: text, after: moved })))
    expect(plan.applied.map(({ finding }) => [finding.path, finding.ruleId])).toContainEqual(['.github/workflows/0.yml', 'version-divergence'])
    expect(plan.after.findings.filter(accepts)).toEqual([])
  })

  const drifted = stepsOf('- uses: actions/checkout@v4', '- uses: actions/setup-node@v3', '  with: {registry: x}')

  it('tells what changed and why, with the findings before and after', () => {
    const plan = planFixes({ input: inputOf(drifted), safety: 'safe' })
    expect(plan.files).toMatchObject([{ path: WORKFLOW_PATH, before: drifted }])
    expect(plan.applied.map(({ finding, safety }) => [finding.ruleId, finding.start.line, safety])).toEqual([
      ['retiring-action-runtime', 7, 'safe'], ['unpinned-official-action', 7, 'safe'], ['credential-persistence', 7, 'safe'],
    ])
    expect(plan.before.findings.length - plan.after.findings.length).toBe(3)
    expect(plan.after.score.total).toBeGreaterThanOrEqual(plan.before.score.total)
    expect(plan.dropped).toEqual([])
  })

  it('repairs a misspelt key before another fix takes its name', () => {
    const misspelt = 'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    timeout-minute: 20\n    steps:\n      - run: echo\n'
    const policy = { ...DEFAULT_POLICY, profile: 'pedantic' as const, rules: { 'missing-concurrency': { enabled: false } } }
    const { files } = planFixes({ input: { ...inputOf(misspelt), policy }, safety: 'unsafe' })
    expect(files.map(({ after }) => after)).toEqual([misspelt.replace('timeout-minute:', 'timeout-minutes:')])
  })

  it('changes nothing the second time', () => {
    for (const safety of ['safe', 'unsafe'] as const) {
      const after = planFixes({ input: inputOf(drifted), safety }).files[0]?.after ?? ''
      expect(planFixes({ input: inputOf(after), safety }).files).toEqual([])
    }
  })

  it('repairs only what is accepted, and nothing that is suppressed', () => {
    expect(planFixes({ input: inputOf(drifted), safety: 'safe', accepts: ({ ruleId }) => ruleId === 'missing-timeout' }).files).toEqual([])
    const suppressed = stepsOf('- uses: actions/checkout@v4 # autodevops: ignore[unpinned-official-action, retiring-action-runtime, credential-persistence] by=@a we know')
    expect(planFixes({ input: inputOf(suppressed), safety: 'unsafe' }).files).toEqual([])
  })

  it('accepts a milder finding that a fix uncovers', () => {
    const plan = planFixes({ input: inputOf(stepsOf('- uses: action/checkout@v7')), safety: 'unsafe', accepts: ({ ruleId }) => ruleId === 'typosquat-action' })
    expect(plan.files[0]?.after).toContain('uses: actions/checkout@v7')
    expect(plan.after.findings.some(({ ruleId }) => ruleId === 'credential-persistence')).toBe(true)
  })

  it('leaves an unreadable file alone', () => {
    expect(planFixes({ input: inputOf([{ path: WORKFLOW_PATH, text: `${drifted}  }` }, { path: 'x.yml', error: 'gone' }]), safety: 'unsafe' }).files).toEqual([])
  })
})
