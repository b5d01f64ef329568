// What git tracks here, and the texts of it.
import { execFileSync } from 'node:child_process'
import { lstatSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { REPOSITORY_ROOT } from '../runner/repository-root.ts'

/** Tracked files that exist, relative with `/`, ascending. */
export const trackedFiles = (): string[] => listFiles('--cached')

/** Those, and the ones that could be added: ignored files are not in it. */
export const repositoryFiles = (): string[] => listFiles('--cached', '--others', '--exclude-standard')

function listFiles(...which: readonly string[]): string[] {
  const options = { cwd: fileURLToPath(REPOSITORY_ROOT), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const
  const listed = execFileSync('git', ['ls-files', '-z', ...which], options)
  return [...new Set(listed.split('\0'))].filter((name) => name !== '' && isFile(name)).sort()
}

const isFile = (name: string): boolean => lstatSync(new URL(name, REPOSITORY_ROOT), { throwIfNoEntry: false })?.isFile() === true

export function readRepositoryFile(name: string): string {
  return readFileSync(new URL(name, REPOSITORY_ROOT), 'utf8')
}

/** Null for a binary file. */
export function readText(name: string): string | null {
  const text = readRepositoryFile(name)
  return text.includes('\0') ? null : text
}
