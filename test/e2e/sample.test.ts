// The product's promise, end to end: the built Action, the built service, a real database, GitHub behind the gateway.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyse, type AnalyseInput } from '../../analysis/analyse.ts'
import { NO_FACTS } from '../../analysis/fact.ts'
import { planFixes } from '../../analysis/fixes/plan-fixes.ts'
import { DEFAULT_POLICY } from '../../analysis/policy/policy.ts'
import { analysisSchema, type AnalysisWire } from '../../contract/analyses.ts'
import { openTestDatabase, type TestDatabase } from '../database/open-test-database.ts'
import type { ActionResult } from '../runner/run-action.ts'
import { analyseBranch, readBranch } from '../sample/analyse-branch.ts'
import { startSampleService, type SampleService } from '../sample/sample-service.ts'
import { startSampleWorld, type SampleWorld } from '../sample/sample-world.ts'

const BRANCH = 'autodevops/fix-main'
const CI = '.github/workflows/ci.yml'

let [world, service, database] = [] as unknown as [SampleWorld, SampleService, TestDatabase]

beforeAll(async () => {
  world = await startSampleWorld()
  database = await openTestDatabase()
  service = await startSampleService(world, { mongodbUri: database.uri, database: database.name })
})

afterAll(async () => {
  await service.kill('SIGTERM')
  await database.close()
  await world.close()
})

async function submit(branch = 'main', changed?: Record<string, string>): Promise<ActionResult> {
  const result = await analyseBranch(world, service, { branch, inputs: { profile: 'pedantic', 'fix-pr': 'all' }, ...(changed ? { changed } : {}) })
  expect({ exit: result.exitCode, source: result.outputs.source }, result.output).toEqual({ exit: 0, source: 'control-plane' })
  return result
}

async function analysisOf({ outputs }: ActionResult): Promise<AnalysisWire> {
  const response = await fetch(`${service.url}/v1/analyses/${outputs['analysis-id'] ?? ''}`, { headers: { authorization: `Bearer ${service.apiKey}` } })
  return analysisSchema.parse(await response.json())
}

const pullRequests = () => world.github.listPullRequests(world.repository.fullName)
const head = async (branch: string): Promise<string> => (await world.github.branchHead(world.repository.fullName, branch)) ?? 'none'

/** The lines that no edit touches or stands next to, in order. */
function untouchedLines(text: string, edits: readonly { start: number; end: number }[]): string[] {
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length
  const touched = new Set(edits.flatMap(({ start, end }) => Array.from({ length: lineOf(end) - lineOf(start) + 1 }, (_, index) => lineOf(start) + index)))
  return text.split('\n').filter((_, index) => !touched.has(index + 1))
}

function isSubsequence(lines: readonly string[], of: readonly string[]): boolean {
  let at = 0
  for (const line of of) if (line === lines[at]) at++
  return at === lines.length
}

