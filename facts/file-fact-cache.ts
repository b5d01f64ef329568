// What a laptop remembers between runs: one small file per fact in the user's cache folder. Files are replaced whole, so that two
// runs at once and a run that dies leave nothing half written; a file that cannot be read counts as absent. The oldest go first.
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isFactValue, kindIn } from './fact-shapes.ts'
import type { FactCache, FactCacheEntry, FactScope } from './fact-cache.ts'

export interface FileFactCacheOptions {
  /** Made when it is missing, readable by its owner only. */
  readonly folder: string
  readonly maxEntries?: number
}

const MAX_ENTRIES = 2_000
const MAX_ENTRY_BYTES = 64 * 1024

interface StoredFact {
  readonly key: string
  readonly scope: FactScope
  readonly entry: FactCacheEntry
}

export function createFileFactCache({ folder, maxEntries = MAX_ENTRIES }: FileFactCacheOptions): FactCache {
  let written = 0
  return {
    async get(key, scope) {
      const text = await readFile(fileFor(folder, key, scope), 'utf8').catch(() => null)
      const stored = text === null ? null : storedIn(text)
      // The name is a digest, and the file may have been edited: it must say itself what it is about.
      return stored?.key === key && stored.scope === scope ? stored.entry : null
    },
    async set(key, scope, entry) {
      const text = JSON.stringify({ key, scope, entry } satisfies StoredFact)
      if (text.length > MAX_ENTRY_BYTES) return
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = fileFor(folder, key, scope)
      const draft = `${file}.${randomBytes(6).toString('hex')}`
      try {
        await writeFile(draft, text, { mode: 0o600 })
        await rename(draft, file)
      } finally {
        await rm(draft, { force: true })
      }
      if (written % Math.max(1, Math.floor(maxEntries / 10)) === 0) await forgetOldest(folder, maxEntries)
      written += 1
    },
  }
}

function fileFor(folder: string, key: string, scope: FactScope): string {
  return path.join(folder, `${createHash('sha256').update(`${scope}\n${key}`).digest('hex')}.json`)
}

/** Removes the files that were written first, down to nine tenths of the bound, so that not every write has to look. */
async function forgetOldest(folder: string, maxEntries: number): Promise<void> {
  const names = await readdir(folder)
  if (names.length <= maxEntries) return
  const dated = await Promise.all(names.map(async (name) => {
    const file = path.join(folder, name)
    return { file, writtenAtMs: (await stat(file).catch(() => null))?.mtimeMs ?? 0 }
  }))
  dated.sort((a, b) => a.writtenAtMs - b.writtenAtMs)
  const keep = Math.floor(maxEntries * 0.9)
  await Promise.all(dated.slice(0, dated.length - keep).map(({ file }) => rm(file, { force: true })))
}

function storedIn(text: string): StoredFact | null {
  try {
    const { key, scope, entry } = (JSON.parse(text) ?? {}) as Partial<StoredFact>
    return key !== undefined && scope !== undefined && isEntry(entry, key) ? { key, scope, entry } : null
  } catch {
    return null
  }
}

function isEntry(value: unknown, key: string): value is FactCacheEntry {
  if (typeof value !== 'object' || value === null) return false
  const { answer, etag, confirmedAtMs } = value as Partial<FactCacheEntry>
  if (typeof confirmedAtMs !== 'number' || !(etag === null || typeof etag === 'string')) return false
  if (typeof answer !== 'object' || answer === null) return false
  if (answer.status === 'unknown') return typeof answer.reason === 'string'
  return answer.status === 'known' && isFactValue(kindIn(key), answer.value)
}
