// Starts the bundle beside it with the code that V8 compiled last time: a third of a run's time is compiling. The cache lies in the
// user's own cache folder, belongs to the bundle's hash, and is only a shortcut: whatever is wrong with it, the bundle runs.
// NODE_DISABLE_COMPILE_CACHE=1 switches it off, as it does Node's own.
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import * as path from 'node:path'
import process from 'node:process'
import { getHeapCodeStatistics, getHeapSpaceStatistics } from 'node:v8'
import { Script } from 'node:vm'

/** SHA-256 of main.js, put in by the build. V8 itself would accept the code of another source of the same length. */
declare const AUTODEVOPS_MAIN_HASH: string

interface CompiledCode {
  readonly code: Buffer
  /** How much bytecode the process had that wrote it, and how large its heap was (`heapBytes`). */
  readonly bytecodeBytes: number
  readonly heapBytes: number
}

/** A run that ends with this much more bytecode than the kept code came from writes its own: `--help` compiles little. */
const WORTH_WRITING = 1.1
const SIZES_BYTES = 8

const main = path.join(__dirname, 'main.js')
const folder = process.env.NODE_DISABLE_COMPILE_CACHE === '1' ? null : cacheFolder()
const cache = folder === null ? null : path.join(folder, `cli-${process.version}-${process.arch}.bin`)
run()

/** main.js is ASCII, and one function of a module's scope (scripts/build-command-line.mjs): nothing is decoded or wrapped. */
function run(): void {
  const kept = cache === null ? null : readCache(cache)
  const script = new Script(fs.readFileSync(main, 'latin1'), { filename: main, ...(kept === null ? {} : { cachedData: kept.code }) })
  if (cache !== null) process.once('exit', () => { keepCompiled(cache, script, script.cachedDataRejected === true ? null : kept) })
  const module = { exports: {} }
  const start = script.runInThisContext() as (...scope: readonly unknown[]) => void
  start(module.exports, createRequire(main), module)
}

/** The hash of the bundle and the two sizes stand in front of the code. */
function readCache(file: string): CompiledCode | null {
  try {
    const bytes = fs.readFileSync(file)
    const at = AUTODEVOPS_MAIN_HASH.length
    if (bytes.toString('latin1', 0, at) !== AUTODEVOPS_MAIN_HASH) return null
    return { code: bytes.subarray(at + SIZES_BYTES), bytecodeBytes: bytes.readUInt32LE(at), heapBytes: bytes.readUInt32LE(at + 4) }
  } catch {
    return null
  }
}

/** After the run, so that the functions that ran are in it. Replaced whole: two runs at once leave no mixture. */
function keepCompiled(file: string, script: Script, kept: CompiledCode | null): void {
  const heapBytes = settledHeapBytes()
  // Counting bytecode walks the whole heap; no run has much more of it in a heap that is no larger.
  if (kept !== null && heapBytes < kept.heapBytes * WORTH_WRITING) return
  const { bytecode_and_metadata_size: bytecodeBytes } = getHeapCodeStatistics()
  if (kept !== null && bytecodeBytes < kept.bytecodeBytes * WORTH_WRITING) return
  const draft = `${file}.${process.pid}`
  const sizes = Buffer.alloc(SIZES_BYTES)
  sizes.writeUInt32LE(bytecodeBytes)
  sizes.writeUInt32LE(heapBytes, 4)
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    fs.writeFileSync(draft, Buffer.concat([Buffer.from(AUTODEVOPS_MAIN_HASH, 'latin1'), sizes, script.createCachedData()]), { mode: 0o600 })
    fs.renameSync(draft, file)
  } catch {
    fs.rmSync(draft, { force: true })
  }
}

/** Without what was made last, which comes and goes; code is never there. */
function settledHeapBytes(): number {
  const bytes = getHeapSpaceStatistics().reduce((sum, { space_name: name, space_used_size: used }) => (name.startsWith('new_') ? sum : sum + used), 0)
  return Math.min(bytes, 0xffffffff)
}

/** Code is read from it, so only a folder of the user's own will do: none below a shared temporary folder. */
function cacheFolder(): string | null {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local, HOME: home } = process.env
  const root = xdg !== undefined && path.isAbsolute(xdg) ? xdg : process.platform === 'win32' ? local : home === undefined || home === '' ? undefined : path.join(home, '.cache')
  if (root === undefined || root === '') return null
  const mine = path.join(root, 'autodevops', 'compiled')
  return isForeign(mine) ? null : mine
}

function isForeign(file: string): boolean {
  try {
    const stats = fs.statSync(file, { throwIfNoEntry: false })
    return stats !== undefined && process.getuid !== undefined && (stats.uid !== process.getuid() || (stats.mode & 0o022) !== 0)
  } catch {
    return true
  }
}
