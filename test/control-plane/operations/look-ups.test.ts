import { expect, test } from 'vitest'
import { createLookUps } from '../../../control-plane/operations/look-ups.ts'

const startWith = (look: () => Promise<void>) => {
  const clock = { now: 0 }
  const done: string[] = []
  const lookUps = createLookUps({ now: () => clock.now })
  lookUps.add({ look: () => { done.push('look'); return look() }, clear: () => { done.push('clear') } })
  return { clock, done, lookUps }
}

test('a value is looked up at most every five seconds, however many ask', async () => {
  const { clock, done, lookUps } = startWith(() => Promise.resolve())
  await Promise.all([lookUps.refresh(), lookUps.refresh()])
  clock.now = 4_999
  await lookUps.refresh()
  expect(done).toEqual(['look'])
  clock.now = 5_000
  await lookUps.refresh()
  expect(done).toEqual(['look', 'look'])
})

test('a clock that was set back looks again', async () => {
  const { clock, done, lookUps } = startWith(() => Promise.resolve())
  clock.now = 1e9
  await lookUps.refresh()
  clock.now = 0
  await lookUps.refresh()
  expect(done).toEqual(['look', 'look'])
})

test('a value that cannot be looked up, or not in time, is removed; the others stay, and nobody waits for it', async () => {
  const failing = startWith(() => Promise.reject(new Error('gone')))
  await failing.lookUps.refresh()
  expect(failing.done).toEqual(['look', 'clear'])
  const hanging = startWith(() => new Promise(() => undefined))
  const others: string[] = []
  hanging.lookUps.add({ look: () => Promise.resolve(void others.push('look')), clear: () => { others.push('clear') } })
  await hanging.lookUps.refresh()
  hanging.clock.now = 5_000
  await hanging.lookUps.refresh()
  expect([hanging.done, others]).toEqual([['look', 'clear', 'clear'], ['look', 'look']])
})
