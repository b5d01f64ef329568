import { describe, expect, it } from 'vitest'
import { examine } from '../../analysis/examine.ts'
import { defineRule } from '../../analysis/rules/rule.ts'
import type { Rule, RuleMeta, Visitor } from '../../analysis/rules/rule.ts'
import { createPipelineFile } from '../../analysis/workflow/pipeline-file.ts'
import { WORKFLOW_PATH, inputOf, scopeWith, stepsOf } from './engine-input.ts'

const META: Omit<RuleMeta, 'id' | 'messages'> = {
  summary: 's', severity: 'low', confidence: 'high', profile: 'regular', fix: 'none', since: '0', category: 'security', equivalents: {},
}
const ruleOf = (id: string, create: Rule['create']): Rule => defineRule({ meta: { ...META, id, messages: { hit: "it is '{what}'" } }, create })
const text = stepsOf('- run: a', '- run: b', '- run: b')
const run = (rules: readonly Rule[]) => examine(createPipelineFile(WORKFLOW_PATH, text), scopeWith(rules, inputOf(text)))

describe('a rule that throws', () => {
  const good = ruleOf('good-rule', (ctx) => ({ step: ({ node }) => { ctx.report({ message: 'hit', at: node, data: { what: 'x' } }) } }))

  it.each<[string, (boom: () => never) => Visitor]>([
    ['in its visitor', (boom) => ({ step: boom })],
    ['at the end', (boom) => ({ end: boom })],
    ['over suppressions', (boom) => ({ suppressions: boom })],
  ])('is reported once when it fails %s, and the others still speak', (_, visitor) => {
    const bad = ruleOf('bad-rule', () => visitor(() => { throw new Error('out of order') }))
    const { failures, candidates } = run([bad, good])
    expect(failures).toEqual([{ ruleId: 'bad-rule', path: WORKFLOW_PATH, error: 'out of order' }])
    expect(candidates.map(({ finding }) => finding.ruleId)).toEqual(['good-rule', 'good-rule', 'good-rule'])
  })

  it('is reported when it fails at its creation', () => {
    expect(run([ruleOf('bad-rule', () => { throw new Error('no') }), good]).failures).toMatchObject([{ ruleId: 'bad-rule', error: 'no' }])
  })
})

it('visits file, workflow, jobs, steps and uses in document order, then the end', () => {
  const calls: string[] = []
  const rule = ruleOf('order-rule', () => ({
    file: () => { calls.push('file') },
    workflow: () => { calls.push('workflow') },
    job: ({ id }) => { calls.push(`job ${id}`) },
    step: ({ index }) => { calls.push(`step ${index}`) },
    uses: ({ text: uses }) => { calls.push(`uses ${uses}`) },
    end: () => { calls.push('end') },
  }))
  const source = stepsOf('- uses: a/b@v1', '- parallel:', '    - uses: c/d@v1', '- run: x') + '  call:\n    uses: e/f/.github/workflows/g.yml@v1\n'
  examine(createPipelineFile(WORKFLOW_PATH, source), scopeWith([rule], inputOf(source)))
  expect(calls).toEqual([
    'file', 'workflow', 'job build', 'step 0', 'uses a/b@v1', 'step 1', 'step 0', 'uses c/d@v1', 'step 2',
    'job call', 'uses e/f/.github/workflows/g.yml@v1', 'end',
  ])
})

describe('fingerprints', () => {
  const pins = (source: string): string[] => {
    const rule = ruleOf('run-rule', (ctx) => ({ step: ({ run }) => { if (run !== null) ctx.report({ message: 'hit', at: run, data: { what: run.text } }) } }))
    return examine(createPipelineFile(WORKFLOW_PATH, source), scopeWith([rule], inputOf(source))).candidates.map(({ finding }) => finding.fingerprint)
  }

  it('differ among findings that look alike', () => {
    expect(new Set(pins(text)).size).toBe(3)
    expect(pins(text).every((fingerprint) => /^[0-9a-f]{32}$/.test(fingerprint))).toBe(true)
  })

  it('survive moved lines, other steps before them and other white space', () => {
    const [, , last] = pins(stepsOf('- run: a', '- run: b', '- {id: x, run: make   all}'))
    expect(pins(`# moved\n\n${stepsOf('- run: new', '- {id: x, run: make all}')}`)).toContain(last)
  })

  it('change with the job', () => {
    expect(pins(text.replace('build:', 'other:')).filter((fingerprint) => pins(text).includes(fingerprint))).toEqual([])
  })
})
