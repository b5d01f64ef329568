// Whatever the text: comparing it with a golden workflow ends without a throw, and what is restored parses and repeats to nothing.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { analyse } from '../../../analysis/analyse.ts'
import { compareWorkflows } from '../../../analysis/drift/compare-workflows.ts'
import { planFixes } from '../../../analysis/fixes/plan-fixes.ts'
import { goldenWorkflow } from '../../../analysis/policy/golden-section.ts'
import { DEFAULT_POLICY } from '../../../analysis/policy/policy.ts'
import { parse } from '../../../analysis/source/parse.ts'
import { createPipelineFile } from '../../../analysis/workflow/pipeline-file.ts'
import { inputOf, WORKFLOW_PATH } from '../engine-input.ts'
import { GOLDEN } from './golden-text.ts'
import { reformat } from './reformat.ts'

const PIECES = ['', ' ', '\n', '\r\n', '\t', '- ', ': ', '{', '}', '[', ']', '"', "'", '#', '&a ', '*a', '|', '>', '${{ ', ' }}', '@', 'null', '<<: ', '? ', 'steps:\n']

const mutated = fc.record({
  seed: fc.nat(1000),
  cuts: fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(60), piece: fc.constantFrom(...PIECES) }), { minLength: 1, maxLength: 4 }),
}).map(({ seed, cuts }) => cuts.reduce((text, { at, length, piece }) => {
  const from = Math.floor(at * text.length)
  return text.slice(0, from) + piece + text.slice(from + length)
}, seed % 2 === 0 ? GOLDEN : reformat(GOLDEN, seed)))

const golden = { applies: true, forbidsExtras: true, workflows: [goldenWorkflow('golden/ci.yml', GOLDEN)] }

it('restores any text to one that parses no worse and needs no second fix', () => {
  fc.assert(fc.property(mutated, (text) => {
    const input = inputOf(text, { policy: { ...DEFAULT_POLICY, golden } })
    expect(analyse(input).failures).toEqual([])
    const accepts = ({ ruleId }: { readonly ruleId: string }): boolean => ruleId.startsWith('golden-')
    for (const { before, after } of planFixes({ input, safety: 'unsafe', accepts }).files) {
      expect(parse(after).problems.length).toBeLessThanOrEqual(parse(before ?? '').problems.length)
      expect(planFixes({ input: { ...input, files: [{ path: WORKFLOW_PATH, text: after }] }, safety: 'unsafe', accepts }).files).toEqual([])
    }
  }), { numRuns: 60 })
})

it('compares any two texts, and none with itself', () => {
  fc.assert(fc.property(mutated, mutated, (a, b) => {
    const [from, to] = [a, b].map((text) => createPipelineFile(WORKFLOW_PATH, text, 'workflow').workflow)
    if (!from || !to) return
    for (const { start, end } of compareWorkflows(from, to).map(({ at }) => at)) expect(end).toBeGreaterThanOrEqual(start)
    expect(compareWorkflows(from, from)).toEqual([])
  }), { numRuns: 200 })
})

it('ends on two long lists of steps of which none is the other', () => {
  const steps = (word: string): string => `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n${Array.from({ length: 8000 }, (_, index) => `      - run: ${word}${index} now\n`).join('')}`
  const [from, to] = [steps('make'), steps('build')].map((text) => createPipelineFile(WORKFLOW_PATH, text).workflow)
  expect(from && to && compareWorkflows(from, to).length).toBe(16_000)
})
