// Whatever the text: written as a scalar it is read as that text again, by our parser and by one that follows YAML 1.1.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'
import { parse } from '../../../analysis/source/parse.ts'
import { writeScalar } from '../../../analysis/source/write-scalar.ts'
import { plainValue } from './oracle.ts'

const PIECES = ['a', 'Z', '1', '.', '/', '$', '${{ ', ' }}', '${{', '}}', '(', ')', '@', '+', '-', ' ', ':', ': ', ' #', '#', "'", '"', '\\', '\n', '\t', '[', ']', '{', '}', ',', '&', '*', '!', '|', '>', '%', '~', 'null', 'true', 'no', '0x1f', '1e3', '.inf', 'ß', '\ufeff', '\u0085', '\u2028', '😀']
const WORDS = ['', ' ', 'a', 'y', 'No', 'on', 'OFF', 'true', 'False', 'null', 'Null', '~', '1', '.5', '.inf', '.NaN', '-', '--', '---', '...', '0o7', '2026-11-30', '12:30', '<<', '=', 'a b', '@acme/team', 'a: b', 'a #b', '${{ matrix.os }}', '$HOME/x']

function readBoth(scalar: string): readonly unknown[] {
  const text = `key: ${scalar}\nlist:\n  - ${scalar}\n`
  const old = parseDocument(text, { version: '1.1' }).toJS() as unknown
  return [plainValue(parse(text).root), old]
}

describe('writeScalar', () => {
  it('is read as the text again', () => {
    const text = fc.oneof(fc.constantFrom(...WORDS), fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join('')), fc.string({ unit: 'grapheme', maxLength: 20 }))
    fc.assert(fc.property(text, (each) => {
      for (const read of readBoth(writeScalar(each))) expect(read).toEqual({ key: each, list: [each] })
    }), { numRuns: 5_000, seed: 11 })
  })

  it('quotes nothing that needs none', () => {
    for (const text of ['a', '.github/workflows/ci.yml', 'npm run build', 'Build on ${{ matrix.os }}', 'imported from zizmor.yml', './run (all)']) expect(writeScalar(text)).toBe(text)
    for (const text of ['', 'true', 'yes', 'null', '.5', '@acme/team', 'a: b', 'a #b', ' a', 'a ', '-x', '*x']) expect(writeScalar(text)).toBe(JSON.stringify(text))
  })
})
