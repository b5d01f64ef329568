// `autodevops drift` on real folders and real git repositories: golden workflows, an earlier commit, the calendar.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFolder } from '../worktree/make-folder.ts'
import { runMain } from './run-main.ts'
import { CI, workflowRepository } from './workflow-repository.ts'
import { CLEAN } from './workflows.ts'

const REFORMATTED = CLEAN.replace('on: push', 'on: [push]').replace('- run: make', '- {"run": "make"} # as ever').replace('name: CI\n', '')
const WEAKER = CLEAN.replace('timeout-minutes: 10', 'timeout-minutes: 60')

interface Drift {
  readonly findings: readonly { readonly ruleId: string; readonly path: string }[]
  readonly summary: {
    readonly notChecked: readonly { readonly what: string; readonly reason: string }[]
    readonly baseline?: { readonly ref: string; readonly changes: readonly { readonly path: string; readonly kind: string; readonly text: string; readonly origin: { readonly commit: string | null; readonly author: string; readonly ageDays: number } | null }[] }
  }
}

async function runDrift(cwd: string, ...args: readonly string[]) {
  const ran = await runMain(cwd, ['drift', '--format', 'json', ...args])
  return { ...ran, report: ran.stdout === '' ? null : (JSON.parse(ran.stdout) as Drift) }
}

describe('drift --golden', () => {
  it('sees no drift in a workflow that is only written in another way', async () => {
    const { code, report } = await runDrift(makeFolder({ [CI]: REFORMATTED, 'golden/ci.yml': CLEAN.replace('name: CI\n', '') }), '--golden', 'golden/ci.yml')
    expect([code, report?.findings]).toEqual([0, []])
  })

  it('reports a weaker workflow, and nothing that is no drift', async () => {
    const folder = makeFolder({ [CI]: WEAKER.replace('permissions: {}\n', ''), 'golden/ci.yml': CLEAN.replace('permissions: {}\n', '') })
    const { code, report } = await runDrift(folder, '--golden', 'golden/ci.yml')
    expect([code, report?.findings.map(({ ruleId, path }) => [ruleId, path])]).toEqual([1, [['golden-weakened', CI]]])
  })

  it('compares named files whatever they are called', async () => {
    const folder = makeFolder({ '.github/workflows/other.yml': WEAKER, 'golden/ci.yml': CLEAN })
    expect((await runDrift(folder, '--golden', 'golden/ci.yml', '.github/workflows/other.yml')).report?.findings.map(({ ruleId }) => ruleId)).toEqual(['golden-weakened'])
  })

  it.each([
    ['a file that is not there', 'golden/none.yml', 'cannot be read'],
    ['a file that is no workflow', 'notes.yml', 'it needs jobs'],
    ['a workflow for which there is no target', 'golden/release.yml', 'no workflow here is to be like'],
  ])('refuses %s', async (_, golden, message) => {
    const folder = makeFolder({ [CI]: CLEAN, 'golden/release.yml': CLEAN, 'notes.yml': 'a: 1\n' })
    const { code, stderr } = await runDrift(folder, '--golden', golden)
    expect(code).toBe(2)
    expect(stderr).toContain(golden)
    expect(stderr).toContain(message)
  })

  it('takes parameters and target of the file from a policy that names it', async () => {
    const policy = "golden:\n  workflows:\n    - {file: golden/node.yml, target: .github/workflows/ci.yml, parameters: [jobs.*.timeout-minutes]}\n"
    const folder = makeFolder({ [CI]: WEAKER.replace('permissions: {}', 'permissions: write-all'), 'golden/node.yml': CLEAN, '.github/autodevops.yml': policy })
    const { stdout } = await runDrift(folder, '--golden', 'golden/node.yml')
    expect(stdout).toContain('the token may do more')
    expect(stdout).not.toContain('timeout-minutes: 60')
  })

  it.each(['analyze', 'drift'])('%s takes those that ask for a topic of the repository, as --topic says them', async (command) => {
    const policy = `golden:\n  workflows:\n    - {file: golden/library.yml, topic: library}\n    - {file: golden/ci.yml, topic: Service}\n`
    const folder = makeFolder({ [CI]: WEAKER, 'golden/ci.yml': CLEAN, 'golden/library.yml': CLEAN, '.github/autodevops.yml': policy })
    const golden = async (...words: string[]) => (JSON.parse((await runMain(folder, [command, ...words, '--format', 'json'])).stdout) as Drift)
    const said = await golden('--topic', 'service', '--topic', 'shop')
    expect([said.findings.map(({ ruleId }) => ruleId).filter((id) => id.startsWith('golden-')), said.summary.notChecked.filter(({ what }) => what.includes('golden'))]).toEqual([['golden-weakened'], []])
    expect((await golden('--topic', 'shop')).findings.filter(({ ruleId }) => ruleId.startsWith('golden-'))).toEqual([])
    expect((await golden()).summary.notChecked.filter(({ what }) => what.includes('golden'))).toHaveLength(2)
  })

  it('takes golden workflows from the policy, by stack, and names those that it cannot judge', async () => {
    const policy = `golden:\n  workflows:\n    - {file: golden/go.yml, stack: go, target: '.github/workflows/*.yml'}\n    - {file: golden/topic.yml, topic: service}\n    - {file: golden/node.yml, stack: node, target: '.github/workflows/*.yml'}\n`
    const folder = makeFolder({ [CI]: WEAKER, 'package.json': '{}', 'golden/node.yml': CLEAN, 'golden/go.yml': 'on: push\njobs: {}\n', '.github/autodevops.yml': policy })
    const { report } = await runDrift(folder)
    expect(report?.findings.map(({ ruleId }) => ruleId)).toEqual(['golden-weakened'])
    expect(report?.summary.notChecked).toEqual([{ what: 'the golden workflow golden/topic.yml', reason: "the repository's topics are not known here", count: 1 }])
  })
})

