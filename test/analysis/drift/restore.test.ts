// The fix from a golden workflow: restores what drifted, keeps what the repository added, and touches nothing else.
import { describe, expect, it } from 'vitest'
import { compareWorkflows } from '../../../analysis/drift/compare-workflows.ts'
import { planFixes } from '../../../analysis/fixes/plan-fixes.ts'
import { goldenWorkflow } from '../../../analysis/policy/golden-section.ts'
import { DEFAULT_POLICY } from '../../../analysis/policy/policy.ts'
import { createPipelineFile } from '../../../analysis/workflow/pipeline-file.ts'
import { inputOf, WORKFLOW_PATH } from '../engine-input.ts'
import { GOLDEN } from './golden-text.ts'
import { reformat } from './reformat.ts'

function restored(text: string, golden = GOLDEN): string {
  const policy = { ...DEFAULT_POLICY, golden: { applies: true, forbidsExtras: false, workflows: [goldenWorkflow('golden/ci.yml', golden)] } }
  const input = inputOf(text, { policy })
  const accepts = ({ ruleId }: { readonly ruleId: string }): boolean => ruleId.startsWith('golden-')
  expect(planFixes({ input, safety: 'safe', accepts }).files, 'none of them is safe').toEqual([])
  const plan = planFixes({ input, safety: 'unsafe', accepts })
  return plan.files[0]?.after ?? text
}

function kindsOf(text: string): readonly string[] {
  const [golden, file] = [GOLDEN, text].map((each) => createPipelineFile(WORKFLOW_PATH, each).workflow)
  return golden && file ? compareWorkflows(golden, file).map(({ kind }) => kind) : ['unreadable']
}

/** What a repository may add. */
const OWN = GOLDEN
  .replace('      - name: Audit', '      # ours, and here to stay\n      - name: Report\n        run: |\n          ./report.sh\n          ./send.sh\n      - name: Audit')
  .replace('  scan:\n', '  docs:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n      - run: make docs # ours\n  scan:\n')
  .replace('  NODE_ENV: test\njobs', '  NODE_ENV: test\n  OWN: 1\njobs')

const DRIFTED = OWN
  .replace('    timeout-minutes: 15\n', '')
  .replace('node-version: ${{ matrix.node }}', 'node-version: 20')
  .replace('--audit-level=high', '--audit-level=high || true')
  .replace('          npm run lint\n', '')
  .replace(/      - run: npm ci .*\n/, '')
  .replace(/    environment: production\n/, '')
  .replace('types: [opened, synchronize]', 'types: [opened]')
  .replace(/@9f\w+ # v7.0.0/, '@v6')

describe('the fix from a golden workflow', () => {
  it('restores everything at once and keeps every addition byte for byte', () => {
    expect(DRIFTED).not.toBe(OWN)
    expect(restored(DRIFTED)).toBe(OWN)
  })

  it('keeps the line ends of the file', () => {
    expect(restored(DRIFTED.replaceAll('\n', '\r\n'))).toBe(OWN.replaceAll('\n', '\r\n'))
  })

  it('leaves only differences that it says it cannot restore, whatever way the file is written', () => {
    let whole = 0
    for (let seed = 0; seed < 60; seed++) {
      const text = reformat(DRIFTED, seed)
      const after = restored(text)
      const left = kindsOf(after).filter((kind) => kind !== 'extra').length
      expect(left).toBeLessThanOrEqual(kindsOf(text).filter((kind) => kind !== 'extra').length)
      expect(kindsOf(after).filter((kind) => kind === 'extra').length).toBeGreaterThanOrEqual(3)
      if (left === 0) whole++
    }
    expect(whole).toBeGreaterThan(0)
  })

  it('offers nothing without the policy\'s consent', () => {
    const policy = { ...DEFAULT_POLICY, golden: { applies: false, forbidsExtras: false, workflows: [goldenWorkflow('golden/ci.yml', GOLDEN)] } }
    expect(planFixes({ input: inputOf(DRIFTED, { policy }), safety: 'unsafe', accepts: ({ ruleId }) => ruleId.startsWith('golden-') }).files).toEqual([])
  })
})
