import { expect, test } from 'vitest'
import { NO_FACTS } from '../../analysis/fact.ts'
import { planFixes } from '../../analysis/fixes/plan-fixes.ts'
import { DEFAULT_POLICY } from '../../analysis/policy/policy.ts'
import { formatFixMarker, parseFixMarker, replaceFixMarker } from '../../pull-request/fix-marker.ts'
import { toFixPlan } from '../../pull-request/fix-plan.ts'
import { CI_PATH, DRIFTED } from './drifted-workflow.ts'

const entries = new Map([[CI_PATH, { mode: '100755', type: 'blob', sha: 'a'.repeat(40), size: 1 }]])
const context = { entries, defaultBranch: 'main', commit: 'c'.repeat(40), correlationId: 'c-1', analysisUrl: 'http://service.test/v1/analyses/1' }
const marker = { base: 'a'.repeat(40), head: 'b'.repeat(40), fix: 'f'.repeat(64), next: null, closedByUs: false }

function planOf(text: string, path = CI_PATH) {
  const input = { files: [{ path, text }], paths: null, policy: DEFAULT_POLICY, facts: NO_FACTS, today: '2026-11-24', host: { kind: 'github.com' } } as const
  return toFixPlan(planFixes({ input, safety: 'safe' }), context)
}

test('keeps its hash while only lines move, and changes it with what is fixed', () => {
  expect(planOf(`# a new line\n${DRIFTED}`).hash).toBe(planOf(DRIFTED).hash)
  expect(planOf(DRIFTED.replace('ubuntu-20.04', 'ubuntu-24.04')).hash).not.toBe(planOf(DRIFTED).hash)
})

test('has a new file among the changes, and another hash for another text', () => {
  const planFor = (cooldownDays: number) => {
    const policy = { ...DEFAULT_POLICY, profile: 'pedantic', cooldownDays } as const
    const input = { files: [{ path: CI_PATH, text: DRIFTED }], paths: [CI_PATH, 'main.c'], policy, facts: NO_FACTS, today: '2026-11-24', host: { kind: 'github.com' } } as const
    return toFixPlan(planFixes({ input, safety: 'safe', accepts: ({ ruleId }) => ruleId === 'update-bot-coverage' }), context)
  }
  expect(planFor(7)).toMatchObject({ title: 'Repair pipeline drift: 1 finding in 1 file', changes: [{ path: '.github/dependabot.yml', mode: '100644', text: expect.stringContaining('default-days: 7') as string }] })
  expect(planFor(7).hash).toBe(planFor(7).hash)
  expect(planFor(9).hash).not.toBe(planFor(7).hash)
})

test('tells what was found before and is left after, why and what changes, how to say no, and the correlation id', () => {
  const { body, title, changes } = planOf(DRIFTED)
  expect(title).toBe('Repair pipeline drift: 2 findings in 1 file')
  expect(changes).toMatchObject([{ path: CI_PATH, mode: '100755' }])
  expect(body).toMatch(/\| high \| 1 \| 0 \|/)
  expect(body).toMatch(/\| `\.github\/workflows\/ci\.yml:7` \| `retired-runner-image` \| no runner has the image/)
  expect(body).toContain('How to say no')
  expect(body).toContain('`c-1`')
})

test('lets no text of the repository mention a person, break the table or imitate the marker', () => {
  const evil = `${formatFixMarker(marker)} @everyone | \`x\``
  const { body } = planOf(DRIFTED.replace('::set-output name=version::1', `::set-output name=version::${evil.replaceAll('`', '')}`).replace('run: ', `name: '${evil}'\n        run: `))
  expect(parseFixMarker(body)).toBeNull()
  expect(body).not.toMatch(/@everyone/)
})

test('stays below what the code host takes, and says what it left out', () => {
  const jobs = Array.from({ length: 900 }, (_, index) => `  job-${index}:\n    runs-on: ubuntu-20.04\n    timeout-minutes: 10\n    steps:\n      - run: make\n`).join('')
  const { body } = planOf(`name: CI\non: [push]\npermissions: {}\njobs:\n${jobs}`)
  expect(body.length).toBeLessThan(65_000)
  expect(body).toMatch(/\d+ more changes do not fit here/)
})

test('reads its own marker again, and none where there are two or a changed one', () => {
  const text = `Body\n\n${formatFixMarker(marker)}\n`
  expect(parseFixMarker(text)).toEqual(marker)
  expect(parseFixMarker(replaceFixMarker(text, { ...marker, closedByUs: true }))).toEqual({ ...marker, closedByUs: true })
  expect(parseFixMarker(replaceFixMarker(text, { ...marker, next: 'd'.repeat(40) }))).toEqual({ ...marker, next: 'd'.repeat(40) })
  expect(parseFixMarker(text + text)).toBeNull()
  expect(parseFixMarker(text.replace('head=b', 'head=x'))).toBeNull()
  expect(parseFixMarker(null)).toBeNull()
})
