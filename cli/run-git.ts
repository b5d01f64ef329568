// Starts git, which most runs never do: its module is loaded only then. Settings that would start further programs are off.
import process from 'node:process'
import type { GitAnswer } from './world.ts'
import { errorCode } from '../worktree/file-system.ts'

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024
const QUIET = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false', '--no-pager', '--no-optional-locks']

export function runGit(folder: string, args: readonly string[]): GitAnswer {
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const { error, status, stdout } = spawnSync('git', [...QUIET, ...args], { cwd: folder, encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES, stdio: ['ignore', 'pipe', 'ignore'] })
  if (error !== undefined && errorCode(error) === 'ENOENT') return { status: 'missing' }
  if (error !== undefined) throw error
  return { status: status === 0 ? 'done' : 'failed', output: stdout }
}
