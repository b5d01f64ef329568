import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { analysisStateSchema } from '../../../contract/analyses.ts'
import { ANALYSIS_MOVES, ENDED_STATES, hasEnded, move } from '../../../control-plane/analyses/analysis-states.ts'

const CONTROL_PLANE = path.resolve(import.meta.dirname, '../../../control-plane')

test('knows every state of the contract', () => {
  expect(Object.keys(ANALYSIS_MOVES).sort()).toEqual([...analysisStateSchema.options].sort())
})

test('builds a compare-and-set for a move of the table and refuses every other', () => {
  expect(move(['submitted', 'queued'], 'superseded')).toEqual({ filter: { state: { $in: ['submitted', 'queued'] } }, set: { state: 'superseded' } })
  for (const from of analysisStateSchema.options) {
    for (const to of analysisStateSchema.options) {
      const isAllowed = ANALYSIS_MOVES[from].some((allowed) => allowed === to)
      if (isAllowed) expect(() => move([from], to)).not.toThrow()
      else expect(() => move([from], to)).toThrow(TypeError)
    }
  }
})

test('lets an ended analysis only be queued again', () => {
  for (const state of ENDED_STATES) expect(ANALYSIS_MOVES[state]).toEqual(['queued'])
  expect(analysisStateSchema.options.filter(hasEnded).sort()).toEqual([...ENDED_STATES].sort())
})

test('is the only place that writes a state', async () => {
  const files = (await readdir(CONTROL_PLANE, { recursive: true })).filter((file) => file.endsWith('.ts') && !file.endsWith('analysis-states.ts'))
  for (const file of files) expect(await readFile(path.join(CONTROL_PLANE, file), 'utf8'), file).not.toMatch(/\$set: \{[^}]*\bstate: '/)
})
