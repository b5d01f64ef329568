// The file that says which state of a repository was accepted.
import { expect, it } from 'vitest'
import { formatAcceptedState, readAcceptedState } from '../../../analysis/drift/accepted-state.ts'

const STATE = { commit: 'a'.repeat(40), by: 'Jane', date: '2026-11-20', reason: 'the release\nis audited' }
const written = (changes: Readonly<Record<string, unknown>>): string => JSON.stringify({ schemaVersion: 1, ...STATE, ...changes })

it('reads what it has written', () => {
  expect(readAcceptedState(formatAcceptedState(STATE))).toEqual(STATE)
  expect(readAcceptedState(written({ commit: 'b'.repeat(64) }))).toMatchObject({ commit: 'b'.repeat(64) })
})

it.each([
  ['{', 'it is not JSON'],
  ['null', 'it is no object'],
  ['[]', 'its schemaVersion is not 1'],
  [written({ schemaVersion: 2 }), 'its schemaVersion is not 1'],
  [written({ commit: 'main' }), 'its commit is "main", not 40 or 64 hex digits'],
  [written({ commit: '--upload-pack=x' }), 'its commit is "--upload-pack=x", not 40 or 64 hex digits'],
  [written({ by: undefined }), "its 'by' is missing: it says who accepted the state, in at most 200 characters"],
  [written({ by: 'J'.repeat(201) }), `its 'by' is "${'J'.repeat(59)}...: it says who accepted the state, in at most 200 characters`],
  [written({ date: '2026-02-30' }), 'its date is "2026-02-30", no day written YYYY-MM-DD'],
  [written({ date: 20261120 }), 'its date is 20261120, no day written YYYY-MM-DD'],
  [written({ reason: ' \t' }), 'its reason is " \\t": it says why, in at most 1000 characters'],
  [written({ reason: ['x'] }), 'its reason is ["x"]: it says why, in at most 1000 characters'],
])('says what is wrong with %j', (text, error) => {
  expect(readAcceptedState(text)).toEqual({ error })
})
