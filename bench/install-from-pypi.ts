// Puts a program from PyPI into a virtual environment of its own; nothing outside of that folder is touched.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

/** `missing` says why it cannot be had. */
export type Installed = { readonly command: string; readonly version: string } | { readonly missing: string }

/** Into `folder/NAME-VERSION`, where a whole one is used as it is. Needs Python with venv and pip. */
export function installFromPypi(name: string, version: string, folder: string): Installed {
  const environment = path.join(folder, `${name}-${version}`)
  const command = path.join(environment, 'bin', name)
  if (!existsSync(command)) {
    if (spawnSync('python3', ['--version']).status !== 0) return { missing: 'there is no python3 on PATH to install it with' }
    const made = spawnSync('python3', ['-m', 'venv', environment], { encoding: 'utf8' })
    if (made.status !== 0) return { missing: `python3 -m venv failed: ${lastLine(made.stderr)}` }
    const { status, stderr } = spawnSync(path.join(environment, 'bin', 'pip'), ['install', '--quiet', `${name}==${version}`], { encoding: 'utf8' })
    if (status !== 0) return { missing: `pip install failed: ${lastLine(stderr)}` }
  }
  return { command, version }
}

export const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''
