import { expect, test } from 'vitest'
import { MAX_SOURCE_BYTES, decodeText, tooLarge } from '../../../analysis/source/decode.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

function error(input: Uint8Array): string {
  const decoded = decodeText(input)
  return 'error' in decoded ? decoded.error : `no error: ${decoded.text}`
}

test.each(['', 'a: b\n', '\ufeffa: b\r\n', 'a: \u00e9\u2028\ud83d\ude00\ufffd', '\ufeff\ufeffx'])('gives back the bytes of %j when its text is encoded again', (text) => {
  const decoded = decodeText(utf8(text))
  expect(decoded).toEqual({ text })
  expect(utf8('text' in decoded ? decoded.text : '')).toEqual(utf8(text))
})

test.each([
  ['little endian', bytes(0xff, 0xfe, 0x61, 0)],
  ['big endian', bytes(0xfe, 0xff, 0, 0x61)],
])('refuses UTF-16 %s by its byte order mark', (endian, input) => {
  expect(error(input)).toBe(`the file is UTF-16 ${endian} (by its byte order mark); save it as UTF-8`)
})

test('refuses binary content and says where the first NUL byte is', () => {
  expect(error(bytes(0x61, 0x3a, 0, 0x62))).toBe('the file is binary (a NUL byte at offset 2); a YAML file is UTF-8 text')
})

test('refuses invalid UTF-8 and says where it begins', () => {
  expect(error(bytes(0x61, 10, 0x62, 0xe9, 0x63))).toBe('the file is not valid UTF-8 (first at byte 3, line 2); save it as UTF-8')
  expect(error(Uint8Array.from([...utf8('\ufffd\n'), 0xc3]))).toBe('the file is not valid UTF-8 (first at byte 4, line 2); save it as UTF-8')
})

test('refuses a file over the limit, naming its size and the limit, and takes one of just the limit', () => {
  expect(error(new Uint8Array(MAX_SOURCE_BYTES + 1))).toBe('the file has 1048577 bytes, the limit is 1048576 bytes (1 MiB); split it or leave it out')
  expect(error(new Uint8Array(MAX_SOURCE_BYTES + 1))).toBe(tooLarge(MAX_SOURCE_BYTES + 1))
  expect(decodeText(utf8('a'.repeat(MAX_SOURCE_BYTES)))).toHaveProperty('text')
})
