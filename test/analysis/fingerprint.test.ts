import { expect, it } from 'vitest'
import { hash128, normalise } from '../../analysis/fingerprint.ts'

// Computed with the reference implementation of MurmurHash3_x86_128 over the UTF-16LE bytes, seed 0, words in order.
it.each([
  ['', '00000000000000000000000000000000'],
  ['a', '033bb196ccef4fe1ccef4fe1ccef4fe1'],
  ['unpinned', '81ab989b6e19059d3974c9e5a16ba304'],
  ['unpinned-action and more', 'e9bea1662be4c9300d4ceab6d2d01916'],
  ['ünï😀 twelve units or so', '03503df71c26a260c96f1fb29493db84'],
])('hashes %j as the reference does', (text, expected) => {
  expect(hash128(text)).toBe(expected)
})

it('normalises white space only', () => {
  expect(normalise(' a\r\n\t b  c ')).toBe('a b c')
})
