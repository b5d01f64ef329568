// Puts the linters that we compare with into a private folder, in the versions named here; nothing outside it is touched.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { installFromPypi, lastLine, type Installed } from './install-from-pypi.ts'

const FOLDER = path.resolve('.autodevops/linters')
const ACTIONLINT = '1.7.12'
const ZIZMOR = '1.32.0'

/** Needs Go. */
export function installActionlint(): Installed {
  const folder = path.join(FOLDER, `actionlint-${ACTIONLINT}`)
  const command = path.join(folder, 'actionlint')
  if (!existsSync(command)) {
    if (!runs('go', 'version')) return { missing: 'there is no go on PATH to install it with' }
    mkdirSync(folder, { recursive: true })
    const { status, stderr } = spawnSync('go', ['install', `github.com/rhysd/actionlint/cmd/actionlint@v${ACTIONLINT}`], { env: { ...process.env, GOBIN: folder }, encoding: 'utf8' })
    if (status !== 0) return { missing: `go install failed: ${lastLine(stderr)}` }
  }
  return { command, version: ACTIONLINT }
}

/** Needs Python with venv and pip. */
export const installZizmor = (): Installed => installFromPypi('zizmor', ZIZMOR, FOLDER)

const runs = (command: string, argument: string): boolean => spawnSync(command, [argument]).status === 0
