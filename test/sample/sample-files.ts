// The sample repository (test/sample-repository) by path.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { REPOSITORY_ROOT } from '../runner/repository-root.ts'

export function readSampleFiles(): Record<string, string> {
  const root = fileURLToPath(new URL('test/sample-repository/', REPOSITORY_ROOT))
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const names = entries.map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/')).sort()
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(root, name), 'utf8')]))
}
