// Reads git's index (versions 2, 3 and 4, SHA-1 and SHA-256): which paths are tracked. Starting git would cost more than the whole
// analysis. Leaves out times, object ids and extensions; a split index is refused, because its entries lie in another file.

export interface IndexEntry {
  /** With `/`, as git writes it. */
  readonly path: string
  readonly mode: number
  /** True for files that a sparse checkout keeps out of the working tree. */
  readonly skipWorktree: boolean
}

/** `refused` says why the index cannot be used. */
export type GitIndex = { readonly entries: readonly IndexEntry[] } | { readonly refused: string }

/** Mode bits of an entry: the type of what is tracked. */
export const MODE_TYPE = 0o170000
export const MODE_SUBMODULE = 0o160000
/** In a sparse index one entry stands for a whole folder outside the checkout. */
export const MODE_FOLDER = 0o040000

const SIGNATURE = 'DIRC'
const FIXED_BYTES = 40 // times, device, inode, mode, owner, size: what stands before the object id
const EXTENDED = 0x4000
const STAGE = 0x3000
const NAME_LENGTH = 0x0fff
const SKIP_WORKTREE = 0x4000

/** Ascending by path; a path in conflict appears once. Only paths that begin with `prefix` ('': all): the others become no strings. */
export function parseGitIndex(bytes: Buffer, hashBytes: 20 | 32, prefix = ''): GitIndex {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== SIGNATURE) return { refused: 'it does not start with DIRC' }
  const version = bytes.readUInt32BE(4)
  if (version < 2 || version > 4) return { refused: `its version is ${version}, known are 2, 3 and 4` }
  try {
    const { entries, end } = readEntries(bytes, hashBytes, version, Buffer.from(prefix))
    return isSplit(bytes, end, hashBytes) ? { refused: 'it is split over two files' } : { entries }
  } catch (error) {
    if (error instanceof RangeError) return { refused: 'it is damaged' }
    throw error
  }
}

function readEntries(bytes: Buffer, hashBytes: number, version: number, prefix: Buffer): { entries: IndexEntry[]; end: number } {
  const entries: IndexEntry[] = []
  const readPath = version === 4 ? createPrefixReader(bytes, prefix) : readPaddedPath(bytes, prefix)
  let at = 12
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const start = at
    at += FIXED_BYTES + hashBytes
    if (at + 4 > bytes.length) throw new RangeError('an entry is cut off')
    // The upper half of the mode is always zero.
    const mode = uint16(bytes, start + 26)
    const flags = uint16(bytes, at)
    at += 2
    let skipWorktree = false
    if (version > 2 && (flags & EXTENDED) !== 0) {
      skipWorktree = (uint16(bytes, at) & SKIP_WORKTREE) !== 0
      at += 2
    }
    const { path, next } = readPath(start, at, flags & NAME_LENGTH)
    at = next
    const isRepeated = (flags & STAGE) !== 0 && entries.at(-1)?.path === path
    if (path !== null && !isRepeated) entries.push({ path, mode, skipWorktree })
  }
  return { entries, end: at }
}

/** Without the checks that Buffer's own reader makes for each call: there are as many entries as files. */
const uint16 = (bytes: Buffer, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)

/** The path, null when it does not begin with the prefix, and where the next entry starts. */
type PathReader = (start: number, at: number, length: number) => { path: string | null; next: number }

function startsWith(bytes: Buffer, at: number, prefix: Buffer): boolean {
  for (let index = 0; index < prefix.length; index++) if (bytes[at + index] !== prefix[index]) return false
  return true
}

/** Versions 2 and 3: the path, then 1 to 8 NUL up to a multiple of 8 bytes from the entry's start. */
function readPaddedPath(bytes: Buffer, prefix: Buffer): PathReader {
  return (start, at, length) => {
    const end = length < NAME_LENGTH ? at + length : endOfString(bytes, at)
    if (bytes[end] !== 0) throw new RangeError('no NUL behind a path')
    return { path: startsWith(bytes, at, prefix) ? bytes.toString('utf8', at, end) : null, next: start + ((end - start + 8) & ~7) }
  }
}

/** Version 4: how many bytes of the path before to drop, then what to append, ended by NUL. */
function createPrefixReader(bytes: Buffer, prefix: Buffer): PathReader {
  let before = Buffer.alloc(0)
  return (_start, at) => {
    let byte = bytes.readUInt8(at++)
    let drop = byte & 0x7f
    while ((byte & 0x80) !== 0) {
      byte = bytes.readUInt8(at++)
      drop = (drop + 1) * 128 + (byte & 0x7f)
    }
    if (drop > before.length) throw new RangeError('a path drops more than the one before it has')
    const end = endOfString(bytes, at)
    before = Buffer.concat([before.subarray(0, before.length - drop), bytes.subarray(at, end)])
    return { path: startsWith(before, 0, prefix) ? before.toString('utf8') : null, next: end + 1 }
  }
}

function endOfString(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(0, at)
  if (end < 0) throw new RangeError('no NUL behind a path')
  return end
}

/** Extensions stand between the entries and the checksum: four letters, a size, the content. */
function isSplit(bytes: Buffer, from: number, hashBytes: number): boolean {
  let at = from
  while (at + 8 <= bytes.length - hashBytes) {
    if (bytes.toString('latin1', at, at + 4) === 'link') return true
    at += 8 + bytes.readUInt32BE(at + 4)
  }
  return false
}
