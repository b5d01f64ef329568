import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLineIndex } from '../../../analysis/source/line-index.ts'

test('counts lines that end in \\n, \\r\\n or a lone \\r', () => {
  const text = 'a\nbc\r\nd\re'
  const lines = createLineIndex(text)
  expect(lines.lineCount).toBe(4)
  expect([1, 2, 3, 4].map((line) => text.slice(lines.lineStart(line), lines.lineEnd(line)))).toEqual(['a', 'bc', 'd', 'e'])
  expect(lines.positionAt(text.indexOf('c'))).toEqual({ line: 2, column: 2 })
})

test('counts \\r\\r\\n as two line breaks', () => {
  const lines = createLineIndex('a\r\r\nb')
  expect([lines.lineCount, lines.lineEnd(1), lines.lineStart(2), lines.lineEnd(2), lines.lineStart(3)]).toEqual([3, 1, 2, 2, 4])
})

test('has one line for the empty text, and an empty last one behind a final line break', () => {
  expect(createLineIndex('').lineCount).toBe(1)
  expect(createLineIndex('').lineEnd(1)).toBe(0)
  const lines = createLineIndex('a\n')
  expect([lines.lineCount, lines.lineStart(2), lines.lineEnd(2)]).toEqual([2, 2, 2])
})

test('puts a line break on the line that it ends', () => {
  const lines = createLineIndex('ab\r\ncd')
  expect([2, 3, 4].map((offset) => lines.positionAt(offset))).toEqual([{ line: 1, column: 3 }, { line: 1, column: 4 }, { line: 2, column: 1 }])
})

test('counts columns in UTF-16 units', () => {
  expect(createLineIndex('\ud83d\ude00x').positionAt(2)).toEqual({ line: 1, column: 3 })
})

test('moves offsets and lines outside the text to its nearest end', () => {
  const lines = createLineIndex('a\nbc')
  expect([lines.positionAt(-1), lines.positionAt(99)]).toEqual([{ line: 1, column: 1 }, { line: 2, column: 3 }])
  expect([lines.lineStart(0), lines.lineEnd(0), lines.lineStart(99), lines.lineEnd(99)]).toEqual([0, 1, 2, 4])
})

test('agrees with a count by hand on any text', () => {
  const text = fc.array(fc.constantFrom('a', '\n', '\r', '\r\n', '\u2028'), { maxLength: 30 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (each) => {
      const lines = createLineIndex(each)
      const byHand = each.split(/\r\n|\r|\n/)
      expect(Array.from({ length: lines.lineCount }, (_, index) => each.slice(lines.lineStart(index + 1), lines.lineEnd(index + 1)))).toEqual(byHand)
    }),
    { seed: 8 },
  )
})
