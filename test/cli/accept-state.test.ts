// `autodevops drift --accept`, and the runs of `drift` after it, in real git repositories.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runGit } from '../../cli/run-git.ts'
import { makeFolder } from '../worktree/make-folder.ts'
import { runMain } from './run-main.ts'
import { CI, workflowRepository } from './workflow-repository.ts'
import { CLEAN } from './workflows.ts'

const FILE = '.github/autodevops-drift-baseline.json'
const WEAKER = CLEAN.replace('permissions: {}', 'permissions: write-all')
const REASON = ['--reason', 'the release is audited'] as const

const accept = (folder: string, ...args: readonly string[]) => runMain(folder, ['drift', '--accept', ...args])
const stateOf = (folder: string): unknown => JSON.parse(readFileSync(join(folder, FILE), 'utf8'))

interface Baseline {
  readonly ref: string | null
  readonly accepted?: readonly { readonly commit: string; readonly path: string; readonly ageDays: number }[]
  readonly changes: readonly { readonly text: string; readonly origin: object | null }[]
}

async function drift(folder: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await runMain(folder, ['drift', '--format', 'json', ...args])
  return { code, stderr, baseline: stdout === '' ? undefined : (JSON.parse(stdout) as { readonly summary: { readonly baseline?: Baseline } }).summary.baseline }
}

describe('drift --accept', () => {
  it('writes the commit, the day, the author of git and the reason, and later runs compare with it', async () => {
    const { folder, git, commit } = workflowRepository(CLEAN)
    const first = git('rev-parse', 'HEAD').trim()
    expect(await accept(folder, ...REASON)).toMatchObject({ code: 0, stdout: `accepted ${first}: the release is audited\n` })
    expect(stateOf(folder)).toEqual({ schemaVersion: 1, commit: first, by: 'Jane', date: '2026-11-24', reason: 'the release is audited' })
    const second = commit(WEAKER)
    const later = { now: () => new Date('2026-11-30T12:00:00Z') }
    const { code, stdout } = await runMain(folder, ['drift', '--format', 'json'], later)
    expect(code).toBe(1)
    expect((JSON.parse(stdout) as { summary: object }).summary).toMatchObject({ baseline: {
      ref: null,
      accepted: [{ commit: first, by: 'Jane', date: '2026-11-24', reason: 'the release is audited', path: FILE, ageDays: 6 }],
      changes: [{ path: CI, kind: 'weakened', text: "the token may do more: 'write-all'", origin: { commit: second, author: 'Jane', ageDays: 10 } }],
    } })
    const shown = `${first.slice(0, 7)}, accepted by Jane on 2026-11-24, 6 days ago: the release is audited`
    const text = (await runMain(folder, ['drift'], later)).stdout
    expect(text).toContain(`accepted state: ${shown} (${FILE})\n`)
    expect(text).toContain("since the accepted state: .github/workflows/ci.yml:3 high weakened: permissions: the token may do more: 'write-all'")
    expect((await runMain(folder, ['drift', '--format', 'markdown'], later)).stdout).toContain(`Accepted state:\n\n- ${shown}`)
  })

  it('says what was accepted where nothing has changed since', async () => {
    const { folder } = workflowRepository(CLEAN)
    await accept(folder, ...REASON)
    expect(await runMain(folder, ['drift'])).toMatchObject({ code: 0, stdout: expect.stringContaining('accepted by Jane on 2026-11-24, today: the release is audited') as string })
    expect(await drift(folder)).toMatchObject({ code: 0, baseline: { changes: [] } })
  })

  it('accepts another commit by its ref, and again over what was accepted; a ref on the command line goes before it', async () => {
    const { folder, git, commit } = workflowRepository(CLEAN)
    commit(WEAKER)
    await accept(folder, ...REASON)
    expect((await drift(folder)).baseline?.changes).toEqual([])
    await accept(folder, '--reason', ' the older one ', '--baseline-ref', 'accepted')
    expect(stateOf(folder)).toMatchObject({ commit: git('rev-parse', 'accepted').trim(), reason: 'the older one' })
    expect((await drift(folder)).baseline?.changes).toHaveLength(1)
    expect((await drift(folder, '--baseline-ref', 'HEAD')).baseline).toEqual({ ref: 'HEAD', changes: [] })
  })

  it('says that what is not committed is not accepted', async () => {
    const { folder } = workflowRepository(CLEAN)
    expect((await accept(folder, ...REASON)).stderr).not.toContain('not part of it')
    writeFileSync(join(folder, CI), WEAKER)
    expect((await accept(folder, ...REASON)).stderr).toContain('what is not committed in .github/workflows is not part of it')
    expect((await drift(folder)).baseline?.changes).toMatchObject([{ origin: { commit: null } }])
  })

  it('belongs to the repository around a folder', async () => {
    const { folder } = workflowRepository(CLEAN)
    mkdirSync(join(folder, 'src'))
    expect((await accept(join(folder, 'src'), ...REASON)).code).toBe(0)
    expect(existsSync(join(folder, FILE))).toBe(true)
  })

  it.each([
    ['no reason', [], '--accept needs --reason TEXT: why this state is right'],
    ['a blank reason', ['--reason', ' \t'], '--accept needs --reason TEXT'],
    ['a reason that is too long', ['--reason', 'x'.repeat(1_001)], '--reason has at most 1000 characters, but got 1001'],
    ['a ref that git does not know', [...REASON, '--baseline-ref', 'nowhere'], "--baseline-ref: git knows no 'nowhere' in"],
    ['what it would ignore', [...REASON, '--golden', 'x.yml'], '--accept goes with --reason and --baseline-ref alone, but got also --golden'],
    ['two folders', [...REASON, '.', '.github'], "drift --accept takes one FOLDER, but got also '.github'"],
  ])('refuses %s, and writes nothing', async (_, args, message) => {
    const { folder } = workflowRepository(CLEAN)
    const { code, stderr } = await accept(folder, ...args)
    expect([code, existsSync(join(folder, FILE))]).toEqual([2, false])
    expect(stderr).toContain(message)
  })

  it('refuses a reason for nothing, a folder outside git, a repository without a commit, and a person whom git does not know', async () => {
    const { folder } = workflowRepository(CLEAN)
    expect((await runMain(folder, ['drift', ...REASON])).stderr).toContain('it goes with --accept')
    expect((await accept(makeFolder({ [CI]: CLEAN }), ...REASON)).stderr).toContain('--accept needs a git repository')
    const empty = makeFolder({ [CI]: CLEAN })
    execFileSync('git', ['init', '-q'], { cwd: empty })
    expect((await accept(empty, ...REASON)).stderr).toContain("git knows no 'HEAD'")
    const nobody = await runMain(folder, ['drift', '--accept', ...REASON], { git: (at, args) => (args[0] === 'var' ? { status: 'failed', output: '' } : runGit(at, args)) })
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining('git does not know who you are') as string])
  })

  it('writes through no link that leads out of the repository', async () => {
    const { folder } = workflowRepository(CLEAN)
    const outside = makeFolder({ 'kept.json': '{}' })
    symlinkSync(join(outside, 'kept.json'), join(folder, FILE))
    expect(await accept(folder, ...REASON)).toMatchObject({ code: 3, stdout: '' })
    expect(readFileSync(join(outside, 'kept.json'), 'utf8')).toBe('{}')
  })
})

