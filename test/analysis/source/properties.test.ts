// Whatever the text: no throw, a sound tree, and the same answer again.
import fc from 'fast-check'
import { test } from 'vitest'
import { parse } from '../../../analysis/source/parse.ts'
import { YAML_CASES } from './yaml-cases.ts'
import { createRandom, mutate } from './mutations.ts'
import { expectSound } from './soundness.ts'

const PIECES = [
  'a', 'key', ':', ': ', ' ', '  ', '\n', '\n  ', '\n- ', '- ', '? ', '[', ']', '{', '}', ',', '"', "'", '|', '>', '|2-', '#', ' # c', '&a ', '*a', '!', '!!str ',
  '\t', '\r\n', '\r', '---', '...', '%', '@', '`', '\\', '\\x4', '<<', '~', '1.5', 'null', '\ufeff', '\u0085', '\ud83d', '\0',
]

test('any text gives a sound tree', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => expectSound(parse(text), text)), { numRuns: 2_000, seed: 5 })
})

test('any sequence of YAML pieces gives a sound tree', () => {
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(''))
  fc.assert(fc.property(text, (each) => expectSound(parse(each), each)), { numRuns: 10_000, seed: 6 })
})

test('every case cut off at any place gives a sound tree', () => {
  for (const text of YAML_CASES) for (let end = 0; end < text.length; end++) expectSound(parse(text.slice(0, end)), text.slice(0, end))
})

test('every case mutated several times over gives a sound tree', () => {
  const random = createRandom(7)
  for (const original of YAML_CASES) {
    let text = original
    for (let round = 0; round < 30; round++) {
      text = mutate(text, random)
      expectSound(parse(text), text)
    }
  }
})
