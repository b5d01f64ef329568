// Our parser against the `yaml` package: what it accepts, values and offsets, over written cases, every fixture of this repository,
// and mutations of both. Differences must be in deliberate.ts.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DELIBERATE, deliberate } from './deliberate.ts'
import { createRandom, mutate } from './mutations.ts'
import { disagreement } from './oracle.ts'
import { YAML_CASES } from './yaml-cases.ts'

const MUTATIONS_PER_CASE = 20
const MUTATIONS_PER_FIXTURE = 8

const testFolder = join(import.meta.dirname, '../..')
const fixtures = readdirSync(testFolder, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.ya?ml$/.test(path) && !path.includes('node_modules'))
  .sort()

function unexplained(text: string): string | null {
  const difference = disagreement(text)
  return difference === null || deliberate(text, difference) !== undefined ? null : `${difference}\nin ${JSON.stringify(text)}`
}

/** Seeded by the text itself, so that a new fixture does not change what is tried on the others. */
function mutationsOf(text: string, count: number): string[] {
  const random = createRandom(text.length + 1)
  return Array.from({ length: count }, () => mutate(text, random))
}

test('agrees with yaml on every written case', () => {
  expect(YAML_CASES.map(unexplained).filter((found) => found !== null)).toEqual([])
})

test('agrees with yaml on mutations of every written case', () => {
  const texts = YAML_CASES.flatMap((text) => mutationsOf(text, MUTATIONS_PER_CASE))
  expect(texts.map(unexplained).filter((found) => found !== null)).toEqual([])
})

test.each(fixtures)('agrees with yaml on the fixture %s and mutations of it', (path) => {
  const text = readFileSync(join(testFolder, path), 'utf8')
  expect([text, ...mutationsOf(text, MUTATIONS_PER_FIXTURE)].map(unexplained).filter((found) => found !== null)).toEqual([])
})

test.each(DELIBERATE)('differs from yaml on purpose: $what', (entry) => {
  for (const text of entry.examples) {
    const difference = disagreement(text)
    expect(difference, text).not.toBeNull()
    expect(entry.applies(text, difference ?? ''), `${text} ${difference}`).toBe(true)
  }
})
