// Reads one file for analysis, and never one outside the repository: a symbolic link that leads out is refused by name. What
// cannot be read is an answer, not a throw, so that one bad file never costs the others their results.
import * as path from 'node:path'
import { constants } from 'node:fs'
import type { SourceFile } from '../analysis/analyse.ts'
import type { FileSystem } from './file-system.ts'
import { MAX_SOURCE_BYTES, decodeText, tooLarge } from '../analysis/source/decode.ts'
import { errorCode } from './file-system.ts'

// O_NOFOLLOW closes the gap between the check and the opening; O_NONBLOCK keeps a named pipe from hanging us. Windows has neither.
const FLAGS = constants.O_RDONLY | ((constants.O_NOFOLLOW as number | undefined) ?? 0) | ((constants.O_NONBLOCK as number | undefined) ?? 0)

/** `root` is absolute; the path that the reader takes has `/` and becomes the answer's path. */
export function createSourceReader(fs: FileSystem, root: string): (relative: string) => SourceFile {
  let realRoot: string | null = null
  return (relative) => {
    try {
      realRoot ??= fs.realpathSync.native(root)
      const real = fs.realpathSync.native(path.join(root, relative))
      if (!isInside(realRoot, real)) {
        return { path: relative, error: 'the file is reached by a symbolic link that leads out of the repository; it is not followed' }
      }
      return { path: relative, ...readRegularFile(fs, real) }
    } catch (error) {
      return { path: relative, error: reasonOf(error) }
    }
  }
}

/** True for the folder itself and everything below it; both absolute. */
export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file)
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)
}

function readRegularFile(fs: FileSystem, file: string) {
  const descriptor = fs.openSync(file, FLAGS)
  try {
    const stats = fs.fstatSync(descriptor)
    if (stats.isDirectory()) return { error: 'the path is a folder, not a file' }
    if (!stats.isFile()) return { error: 'the path is not a regular file' }
    if (stats.size > MAX_SOURCE_BYTES) return { error: tooLarge(stats.size) }
    return decodeText(readUpTo(fs, descriptor, stats.size))
  } finally {
    fs.closeSync(descriptor)
  }
}

/** One byte more than the size is asked for: whoever gets it knows that the file grew while it was read. */
function readUpTo(fs: FileSystem, descriptor: number, sizeBytes: number): Buffer {
  let bytes = Buffer.allocUnsafe(sizeBytes + 1)
  let length = 0
  for (;;) {
    const count = fs.readSync(descriptor, bytes, length, bytes.length - length, null)
    length += count
    // A regular file gives less than was asked for only at its end.
    if (length < bytes.length || length > MAX_SOURCE_BYTES) return bytes.subarray(0, length)
    bytes = Buffer.concat([bytes, Buffer.allocUnsafe(bytes.length)])
  }
}

function reasonOf(error: unknown): string {
  const code = errorCode(error)
  switch (code) {
    case 'ENOENT': case 'ENOTDIR': return 'the file disappeared while it was read, or its symbolic link leads nowhere'
    case 'EACCES': case 'EPERM': return 'permission denied: the file may not be read'
    case 'ELOOP': return 'the path is a loop of symbolic links, or became a symbolic link while it was read'
    case 'EISDIR': return 'the path is a folder, not a file'
    case 'EMFILE': case 'ENFILE': return 'too many files are open'
    case null: throw error
    default: return `the file cannot be read (${code})`
  }
}
