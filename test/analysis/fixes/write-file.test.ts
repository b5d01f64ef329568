import { describe, expect, it } from 'vitest'
import type { AnalyseInput } from '../../../analysis/analyse.ts'
import type { WrittenFile } from '../../../analysis/finding.ts'
import { examine } from '../../../analysis/examine.ts'
import { attachFixes } from '../../../analysis/fixes/attach.ts'
import { planFixes, withChanges } from '../../../analysis/fixes/plan-fixes.ts'
import { isFileCandidate, verifyFile } from '../../../analysis/fixes/write-file.ts'
import { DEFAULT_POLICY } from '../../../analysis/policy/policy.ts'
import { prepare } from '../../../analysis/prepare.ts'
import { rules } from '../../../analysis/rules/index.ts'
import { defineRule } from '../../../analysis/rules/rule.ts'
import { createPipelineFile } from '../../../analysis/workflow/pipeline-file.ts'
import { WORKFLOW_PATH, inputOf, scopeWith, stepsOf } from '../engine-input.ts'

const TEXT = stepsOf('- run: make')
const NEW = '.github/workflows/new.yml'
const OWNERS = '.github/CODEOWNERS'

const OTHER = '.github/workflows/other.yml'
/** Without a finding; `step` is the last line of its only step. */
const clean = (step: string, on = 'pull_request'): string => `name: A
on: ${on}
permissions: {}
concurrency:
  group: a
  cancel-in-progress: false
jobs:
  a:
    name: A
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - name: Run
        ${step}
`
const SETUP = clean(`uses: actions/setup-node@${'a'.repeat(40)} # v9.0.0`)
const PEDANTIC = { ...DEFAULT_POLICY, profile: 'pedantic' as const }

/** Says that `missing` is missing, for which `file` is written. */
const lackRule = (missing: string, file: WrittenFile) => defineRule({
  meta: { id: 'lack-rule', summary: 's', severity: 'low', confidence: 'high', profile: 'regular', fix: 'safe', since: '0', category: 'security', equivalents: {}, messages: { lacks: 'lacks' } },
  create: (ctx) => ({
    file({ path }) {
      if (path === WORKFLOW_PATH && ctx.repository.paths?.has(missing) !== true) ctx.report({ message: 'lacks', at: { start: 0, end: 0 }, fix: { kind: 'file', safety: 'safe', description: 'write', file } })
    },
  }),
})

function attempt(file: WrittenFile, more: Partial<AnalyseInput> = {}, missing = NEW) {
  const scope = scopeWith([...rules, lackRule(missing, file)], inputOf(TEXT, { paths: [WORKFLOW_PATH, 'x.js'], ...more }))
  const before = examine(createPipelineFile(WORKFLOW_PATH, TEXT), scope)
  const candidate = before.candidates.filter(isFileCandidate).find(({ finding }) => finding.ruleId === 'lack-rule')
  return { reason: candidate && verifyFile(before, candidate, scope), fix: attachFixes(before, scope, true).find(({ ruleId }) => ruleId === 'lack-rule')?.fix }
}

const create = (text: string, path = NEW): WrittenFile => ({ kind: 'create', path, text })

describe('a fix that writes a file', () => {
  it('is shown with its file, and without edits', () => {
    expect(attempt(create(TEXT))).toEqual({ reason: null, fix: { safety: 'safe', description: 'write', edits: [], file: create(TEXT) } })
  })

  it.each<[string, WrittenFile, Partial<AnalyseInput>, string, RegExp]>([
    ['is there already', create(TEXT), { paths: [WORKFLOW_PATH, 'x.js', NEW] }, 'other', /is there, or nobody knows/],
    ['may be there, because the paths are not known', create(TEXT), { paths: null }, NEW, /is there, or nobody knows/],
    ['does not parse', create('on: {'), {}, NEW, /would not parse/],
    ['has a finding of its own', create(TEXT.replace('run: make', 'uses: acme/build@v1')), {}, NEW, /new finding: unpinned-action/],
    ['does not help', create(TEXT), {}, 'other', /lack-rule would still be reported/],
    ['is older than another file', create(SETUP.replace('v9.0.0', 'v8.0.0').replaceAll('a'.repeat(40), 'b'.repeat(40))), { policy: PEDANTIC, neighbours: [{ path: OTHER, text: SETUP }], paths: [WORKFLOW_PATH, 'x.js', OTHER] }, NEW, /new finding: version-divergence/],
    ['is to be longer and was not read', { kind: 'append', path: OWNERS, text: 'x\n' }, { paths: [WORKFLOW_PATH, 'x.js', OWNERS] }, NEW, /was not read/],
    ['is no CODEOWNERS file and is to be longer', { kind: 'append', path: 'x.js', text: 'x\n' }, { codeOwners: { path: OWNERS, text: '' } }, NEW, /was not read/],
  ])('is dropped where the file %s', (_, file, more, missing, reason) => {
    expect(attempt(file, more, missing)).toEqual({ reason: expect.stringMatching(reason) as string, fix: null })
  })
})

