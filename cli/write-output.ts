// Writes a file that a person named on the command line.
import * as path from 'node:path'
import type { World } from './world.ts'
import { errorCode } from '../worktree/file-system.ts'

/** Null when it is written, else why not. `isNew`: a file that exists is left alone, with EEXIST as the reason. */
export function writeOutput({ cwd, fs }: Pick<World, 'cwd' | 'fs'>, name: string, text: string, isNew = false): string | null {
  const file = path.resolve(cwd, name)
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text, { flag: isNew ? 'wx' : 'w' })
    return null
  } catch (error) {
    return whyNotWritten(error)
  }
}

/** For a person. Throws what is no error of the file system. */
export function whyNotWritten(error: unknown): string {
  const code = errorCode(error)
  if (code === null) throw error
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'permission denied' : code
}
