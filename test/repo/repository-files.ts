// What git tracks here, and the texts of it.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { REPOSITORY_ROOT } from '../runner/repository-root.ts'

/** Tracked paths that exist, relative with `/`, ascending; those that are about to be added are in it, ignored ones are not. */
export function repositoryFiles(): string[] {
  const options = { cwd: fileURLToPath(REPOSITORY_ROOT), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options)
  return [...new Set(listed.split('\0'))].filter((name) => name !== '' && existsSync(new URL(name, REPOSITORY_ROOT))).sort()
}

export function readRepositoryFile(name: string): string {
  return readFileSync(new URL(name, REPOSITORY_ROOT), 'utf8')
}

/** Null for a binary file. */
export function readText(name: string): string | null {
  const text = readRepositoryFile(name)
  return text.includes('\0') ? null : text
}