describe('a fix that creates the first CI file', () => {
  const text = clean('run: echo', 'release')
  const verifyIn = (old: string, run: string) => {
    const { scope } = prepare(inputOf(old, { policy: PEDANTIC, paths: [WORKFLOW_PATH, 'x.js', 'x.test.js'] }))
    const before = examine(createPipelineFile(WORKFLOW_PATH, old), scope)
    const candidate = before.candidates.find(({ finding }) => finding.ruleId === 'no-tests')
    return candidate && verifyFile(before, { ...candidate, fix: { kind: 'file', safety: 'unsafe', description: 'write', file: create(clean(`run: ${run}`), '.github/workflows/a.yml') } }, scope)
  }

  it('takes over what is said of the repository', () => {
    expect(verifyIn(text, 'npm test')).toBeNull()
  })

  it('is dropped where that was what it should repair, or what was not to be read again', () => {
    expect(verifyIn(text, 'npm run lint')).toMatch(/new finding: no-tests/)
    expect(verifyIn(`# autodevops: ignore[no-security-scan] by=@sam until=2027-01-01 not here\n${text}`, 'npm test')).toMatch(/new finding: no-security-scan/)
  })
})

describe('a plan', () => {
  const policy = { ...DEFAULT_POLICY, profile: 'pedantic' as const, pipelineOwners: ['@acme/platform'] }
  const accepts = ({ ruleId }: { readonly ruleId: string }) => ruleId === 'codeowners-missing' || ruleId === 'update-bot-coverage'
  const input = inputOf(TEXT, { policy, paths: [WORKFLOW_PATH, 'x.js'] })

  it('writes new files behind the changed ones, leaves nothing to say of them, and is empty the second time', () => {
    const plan = planFixes({ input, safety: 'unsafe', accepts })
    expect(plan.files.map(({ path, before }) => [path, before])).toEqual([[OWNERS, null], ['.github/dependabot.yml', null]])
    expect(plan.applied.map(({ finding, safety }) => [finding.ruleId, safety, finding.fix?.edits])).toEqual([['codeowners-missing', 'unsafe', []], ['update-bot-coverage', 'safe', []]])
    expect(plan.before.findings.filter(accepts)).toHaveLength(2)
    expect(plan.after.findings.filter(accepts)).toEqual([])
    expect(plan.after.files.map(({ path }) => path)).toContain('.github/dependabot.yml')
    expect(plan.after.score.total).toBeGreaterThanOrEqual(plan.before.score.total)
    expect(planFixes({ input: withChanges(input, plan.files), safety: 'unsafe', accepts }).files).toEqual([])
  })

  it('writes only what was asked for: safe ones, accepted ones, none that are suppressed', () => {
    expect(planFixes({ input, safety: 'safe', accepts }).files.map(({ path }) => path)).toEqual(['.github/dependabot.yml'])
    expect(planFixes({ input, safety: 'unsafe', accepts: () => false }).files).toEqual([])
    const suppressed = `# autodevops: ignore[codeowners-missing, update-bot-coverage] by=@sam until=2027-01-01 not here\n${TEXT}`
    expect(planFixes({ input: { ...input, files: [{ path: WORKFLOW_PATH, text: suppressed }] }, safety: 'unsafe', accepts }).files).toEqual([])
  })

  it.each([
    ['one without a last line break', '* @sam\n/.github/', '* @sam\n/.github/\n/.github/workflows/ @acme/platform\n'],
    ['one of another system', '* @sam\r\n/.github/\r\n', '* @sam\r\n/.github/\r\n/.github/workflows/ @acme/platform\r\n'],
    ['an empty one', '', '/.github/workflows/ @acme/platform\n'],
  ])('adds lines to CODEOWNERS: %s', (_, text, after) => {
    const longer = { ...input, paths: [WORKFLOW_PATH, 'x.js', OWNERS], codeOwners: { path: OWNERS, text } }
    expect(planFixes({ input: longer, safety: 'unsafe', accepts: ({ ruleId }) => ruleId === 'codeowners-missing' }).files).toEqual([{ path: OWNERS, before: text, after }])
  })
})
