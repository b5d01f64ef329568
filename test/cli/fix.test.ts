import * as fs from 'node:fs'
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../analysis/finding.ts'
import { git, makeFolder, makeRepository } from '../worktree/make-folder.ts'
import { runMain } from './run-main.ts'
import { CLEAN, RETIRED } from './workflows.ts'

const CI = '.github/workflows/ci.yml'
const textOf = (folder: string, name = CI): string => fs.readFileSync(path.join(folder, name), 'utf8')

describe('fix', () => {
  it('prints a patch that git applies, and changes nothing itself', async () => {
    const folder = makeRepository({ [CI]: RETIRED })
    const { code, stdout, stderr } = await runMain(folder, ['fix'])
    expect(code).toBe(1)
    expect(stdout).toContain(`--- a/${CI}\n+++ b/${CI}\n`)
    expect(stdout).toContain('\n-    runs-on: ubuntu-20.04\n+    runs-on: ubuntu-24.04\n')
    expect(stderr).toContain('1 finding can be repaired in 1 file')
    expect(textOf(folder)).toBe(RETIRED)
    execFileSync('git', ['apply', '-'], { cwd: folder, input: stdout })
    expect(textOf(folder)).toBe(CLEAN)
  })

  it('prints the same with --diff', async () => {
    const folder = makeRepository({ [CI]: RETIRED })
    expect(await runMain(folder, ['fix', '--diff'])).toEqual(await runMain(folder, ['fix']))
  })

  it('writes with --write, keeps the mode, and finds nothing the second time', async () => {
    const folder = makeRepository({ [CI]: RETIRED })
    fs.chmodSync(path.join(folder, CI), 0o640)
    const first = await runMain(folder, ['fix', '--write'])
    expect([first.code, first.stdout]).toEqual([0, ''])
    expect(first.stderr).toContain('1 finding repaired in 1 file')
    expect(textOf(folder)).toBe(CLEAN)
    expect(fs.statSync(path.join(folder, CI)).mode & 0o777).toBe(0o640)
    const second = await runMain(folder, ['fix', '--write'])
    expect([second.code, second.stderr]).toEqual([0, 'nothing to repair\n'])
    expect(fs.readdirSync(path.join(folder, '.github/workflows'))).toEqual(['ci.yml'])
  })

  it('keeps CRLF line breaks, a byte order mark and a missing last line break', async () => {
    const strange = `\ufeff${RETIRED.trimEnd().replaceAll('\n', '\r\n')}`
    const folder = makeRepository({ [CI]: strange })
    await runMain(folder, ['fix', '--write'])
    expect(textOf(folder)).toBe(strange.replace('ubuntu-20.04', 'ubuntu-24.04'))
  })

  it('leaves unsafe fixes to --unsafe, and says that there are some', async () => {
    const folder = makeRepository({ [CI]: CLEAN.replace('timeout-minutes', 'timeout-minute') })
    const safe = await runMain(folder, ['fix'])
    expect([safe.stdout, safe.stderr]).toEqual(['', 'nothing to repair; --unsafe adds 1 fix\n'])
    const unsafe = await runMain(folder, ['fix', '--unsafe'])
    expect(unsafe.stdout).toContain('+    timeout-minutes: 10')
  })

  it('filters pushes by the default branch where git knows it, and says nothing else than without', async () => {
    const folder = makeRepository({ [CI]: CLEAN.replace('on: push', 'on: [push, pull_request]') })
    const findingsOf = async (): Promise<unknown> => {
      const { findings, summary: { fixable: _count, ...summary } } = JSON.parse((await runMain(folder, ['analyze', '--profile', 'pedantic', '--format', 'json'])).stdout) as { findings: Finding[]; summary: { fixable: number } }
      return [findings.map(({ fix: _fix, ...finding }) => finding), summary]
    }
    const before = await findingsOf()
    expect((await runMain(folder, ['fix', '--unsafe', '--profile', 'pedantic'])).stdout).not.toContain('branches:')
    git(folder, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk')
    expect((await runMain(folder, ['fix', '--unsafe', '--profile', 'pedantic'])).stdout).toContain('+    branches: [trunk]')
    expect(JSON.stringify(before)).toContain('wasted-runs')
    expect(await findingsOf()).toEqual(before)
  })

  it('creates a file and adds to one: as a patch that git applies, from where the person stands, or in place', async () => {
    const files = { [CI]: CLEAN, 'main.c': '', CODEOWNERS: '*.c @sam', '.github/autodevops.yml': "profile: pedantic\npipeline-owners: ['@acme/platform']\n" }
    const owners = '*.c @sam\n/.github/workflows/ @acme/platform\n'
    const [printed, written] = [makeRepository(files), makeRepository(files)]
    const from = path.join(printed, '.github')
    const { stdout, stderr } = await runMain(from, ['fix', '--unsafe', '..'])
    expect(stdout).toContain('--- /dev/null\n+++ b/dependabot.yml\n')
    expect(stdout).toContain('--- a/../CODEOWNERS\n+++ b/../CODEOWNERS\n')
    expect(stderr).toContain('codeowners-missing  add to CODEOWNERS @acme/platform for ')
    const atTop = await runMain(printed, ['fix', '--unsafe'])
    execFileSync('git', ['apply', '-'], { cwd: printed, input: atTop.stdout })
    await runMain(written, ['fix', '--unsafe', '--write'])
    for (const folder of [printed, written]) {
      expect([textOf(folder, 'CODEOWNERS'), textOf(folder, '.github/dependabot.yml').slice(0, 20)]).toEqual([owners, 'version: 2\n\nupdates:'])
      expect((await runMain(folder, ['fix', '--unsafe'])).stderr).toBe('nothing to repair\n')
    }
  })

  it('creates workflows, the one for the tests by the scripts that package.json has', async () => {
    const release = CLEAN.replace('on: push', 'on: release').replace('make', 'echo')
    const manifest = (scripts: string): string => `{"scripts": {${scripts}}}`
    const files = { '.github/workflows/release.yml': release, 'a.js': '', 'a.test.js': '', 'package.json': manifest('"test": "node --test"'), 'package-lock.json': '', '.github/autodevops.yml': 'profile: pedantic\n' }
    const folder = makeRepository(files)
    expect((await runMain(folder, ['fix'])).stderr).toMatch(/--unsafe adds \d+ fixes/)
    const { stderr } = await runMain(folder, ['fix', '--unsafe', '--write'])
    expect(stderr).toContain('no-tests  create .github/workflows/tests.yml, which runs the tests (unsafe)')
    expect(fs.readdirSync(path.join(folder, '.github/workflows')).sort()).toEqual(['codeql.yml', 'dependency-review.yml', 'release.yml', 'scorecard.yml', 'tests.yml'])
    expect(textOf(folder, '.github/workflows/tests.yml')).toContain('run: npm run test\n')
    expect((await runMain(folder, ['fix', '--unsafe'])).stderr).toBe('nothing to repair\n')
    const { findings } = JSON.parse((await runMain(folder, ['analyze', '--format', 'json'])).stdout) as { findings: Finding[] }
    expect(findings.filter((finding) => !finding.path.endsWith('release.yml')).map(({ ruleId }) => ruleId)).toEqual(['codeowners-missing'])
    const without = makeRepository({ ...files, 'package.json': manifest('"build": "tsc"') })
    expect((await runMain(without, ['fix', '--unsafe'])).stdout).not.toContain('workflows/tests.yml')
  })

  it('leaves a file alone that came into being since it looked', async () => {
    const folder = makeRepository({ [CI]: CLEAN, 'main.c': '', '.github/autodevops.yml': 'profile: pedantic\n' })
    const mkdirSync = ((...args: Parameters<typeof fs.mkdirSync>) => {
      fs.writeFileSync(path.join(folder, '.github/dependabot.yml'), 'theirs')
      return fs.mkdirSync(...args)
    }) as typeof fs.mkdirSync
    const { code, stderr } = await runMain(folder, ['fix', '--write'], { fs: { mkdirSync } })
    expect([code, textOf(folder, '.github/dependabot.yml')]).toEqual([3, 'theirs'])
    expect(stderr).toContain('not written: .github/dependabot.yml: it is there by now; run again')
  })

  it('repairs only what the filters show', async () => {
    const folder = makeRepository({ [CI]: RETIRED.replace('timeout-minutes', 'timeout-minute') })
    const some = await runMain(folder, ['fix', '--unsafe', '--min-confidence', 'high'])
    const all = await runMain(folder, ['fix', '--unsafe'])
    expect(all.stdout.length).toBeGreaterThanOrEqual(some.stdout.length)
    const file = makeRepository({ [CI]: RETIRED, 'action.yml': 'name: x\n' })
    expect((await runMain(file, ['fix', 'action.yml'])).stdout).toBe('')
  })

  it('never writes over a change made since it read', async () => {
    const folder = makeRepository({ [CI]: RETIRED })
    const file = path.join(folder, CI)
    let reads = 0
    const openSync = ((...args: Parameters<typeof fs.openSync>) => {
      reads++
      const descriptor = fs.openSync(...args)
      if (args[0] === file) fs.appendFileSync(file, '# a person was here\n')
      return descriptor
    }) as typeof fs.openSync
    const fstatSync = ((descriptor: number) => Object.assign(fs.fstatSync(descriptor), { size: RETIRED.length })) as typeof fs.fstatSync
    const readSync = ((descriptor: number, buffer: Buffer, offset: number, length: number) =>
      fs.readSync(descriptor, buffer, offset, Math.min(length, RETIRED.length - offset), offset)) as typeof fs.readSync
    const { code, stderr } = await runMain(folder, ['fix', '--write'], { fs: { openSync, fstatSync, readSync } })
    expect(reads).toBeGreaterThan(0)
    expect([code, stderr.includes(`not written: ${CI}: it changed since it was read`)]).toEqual([3, true])
    expect(textOf(folder)).toBe(`${RETIRED}# a person was here\n`)
  })

  it('writes the other files when one may not be written, leaves no draft, and answers 3', async () => {
    const folder = makeRepository({ [CI]: RETIRED, '.github/workflows/other.yml': RETIRED })
    const renameSync: typeof fs.renameSync = (from, to) => {
      if (String(to).endsWith('ci.yml')) throw Object.assign(new Error('no'), { code: 'EACCES' })
      fs.renameSync(from, to)
    }
    const { code, stderr } = await runMain(folder, ['fix', '--write'], { fs: { renameSync } })
    expect(code).toBe(3)
    expect(stderr).toContain(`not written: ${CI}: permission denied`)
    expect(textOf(folder)).toBe(RETIRED)
    expect(textOf(folder, '.github/workflows/other.yml')).toBe(CLEAN)
    expect(fs.readdirSync(path.join(folder, '.github/workflows'))).toEqual(['ci.yml', 'other.yml'])
  })

  it('writes the target of a symbolic link and leaves the link', async () => {
    const folder = makeRepository({ 'common/ci.yml': RETIRED })
    fs.mkdirSync(path.join(folder, '.github/workflows'), { recursive: true })
    fs.symlinkSync('../../common/ci.yml', path.join(folder, CI))
    expect((await runMain(folder, ['fix', '--write', CI])).code).toBe(0)
    expect(fs.lstatSync(path.join(folder, CI)).isSymbolicLink()).toBe(true)
    expect(textOf(folder, 'common/ci.yml')).toBe(CLEAN)
  })

  it('repairs single files outside any repository', async () => {
    const folder = makeFolder({ 'x.yml': RETIRED })
    expect((await runMain(folder, ['fix', 'x.yml'])).stdout).toContain('--- a/x.yml')
  })
})