describe('drift --baseline-ref', () => {
  it('says what was weakened, in which commit, by whom and how long ago', async () => {
    const { folder, git, commit } = workflowRepository(CLEAN)
    commit(CLEAN.replace('permissions: {}', 'permissions: write-all'))
    const { code, report } = await runDrift(folder, '--baseline-ref', 'accepted')
    expect(code).toBe(1)
    expect(report?.summary.baseline?.changes).toMatchObject([{ path: CI, kind: 'weakened', text: "the token may do more: 'write-all'", origin: { commit: git('rev-parse', 'HEAD').trim(), author: 'Jane', ageDays: 4 } }])
    const { stdout } = await runMain(folder, ['drift', '--baseline-ref', 'accepted'])
    expect(stdout).toContain('by Jane on 2026-11-20, 4 days ago')
  })

  it('shows the findings that were not there, and not those that were', async () => {
    const { folder, commit } = workflowRepository(CLEAN.replace('permissions: {}\n', ''))
    commit(CLEAN.replace('permissions: {}\n', '').replace('24.04', '20.04'))
    expect((await runDrift(folder, '--baseline-ref', 'accepted')).report?.findings.map(({ ruleId }) => ruleId)).toEqual(['retired-runner-image'])
  })

  it('blames the last commit for what is gone, and nobody for what is not committed', async () => {
    const { folder, commit } = workflowRepository(CLEAN)
    commit(CLEAN.replace('    timeout-minutes: 10\n', ''))
    const gone = await runDrift(folder, '--baseline-ref', 'accepted')
    expect(gone.report?.summary.baseline?.changes).toMatchObject([{ kind: 'weakened', origin: { author: 'Jane' } }])
    writeFileSync(join(folder, CI), WEAKER)
    const open = await runDrift(folder, '--baseline-ref', 'accepted')
    expect(open.report?.summary.baseline?.changes).toMatchObject([{ kind: 'weakened', origin: { commit: null } }])
  })

  it('sees nothing in a workflow that was only reformatted, and names workflows that came or went', async () => {
    const { folder, git, commit } = workflowRepository(CLEAN)
    commit(CLEAN.replace('on: push', 'on: [push] # reformatted'))
    expect((await runDrift(folder, '--baseline-ref', 'accepted')).report?.summary.baseline?.changes).toEqual([])
    git('mv', CI, '.github/workflows/new.yml')
    git('commit', '-q', '-m', 'move')
    const moved = await runDrift(folder, '--baseline-ref', 'accepted')
    expect(moved.report?.summary.baseline?.changes.map(({ path, text }) => [path, text])).toEqual([[CI, 'the workflow is removed'], ['.github/workflows/new.yml', 'the workflow is added']])
  })

  it('refuses a ref that git does not know, and a folder outside git', async () => {
    const { folder } = workflowRepository(CLEAN)
    expect((await runDrift(folder, '--baseline-ref', 'nowhere')).stderr).toContain("git knows no 'nowhere'")
    expect((await runDrift(makeFolder({ [CI]: CLEAN }), '--baseline-ref', 'main')).code).toBe(2)
  })
})

it('drift --format ics prints the calendar and nothing else', async () => {
  const { code, stdout } = await runMain(makeFolder({ [CI]: CLEAN.replace('24.04', '22.04') }), ['drift', '--format', 'ics'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^BEGIN:VCALENDAR\r\n/)
  expect(stdout.match(/BEGIN:VEVENT/g)).toHaveLength(5)
})
