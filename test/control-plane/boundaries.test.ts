// What the folders of the service promise each other, read from the sources.
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const sources = readdirSync('control-plane', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file: file.split(path.sep).join('/'), text: readFileSync(path.join('control-plane', file), 'utf8') }))
const outside = (...exceptions: readonly string[]) => sources.filter(({ file }) => !exceptions.some((exception) => file.startsWith(exception)))
const whereMatches = (pattern: RegExp, files: typeof sources) => files.filter(({ text }) => pattern.test(text)).map(({ file }) => file)

test('raw collections are reached inside database/ alone', () => {
  const files = outside('database/')
  expect(whereMatches(/\bdb\s*\.\s*(collection|command|createIndex|dropDatabase|aggregate)\b/, files)).toEqual([])
  expect(whereMatches(/import [^;]*\b(MongoClient|Collection|ClientSession)\b[^;]*from 'mongodb'/, files)).toEqual([])
  expect(whereMatches(/\bdb\.collection\b/, sources)).toEqual(['database/tenant-collections.ts'])
})

test('only config.ts reads the environment', () => {
  expect(whereMatches(/process\.env\b/, sources)).toEqual(['config.ts'])
})

test('nothing sorts or modifies while it finds: the embedded server reads the whole collection for it', () => {
  expect(whereMatches(/findOneAnd(Update|Replace|Delete)\(/, sources)).toEqual([])
  expect(whereMatches(/\.sort\(\{/, sources)).toEqual(['database/tenant-collections.ts'])
})
