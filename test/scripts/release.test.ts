// The release script against a bare remote of its own: what a user of a tag gets, and that nothing half-done leaves the clone.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '../..')
const IDENTITY = { GIT_AUTHOR_NAME: 'Releaser', GIT_AUTHOR_EMAIL: 'releaser@example.com', GIT_COMMITTER_NAME: 'Releaser', GIT_COMMITTER_EMAIL: 'releaser@example.com' }
const PINNED = /autodevops\/analyze(?:\/[\w./-]+)?@([0-9a-f]{40}) # (v[\d.]+)/g

let folder = ''
const clone = () => path.join(folder, 'clone')
const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: clone(), encoding: 'utf8', env: { ...process.env, ...IDENTITY } }).trim()
const remote = (...args: readonly string[]): string => execFileSync('git', ['--git-dir', path.join(folder, 'remote.git'), ...args], { encoding: 'utf8' }).trim()

function release(...args: readonly string[]) {
  return spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), path.join(ROOT, 'scripts/release.ts'), ...args], { cwd: clone(), encoding: 'utf8', env: { ...process.env, ...IDENTITY } })
}

function commitVersion(version: string): void {
  writeFileSync(path.join(clone(), 'package.json'), JSON.stringify({ version }))
  writeFileSync(path.join(clone(), 'CHANGELOG.md'), `# Changelog\n\n## ${version}\nWords.\n`)
  git('add', '-A')
  git('commit', '-qm', `version ${version}`)
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'release-'))
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', path.join(folder, 'remote.git')])
  execFileSync('git', ['clone', '-q', path.join(folder, 'remote.git'), clone()], { stdio: 'ignore' })
  git('checkout', '-q', '-B', 'main')
  for (const name of ['workflows', '.github/workflows', 'action.yml']) cpSync(path.join(ROOT, name), path.join(clone(), name), { recursive: true })
  for (const file of ['dist/index.js', 'dist/cli/index.js']) {
    mkdirSync(path.dirname(path.join(clone(), file)), { recursive: true })
    writeFileSync(path.join(clone(), file), '// built\n')
  }
  commitVersion('1.2.0')
})

afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

describe('a release', () => {
  it('tags a commit whose workflows use the commit that holds dist/, under its version', () => {
    const built = git('rev-parse', 'HEAD')
    expect(release('--version', '1.2.0', '--push')).toMatchObject({ status: 0, stderr: '' })
    expect(remote('rev-parse', 'v1^{commit}')).toBe(remote('rev-parse', 'v1.2.0^{commit}'))
    expect(remote('rev-parse', 'main')).toBe(remote('rev-parse', 'v1^{commit}'))
    for (const file of ['workflows/reusable/analyze.yml', '.github/workflows/drift-check.yml', 'workflows/starters/autodevops-analyze.yml']) {
      const pins = [...remote('show', `v1:${file}`).matchAll(PINNED)].map(([, commit, version]) => [commit, version])
      expect(pins).toEqual([[built, 'v1.2.0']])
    }
  })

  it('gives a consumer of the moving tag an Action and workflows that resolve', () => {
    expect(release('--version', '1.2.0', '--push').status).toBe(0)
    expect(remote('show', 'v1:action.yml')).toContain('main: dist/index.js')
    expect(remote('cat-file', '-t', 'v1:dist/index.js')).toBe('blob')
    const [, called = ''] = /analyze\.yml@([0-9a-f]{40})/.exec(remote('show', 'v1:workflows/starters/autodevops-analyze.yml')) ?? []
    expect(remote('show', `${called}:.github/workflows/analyze.yml`)).toContain('workflow_call:')
    expect(remote('cat-file', '-t', `${called}:dist/index.js`)).toBe('blob')
  })

  it('moves the major along and leaves the older version where it was', () => {
    expect(release('--version', '1.2.0', '--push').status).toBe(0)
    const first = remote('rev-parse', 'v1.2.0')
    commitVersion('1.3.0')
    expect(release('--version', '1.3.0', '--push').status).toBe(0)
    expect(remote('rev-parse', 'v1.2.0')).toBe(first)
    expect(remote('rev-parse', 'v1^{commit}')).toBe(remote('rev-parse', 'v1.3.0^{commit}'))
  })

  it('pushes nothing unless it is told to', () => {
    expect(release('--version', '1.2.0')).toMatchObject({ status: 0, stdout: expect.stringContaining('nothing was pushed') as string })
    expect(remote('for-each-ref')).toBe('')
  })

  it('pushes neither tag when somebody pushed in between', () => {
    git('push', '-q', 'origin', 'main')
    execFileSync('git', ['clone', '-q', path.join(folder, 'remote.git'), path.join(folder, 'other')], { stdio: 'ignore' })
    execFileSync('git', ['commit', '-q', '--allow-empty', '-m', 'meanwhile'], { cwd: path.join(folder, 'other'), env: { ...process.env, ...IDENTITY } })
    execFileSync('git', ['push', '-q', 'origin', 'HEAD:main'], { cwd: path.join(folder, 'other') })
    const { status, stderr } = release('--version', '1.2.0', '--push')
    expect([status, stderr]).toEqual([1, expect.stringContaining('git push failed')])
    expect(remote('tag', '--list')).toBe('')
  })
})

describe('a release that must not be', () => {
  it('names everything that is wrong and changes nothing', () => {
    writeFileSync(path.join(clone(), 'left-over'), 'x')
    const { status, stderr } = release('--version', '2.0.0', '--push')
    expect(status).toBe(1)
    expect(stderr).toContain('not committed')
    expect(stderr).toContain('package.json says 1.2.0, not 2.0.0')
    expect(stderr).toContain("CHANGELOG.md has no section '## 2.0.0'")
    expect(git('tag', '--list')).toBe('')
    expect(readFileSync(path.join(clone(), 'workflows/reusable/analyze.yml'), 'utf8')).toBe(readFileSync(path.join(ROOT, 'workflows/reusable/analyze.yml'), 'utf8'))
  })

  it('refuses a version that exists', () => {
    expect(release('--version', '1.2.0', '--push').status).toBe(0)
    expect(release('--version', '1.2.0', '--push')).toMatchObject({ status: 1, stderr: expect.stringContaining('v1.2.0 exists already') as string })
  })

  it.each([['v1.2.0'], ['1.2'], [''], ['1.2.0; rm -rf /']])('refuses %j as a version', (version) => {
    expect(release('--version', version)).toMatchObject({ status: 1, stderr: expect.stringContaining('three numbers') as string })
  })
})
