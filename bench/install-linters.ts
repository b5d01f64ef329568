// Puts the linters that we compare with into a private folder, in the versions named here; nothing outside it is touched.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

const FOLDER = path.resolve('.autodevops/linters')
const ACTIONLINT = '1.7.12'
const ZIZMOR = '1.32.0'

/** `missing` says why it cannot be had. */
export type Linter = { readonly command: string; readonly version: string } | { readonly missing: string }

/** Needs Go. */
export function installActionlint(): Linter {
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
export function installZizmor(): Linter {
  const folder = path.join(FOLDER, `zizmor-${ZIZMOR}`)
  const command = path.join(folder, 'bin', 'zizmor')
  if (!existsSync(command)) {
    if (!runs('python3', '--version')) return { missing: 'there is no python3 on PATH to install it with' }
    const made = spawnSync('python3', ['-m', 'venv', folder], { encoding: 'utf8' })
    if (made.status !== 0) return { missing: `python3 -m venv failed: ${lastLine(made.stderr)}` }
    const { status, stderr } = spawnSync(path.join(folder, 'bin', 'pip'), ['install', '--quiet', `zizmor==${ZIZMOR}`], { encoding: 'utf8' })
    if (status !== 0) return { missing: `pip install failed: ${lastLine(stderr)}` }
  }
  return { command, version: ZIZMOR }
}

const runs = (command: string, argument: string): boolean => spawnSync(command, [argument]).status === 0
const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''
