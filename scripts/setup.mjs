// Installs what a fresh machine lacks: the packages of the lock file, and a local database where none is named.
// Everything here is idempotent and quick when there is nothing to do. Node's own modules only.
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { installDatabase } from './install-database.mjs'

const OLDEST_NODE = [20, 19, 0]

export function ensureNodeVersion() {
  const have = process.versions.node.split('.').map(Number)
  for (const [index, need] of OLDEST_NODE.entries()) {
    if (have[index] > need) return
    if (have[index] < need) throw new Error(`Node ${process.versions.node} is too old: AutoDevOps needs ${OLDEST_NODE.join('.')} or later`)
  }
}

/** Runs `npm ci` unless what is installed is what the lock file says. */
export function ensureDependencies(root) {
  if (installedMatchesLock(root)) return
  console.error('installing packages from the lock file ...')
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (error || status !== 0) throw new Error(`npm ci failed${error ? `: ${error.message}` : ''}; is a package registry reachable?`)
  unlinkBundledNode(root)
}

/**
 * The package that brings a runner's Node 24 also puts it first on the PATH of npm scripts, where the machine's own Node belongs.
 * True when this process is that Node.
 */
export function unlinkBundledNode(root) {
  const link = path.join(root, 'node_modules', '.bin', 'node')
  if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link)
  return process.execPath.startsWith(path.join(root, 'node_modules') + path.sep)
}

export function ensureDatabase(root) {
  installDatabase({ root, env: process.env, log: (line) => console.error(line) })
}

/** Compares the lock file with npm's own record of what it installed; packages for other platforms may be absent. */
function installedMatchesLock(root) {
  const record = path.join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const wanted = readPackages(path.join(root, 'package-lock.json'))
  const installed = readPackages(record)
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '') continue
    const found = installed[name]
    if (!found && !entry.optional && !entry.devOptional && !entry.peer) return false
    if (found && found.version !== entry.version) return false
  }
  return true
}

const readPackages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
