import { expect, test } from 'vitest'
import { adviceNote, renderAdvice } from '../../action/advice.ts'
import type { Advice } from '../../contract/analyses.ts'

const ADVICE: Advice = {
  state: 'done', reason: null, models: ['fast-model'], calls: 2, cached: 0, summary: 'Repair the runner first.', fixes: [], dropped: { texts: 1, fixes: 2 },
  explanations: [{ fingerprint: 'f', ruleId: 'retired-runner-image', severity: 'high', path: 'ci.yml', line: 7, category: 'reliability', explanation: 'It never starts.', recommendation: 'Take a newer one.' }],
}

test('says nothing of models where nobody turned them on', () => {
  expect(adviceNote({ ...ADVICE, state: 'off', reason: 'AI is off for this organisation' })).toBeNull()
})

test('says what models wrote and what failed a check', () => {
  expect(adviceNote(ADVICE)).toBe('written by a model (fast-model): 1 explanations, 0 fixes; 1 texts and 2 fixes failed a check and were dropped')
})

test('says why an analysis ended without AI', () => {
  expect(adviceNote({ ...ADVICE, state: 'failed', reason: 'MODEL_TIMEOUT: The model did not answer in time', explanations: [] })).toBe('analysed without AI: MODEL_TIMEOUT: The model did not answer in time')
})

test('marks every text of a model, and escapes it', () => {
  const text = renderAdvice({ ...ADVICE, summary: '<b>@octocat</b>' })
  expect(text.indexOf('### Written by a model')).toBeLessThan(text.indexOf('It never starts.'))
  expect(text).not.toMatch(/<b>|[^>]@octocat/)
  expect(renderAdvice({ ...ADVICE, summary: null, explanations: [] })).toBe('')
})
