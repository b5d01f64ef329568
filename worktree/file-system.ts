// The part of node:fs that reading a working tree needs, as an argument: a test injects a file that disappears, or a refusal.
import * as fs from 'node:fs'

export type FileSystem = Pick<
  typeof fs,
  'closeSync' | 'fstatSync' | 'lstatSync' | 'openSync' | 'readFileSync' | 'readSync' | 'readdirSync' | 'realpathSync' | 'statSync'
>

export const REAL_FILE_SYSTEM: FileSystem = fs

/** The system's name for what went wrong (`ENOENT`, `EACCES`), or null for anything else that was thrown. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

/** False where nothing lies; true where something does or where the system does not let us know, which reading it will say. */
export function exists(fs: FileSystem, file: string): boolean {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    return errorCode(error) !== 'ENOTDIR'
  }
}

/** Symbolic links followed; false for whatever cannot be looked at. */
export function isFolder(fs: FileSystem, file: string): boolean {
  try {
    return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() === true
  } catch {
    return false
  }
}
