// A folder of real files for one test, removed when it ends; as a git repository where the test wants one.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** Absolute path of a new folder with these files (path -> content). */
export function makeFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'autodevops-test-')))
  onTestFinished(() => { rmSync(folder, { recursive: true, force: true }) })
  addFiles(folder, files)
  return folder
}

export function addFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
}

/** Runs git in the folder, untouched by the settings of whoever runs the tests. */
export function git(folder: string, ...args: readonly string[]): string {
  const { GIT_DIR: _dir, GIT_INDEX_FILE: _index, GIT_WORK_TREE: _tree, ...env } = process.env
  return execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main', '-c', 'commit.gpgsign=false', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()
}

/** A repository whose files are all added, not committed. */
export function makeRepository(files: Readonly<Record<string, string | Uint8Array>>, ...initArgs: readonly string[]): string {
  const folder = makeFolder(files)
  git(folder, 'init', '-q', ...initArgs)
  git(folder, 'add', '-A')
  return folder
}
