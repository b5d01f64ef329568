// A working tree as actions/checkout leaves it: the files, git's index, and HEAD at the given commit. The commit's objects are
// not there; nothing that runs on a runner reads them.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface Checkout {
  readonly folder: string
  remove(): void
}

/** `files` by path, relative with `/`. */
export function checkOut(files: Readonly<Record<string, string | Uint8Array>>, commit: string): Checkout {
  const folder = mkdtempSync(path.join(tmpdir(), 'autodevops-checkout-'))
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', folder])
  execFileSync('git', ['-C', folder, '-c', 'core.autocrlf=false', 'add', '--all', '--force'])
  mkdirSync(path.join(folder, '.git/refs/heads'), { recursive: true })
  writeFileSync(path.join(folder, '.git/refs/heads/main'), `${commit}\n`)
  return { folder, remove: () => { rmSync(folder, { recursive: true, force: true }) } }
}
