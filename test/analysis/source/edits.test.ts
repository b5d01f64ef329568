import { expect, test } from 'vitest'
import { applyEdits, overlaps, sortEdits } from '../../../analysis/source/edits.ts'

const edit = (start: number, end: number, text = ''): { start: number; end: number; text: string } => ({ start, end, text })

test('applies edits given in any order to the offsets of the original', () => {
  expect(applyEdits('abcdef', [edit(4, 5, 'XY'), edit(0, 1), edit(2, 2, '-')])).toBe('b-cdXYf')
})

test('keeps everything outside the edits, byte order mark and line ends included', () => {
  expect(applyEdits('\ufeffa: b\r\nc\r', [edit(4, 5, 'x')])).toBe('\ufeffa: x\r\nc\r')
})

test('puts an insertion before a replacement that starts at its offset, and insertions there in their order', () => {
  expect(applyEdits('abc', [edit(1, 2, 'B'), edit(1, 1, '1'), edit(1, 1, '2')])).toBe('a12Bc')
})

test('puts what goes on a line before what opens the next one, whichever was given first', () => {
  expect(applyEdits('a', [edit(1, 1, '\n  b'), edit(1, 1, ' # c')])).toBe('a # c\n  b')
  expect(applyEdits('a', [edit(1, 1, ' # c'), edit(1, 1, '\r\n  b')])).toBe('a # c\r\n  b')
})

test('refuses edits that overlap or lie outside the text', () => {
  expect(() => applyEdits('abc', [edit(0, 2), edit(1, 3)])).toThrow(RangeError)
  expect(() => applyEdits('abc', [edit(2, 4)])).toThrow('lies outside a text of 3 units')
  expect(() => applyEdits('abc', [edit(2, 1)])).toThrow(RangeError)
})

test('leaves the list that it sorts alone', () => {
  const edits = [edit(3, 4), edit(1, 2)]
  expect(sortEdits(edits).map((each) => each.start)).toEqual([1, 3])
  expect(edits[0]?.start).toBe(3)
})

test.each([
  ['share text', edit(0, 3), edit(2, 4), true],
  ['insert at one offset', edit(2, 2), edit(2, 2), true],
  ['open a line at one offset', edit(2, 2, '\nx'), edit(2, 2, '\r\ny'), true],
  ['insert on a line and below it', edit(2, 2, ' # x'), edit(2, 2, '\ny'), false],
  ['insert inside the other', edit(0, 3), edit(1, 1), true],
  ['only touch', edit(0, 2), edit(2, 4), false],
  ['insert at the start of the other', edit(2, 2), edit(2, 4), false],
  ['insert at the end of the other', edit(2, 4), edit(4, 4), false],
])('knows whether two edits overlap that %s', (_what, a, b, expected) => {
  expect([overlaps(a, b), overlaps(b, a)]).toEqual([expected, expected])
})
