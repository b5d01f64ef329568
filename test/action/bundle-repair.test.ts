// The built Action repairs the sample repository without a control plane, at addresses shaped as github.com's and as an enterprise
// server's, with every other connection refused.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ActionResult } from '../runner/run-action.ts'
import { readBranch, runOnBranch } from '../sample/analyse-branch.ts'
import { startSampleWorld, type SampleWorld } from '../sample/sample-world.ts'

const BRANCH = 'autodevops/fix-main'
const CI = '.github/workflows/ci.yml'

describe.each([{ host: 'github.com' }, { host: 'ghes' }] as const)('on $host', ({ host }) => {
  let world: SampleWorld
  beforeAll(async () => { world = await startSampleWorld(host) })
  afterAll(() => world.close())

  const pulls = () => world.github.listPullRequests(world.repository.fullName)
  const head = () => world.github.branchHead(world.repository.fullName, BRANCH)
  /** Calls are paced as the code host asks for, so a run takes some seconds. */
  const runWith = (token: string): Promise<ActionResult> => runOnBranch(world, {
    branch: 'main', inputs: { 'fix-pr': 'safe', 'github-token': token }, run: { allow: [new URL(world.github.webUrl).host] },
  })

  it("names what the workflow's own token cannot do, after the findings, and writes nothing that anybody sees", async () => {
    const token = world.github.issueToken({ owner: 'acme', permissions: { contents: 'write', pull_requests: 'write', metadata: 'read' }, label: 'workflow' })
    const { exitCode, output, outputs, summary, refusals } = await runWith(token)
    expect([exitCode, outputs['pull-request-url'], outputs.source, refusals]).toEqual([1, '', 'local', []])
    expect(output).toMatch(/^::error::INPUT_INVALID: input github-token cannot serve fix-pr 'safe': its token may not write workflows; give the token of an App or of a person/m)
    expect(output).toMatch(/^::error file=\.github\/workflows\/ci\.yml,line=/m)
    expect(Number(outputs.findings)).toBeGreaterThan(0)
    expect(summary).toContain('dead-action-runtime')
    expect(output.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain(token)
    expect([await head(), await pulls()]).toEqual([null, []])
  })

  it('opens the pull request with a token that may, and leaves it unchanged the next time', { timeout: 60_000 }, async () => {
    const first = await runWith(world.token)
    const url = `${world.github.webUrl}/${world.repository.fullName}/pull/1`
    expect([first.exitCode, first.outputs['pull-request-url'], first.refusals], first.output).toEqual([0, url, []])
    expect(first.summary).toContain('pull request opened')
    const [before, after] = [await readBranch(world, 'main'), await readBranch(world, BRANCH)]
    const pinned = /uses: actions\/checkout@([0-9a-f]{40})/.exec(after[CI] ?? '')
    expect(pinned?.[1]).toBeDefined()
    expect(Object.keys(before).filter((file) => before[file] !== after[file])).toContain(CI)
    const commit = await head()
    const second = await runWith(world.token)
    expect([second.exitCode, second.outputs['pull-request-url']]).toEqual([0, url])
    expect(second.summary).toContain('pull request unchanged')
    expect([await head(), (await pulls()).length]).toEqual([commit, 1])
    const shown = [first, second].map(({ output, summary, outputs }) => output.replaceAll(/^::add-mask::.*$/gm, '') + summary + JSON.stringify(outputs)).join('')
    expect(shown).not.toContain(world.token)
  })
})
