// Starts the bundle beside it with the code that V8 compiled last time: a third of a run's time is compiling. The cache lies in the
// user's own cache folder, belongs to the bundle's hash, and is only a shortcut: whatever is wrong with it, the bundle runs.
// NODE_DISABLE_COMPILE_CACHE=1 switches it off, as it does Node's own.
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import * as path from 'node:path'
import process from 'node:process'
import { getHeapCodeStatistics } from 'node:v8'
import { Script } from 'node:vm'

/** SHA-256 of main.js, put in by the build. V8 itself would accept the code of another source of the same length. */
declare const AUTODEVOPS_MAIN_HASH: string

interface CompiledCode {
  readonly code: Buffer
  /** How much bytecode the process had that wrote it. */
  readonly bytecodeBytes: number
}

/** A run that ends with this much more bytecode than the kept code came from writes its own: `--help` compiles little. */
const WORTH_WRITING = 1.1
const SIZE_BYTES = 4

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

/** The hash of the bundle and the size of its process's bytecode stand in front of the code. */
function readCache(file: string): CompiledCode | null {
  try {
    const bytes = fs.readFileSync(file)
    const at = AUTODEVOPS_MAIN_HASH.length
    if (bytes.toString('latin1', 0, at) !== AUTODEVOPS_MAIN_HASH) return null
    return { code: bytes.subarray(at + SIZE_BYTES), bytecodeBytes: bytes.readUInt32LE(at) }
  } catch {
    return null
  }
}

/** After the run, so that the functions that ran are in it. Replaced whole: two runs at once leave no mixture. */
function keepCompiled(file: string, script: Script, kept: CompiledCode | null): void {
  const { bytecode_and_metadata_size: bytecodeBytes } = getHeapCodeStatistics()
  if (kept !== null && bytecodeBytes < kept.bytecodeBytes * WORTH_WRITING) return
  const draft = `${file}.${process.pid}`
  const size = Buffer.alloc(SIZE_BYTES)
  size.writeUInt32LE(bytecodeBytes)
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    fs.writeFileSync(draft, Buffer.concat([Buffer.from(AUTODEVOPS_MAIN_HASH, 'latin1'), size, script.createCachedData()]), { mode: 0o600 })
    fs.renameSync(draft, file)
  } catch {
    fs.rmSync(draft, { force: true })
  }
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