describe('drift in a repository that says what was accepted', () => {
  it.each([
    ['{', 'it is not JSON'],
    [JSON.stringify({ schemaVersion: 1, commit: 'main' }), 'its commit is "main", not 40 or 64 hex digits'],
  ])('refuses the file %j', async (text, message) => {
    const { folder } = workflowRepository(CLEAN)
    writeFileSync(join(folder, FILE), text)
    const { code, stderr } = await drift(folder)
    expect(code).toBe(2)
    expect(stderr).toContain(`${FILE}' cannot be used: ${message}; drift --accept writes it anew`)
    expect((await drift(folder, '--baseline-ref', 'accepted')).code).toBe(0)
  })

  it('says what to do about a commit that was rewritten, and in a shallow clone', async () => {
    const { folder, git, commit } = workflowRepository(CLEAN)
    writeFileSync(join(folder, FILE), JSON.stringify({ schemaVersion: 1, commit: 'c'.repeat(40), by: 'Jane', date: '2026-11-20', reason: 'x' }))
    expect(await drift(folder)).toMatchObject({ code: 2, stderr: expect.stringContaining(`${FILE}: git knows no '${'c'.repeat(40)}'`) as string })
    expect((await drift(folder)).stderr).toContain('its branch may have been rewritten; accept another state with drift --accept')
    await accept(folder, ...REASON)
    git('add', '-A')
    commit(WEAKER)
    const clone = makeFolder({})
    execFileSync('git', ['clone', '-q', '--depth', '1', `file://${folder}`, clone])
    expect(await drift(clone)).toMatchObject({ code: 2, stderr: expect.stringContaining("this clone is shallow: 'git fetch --unshallow' brings the rest") as string })
    // With the accepted commit alone, the last one seems to have made every line.
    execFileSync('git', ['fetch', '-q', '--depth', '1', 'origin', git('rev-parse', 'accepted').trim()], { cwd: clone })
    expect((await drift(clone)).baseline?.changes).toMatchObject([{ kind: 'weakened', origin: null }])
    execFileSync('git', ['fetch', '-q', '--unshallow'], { cwd: clone })
    expect((await drift(clone)).baseline?.changes).toMatchObject([{ kind: 'weakened', origin: { author: 'Jane' } }])
  })

  it('compares each repository with its own', async () => {
    const top = makeFolder({})
    const [one, two] = [workflowRepository(CLEAN), workflowRepository(CLEAN)]
    await accept(one.folder, ...REASON)
    one.commit(WEAKER)
    two.commit(WEAKER)
    for (const [name, { folder }] of [['one', one], ['two', two]] as const) execFileSync('git', ['clone', '-q', folder, join(top, name)])
    const { baseline } = await drift(top)
    expect([baseline?.accepted?.map(({ path }) => path), baseline?.changes]).toMatchObject([[`one/${FILE}`], [{ path: `one/${CI}` }]])
  })
})