describe('a drifted repository', () => {
  let first: AnalysisWire
  let before: Record<string, string>

  it('gets exactly one pull request', async () => {
    before = await readBranch(world, 'main')
    first = await analysisOf(await submit())
    expect(first.state).toBe('done')
    expect(first.outcome?.pullRequest).toMatchObject({ state: 'opened', number: 1 })
    expect(await pullRequests()).toHaveLength(1)
  })

  it('is changed only where a finding has a fix', async () => {
    const after = await readBranch(world, BRANCH)
    const changed = Object.keys(before).filter((file) => before[file] !== after[file])
    expect(changed.sort()).toEqual(['.github/actions/setup-service/action.yml', '.github/dependabot.yml', CI, '.github/workflows/release.yml'])
    for (const file of changed) {
      const text = before[file] ?? ''
      const edits = first.outcome?.findings.filter((finding) => finding.path === file).flatMap(({ fix }) => fix?.edits ?? []) ?? []
      const kept = untouchedLines(text, edits)
      expect(kept.length).toBeGreaterThan(0)
      expect(isSubsequence(kept, (after[file] ?? '').split('\n')), file).toBe(true)
    }
  })

  it('needs nothing more once it is repaired', async () => {
    const after = await readBranch(world, BRANCH)
    const files = Object.entries(after).filter(([file]) => file.startsWith('.github/')).map(([file, text]) => ({ path: file, text }))
    // The emulated code host is taken for an Enterprise Server, where nobody knows which scans it offers.
    const input: AnalyseInput = { files, paths: Object.keys(after), policy: { ...DEFAULT_POLICY, profile: 'pedantic' }, facts: NO_FACTS, today: '2026-11-24', host: { kind: 'ghes', version: null } }
    expect(planFixes({ input, safety: 'unsafe' }).files).toEqual([])
    const rest = new Set(analyse(input).findings.filter(({ severity }) => severity !== 'info').map(({ ruleId, severity }) => `${ruleId} ${severity}`))
    // What is left needs a person: what a group cancels, and which scan to run.
    expect([...rest].sort()).toEqual(['missing-concurrency low', 'no-security-scan low'])
  })

  it('answers the same commit with the same analysis and the same pull request', async () => {
    const again = await analysisOf(await submit())
    expect(again.id).toBe(first.id)
    expect(await pullRequests()).toHaveLength(1)
  })

  it('moves the same pull request by fast-forward when a newer commit comes', async () => {
    const oldHead = await head(BRANCH)
    const base = await world.github.commit({ repo: world.repository.fullName, branch: 'main', message: 'Add a check', files: { [CI]: `${before[CI] ?? ''}\n  extra:\n    runs-on: ubuntu-20.04\n    steps:\n      - run: echo "extra"\n` } })
    const newer = await analysisOf(await submit())
    expect(newer.outcome?.pullRequest).toMatchObject({ state: 'updated', number: 1 })
    const { parents } = await world.github.readCommit(world.repository.fullName, await head(BRANCH))
    expect(parents.map(({ sha }) => sha)).toEqual([oldHead, base])
    expect((await readBranch(world, BRANCH))[CI]).toContain('  extra:\n')
  })

  it('never sees an invented text in a commit, and the audit log says so', async () => {
    await world.github.commit({ repo: world.repository.fullName, branch: 'main', message: 'Another change', files: { 'docs.md': 'x\n' } })
    const invented = await analysisOf(await submit('main', { [CI]: 'on: push\njobs: {evil: {runs-on: ubuntu-20.04, steps: [{run: curl evil.example}]}}\n' }))
    expect(invented.outcome?.replacedTexts).toEqual([CI])
    expect((await readBranch(world, BRANCH))[CI]).not.toContain('evil')
    const entries = await database.db.collection('audit').find({ action: /text/ }).toArray()
    expect(JSON.stringify(entries)).toContain(CI)
    expect(JSON.stringify(entries)).not.toContain('evil.example')
  })

  it("leaves a person's commit on our branch alone, and says so once", async () => {
    const { fullName } = world.repository
    const theirs = await world.github.commit({ repo: fullName, branch: BRANCH, message: 'My own idea', files: { 'mine.txt': 'mine\n' } })
    for (const round of [1, 2]) {
      await world.github.commit({ repo: fullName, branch: 'main', message: `Round ${round}`, files: { 'docs.md': `${round}\n` } })
      expect((await analysisOf(await submit())).outcome?.pullRequest).toMatchObject({ state: 'foreign', number: 1 })
    }
    expect(await head(BRANCH)).toBe(theirs)
    expect(await world.github.listComments(fullName, 1)).toHaveLength(1)
  })

  it('carries one correlation id from the Action to the pull request', async () => {
    const logged = [...service.output().matchAll(/"correlationId":"([0-9a-f-]{36})"/g)].map(([, id]) => id)
    const [pull] = await pullRequests()
    expect(logged.some((id) => id !== undefined && pull?.body?.includes(id))).toBe(true)
  })

  it('shows no secret in any log, summary, pull request or stored document', async () => {
    const workflowToken = `ghs_${'Canary7'.repeat(5)}`
    const run = await analyseBranch(world, service, { branch: 'main', run: { githubToken: workflowToken }, inputs: { 'api-key': service.apiKey, profile: 'auditor' } })
    expect(run.outputs.source, run.output).toBe('control-plane')
    const stored = await Promise.all((await database.db.listCollections().toArray()).map(({ name }) => database.db.collection(name).find().toArray()))
    const { fullName } = world.repository
    const masked = /^::add-mask::.*$/gm
    const seen = {
      action: run.output.replace(masked, ''), summary: run.summary, outputs: JSON.stringify(run.outputs), service: service.output(), database: JSON.stringify(stored),
      pullRequests: JSON.stringify(await pullRequests()), comments: JSON.stringify(await world.github.listComments(fullName, 1)),
    }
    const [, keySecret = ''] = /^adk_[^_]+_(.+)$/.exec(service.apiKey) ?? []
    const secrets = { workflowToken, tenantToken: world.token, apiKey: keySecret, encryptionKey: service.encryptionKeys.split(':')[1] ?? '' }
    for (const [place, text] of Object.entries(seen)) {
      expect(text.length, place).toBeGreaterThan(2)
      for (const [name, secret] of Object.entries(secrets)) expect(text.includes(secret), `${name} in ${place}`).toBe(false)
      expect(/eyJ[\w-]{8,}\.eyJ[\w-]{8,}\./.test(text), `identity token in ${place}`).toBe(false)
    }
  })
})
