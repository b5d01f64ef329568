import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { factCacheFolder } from '../../facts/cache-folder.ts'
import type { FactCacheEntry } from '../../facts/fact-cache.ts'
import { createFileFactCache } from '../../facts/file-fact-cache.ts'

let root: string
let folder: string
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'fact-cache-'))
  folder = path.join(root, 'made', 'by-itself')
})
afterEach(() => rm(root, { recursive: true }))

const entry: FactCacheEntry = { answer: { status: 'known', value: { commit: 'a'.repeat(40), type: 'tag' } }, etag: 'W/"1"', confirmedAtMs: 1 }
const KEY = 'https://api.github.com ref:acme/checkout@v1'
const onlyFile = async () => path.join(folder, (await readdir(folder))[0] ?? '')

test('gives back what it was given, to the same scope only', async () => {
  await createFileFactCache({ folder }).set(KEY, 'tenant:one', entry)
  const reopened = createFileFactCache({ folder })
  expect(await reopened.get(KEY, 'tenant:one')).toEqual(entry)
  expect(await reopened.get(KEY, 'tenant:two')).toBeNull()
  expect(await reopened.get(KEY, 'public')).toBeNull()
  expect(await reopened.get('other', 'tenant:one')).toBeNull()
})

test('is readable by its owner only', async () => {
  await createFileFactCache({ folder }).set(KEY, 'public', entry)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect((await stat(await onlyFile())).mode & 0o777).toBe(0o600)
})

test.each([
  ['cut in the middle', (text: string) => text.slice(0, text.length / 2)],
  ['empty', () => ''],
  ['null', () => 'null'],
  ['of a different key', (text: string) => text.replace(`"${KEY}"`, '"other"')],
  ['with a commit that is none', (text: string) => text.replace('a'.repeat(40), 'main')],
  ['without an answer', (text: string) => text.replace('"answer"', '"reply"')],
])('takes a file that is %s as absent, and replaces it', async (_, spoil) => {
  const cache = createFileFactCache({ folder })
  await cache.set(KEY, 'public', entry)
  const file = await onlyFile()
  await writeFile(file, spoil(await readFile(file, 'utf8')))
  expect(await cache.get(KEY, 'public')).toBeNull()
  await cache.set(KEY, 'public', entry)
  expect(await cache.get(KEY, 'public')).toEqual(entry)
})

test('keeps its bound by forgetting what was written first', async () => {
  const cache = createFileFactCache({ folder, maxEntries: 10 })
  await cache.set(`${KEY}oldest`, 'public', entry)
  await utimes(await onlyFile(), new Date(0), new Date(0))
  for (let index = 0; index < 12; index += 1) await cache.set(`${KEY}${index}`, 'public', entry)
  expect((await readdir(folder)).length).toBeLessThanOrEqual(10)
  expect(await cache.get(`${KEY}oldest`, 'public')).toBeNull()
  expect(await cache.get(`${KEY}11`, 'public')).toEqual(entry)
})

test('does not keep an entry that is larger than a fact', async () => {
  const cache = createFileFactCache({ folder })
  await cache.set(KEY, 'public', { ...entry, answer: { status: 'unknown', reason: 'x'.repeat(100_000) } })
  expect(await cache.get(KEY, 'public')).toBeNull()
})

test('two writers at once leave one whole entry', async () => {
  const caches = Array.from({ length: 20 }, () => createFileFactCache({ folder }))
  await Promise.all(caches.map((cache, index) => cache.set(KEY, 'public', { ...entry, confirmedAtMs: index })))
  expect(await caches[0]?.get(KEY, 'public')).toMatchObject({ answer: entry.answer })
  expect(await readdir(folder)).toHaveLength(1)
})

test.each([
  [{ env: { XDG_CACHE_HOME: '/var/cache/me' }, platform: 'linux', home: '/users/me' }, '/var/cache/me/autodevops/facts'],
  [{ env: { XDG_CACHE_HOME: 'relative' }, platform: 'linux', home: '/users/me' }, '/users/me/.cache/autodevops/facts'],
  [{ env: {}, platform: 'darwin', home: '/Users/me' }, '/Users/me/Library/Caches/autodevops/facts'],
  [{ env: { LOCALAPPDATA: '/c/local' }, platform: 'win32', home: '/c/me' }, '/c/local/autodevops/facts'],
] as const)('finds the user\'s cache folder: %o', (place, expected) => {
  expect(factCacheFolder(place)).toBe(expected)
})
