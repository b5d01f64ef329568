// The text of a file of our own making that an option names, however large.
import * as path from 'node:path'
import type { World } from './world.ts'
import { errorCode } from '../worktree/file-system.ts'
import { UsageError } from './usage-error.ts'

export interface NamedFile {
  /** As it is written: `--baseline`. */
  readonly option: string
  readonly name: string
  /** How one comes by such a file. */
  readonly writtenBy: string
}

/** Throws UsageError for what is not there or cannot be read. */
export function readNamedFile({ cwd, fs }: Pick<World, 'cwd' | 'fs'>, { option, name, writtenBy }: NamedFile): string {
  try {
    return fs.readFileSync(path.resolve(cwd, name), 'utf8')
  } catch (error) {
    const code = errorCode(error)
    if (code === null) throw error
    throw new UsageError(code === 'ENOENT' || code === 'ENOTDIR' ? `${option}: no such file: '${name}'; ${writtenBy} writes one` : `${option}: '${name}' cannot be read (${code})`)
  }
}
