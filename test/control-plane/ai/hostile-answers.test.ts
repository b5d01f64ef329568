import { afterAll, beforeAll, expect, test } from 'vitest'
import { analyse } from '../../../analysis/analyse.ts'
import { startModelServer, type ModelServer } from '../../model-server/start-model-server.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'
import { advise, inputOf, pullRequestOf, WORKFLOW } from './advice-fixture.ts'
import { aiConfig, startAi, type AiFixture } from './ai-fixture.ts'
import { below, CANARY, HOSTILE_EDITS, HOSTILE_STEPS, HOSTILE_TEXTS, hostileStep } from './hostile-answers.ts'

let [platform, server, ai] = [] as unknown as [Platform, ModelServer, AiFixture]
beforeAll(async () => {
  platform = await startPlatform()
  server = await startModelServer([{ kind: 'hang' }])
  // No breaker opens here: every answer has to be stopped by itself.
  ai = startAi(platform, aiConfig(server, { breaker: { threshold: 1_000_000, coolDownMs: 1000 } }))
})
afterAll(async () => {
  await server.close()
  await platform.close()
})

/** Each case is an organisation of its own, so that no answer is known. */
let tenants = 0
async function adviceOf(text = WORKFLOW) {
  const tenantId = `${++tenants}@issuer.test`
  await ai.settings.set(tenantId, { explain: true, fix: true, summarise: true }, { actor: 'operator', correlationId: null })
  const input = inputOf(text)
  return { input, advised: await advise(ai, { input, tenantId }) }
}

/** Everything that would leave the service: the outcome, the pull request, the reason. */
const shownOf = async (text?: string): Promise<string> => {
  const { input, advised } = await adviceOf(text)
  const given = pullRequestOf(input, advised)
  expect(given.changes).toEqual(pullRequestOf(input, null).changes)
  expect(advised.fixes.size).toBe(0)
  expect(advised.advice.summary).toBeNull()
  expect(advised.advice.explanations).toEqual([])
  return JSON.stringify([advised.advice, given])
}

test('none of 1,000 hostile answers reaches a pull request, a comment or a summary', async () => {
  const answers = new Set<string>()
  for (let index = 0; index < HOSTILE_EDITS.length * 10; index++) {
    // A harmless beginning that differs, so that no answer comes twice.
    const text = `Case ${index}. ${HOSTILE_TEXTS[index % HOSTILE_TEXTS.length] ?? ''}`
    const edit = HOSTILE_EDITS[index % HOSTILE_EDITS.length]
    if (edit === undefined) throw new Error('there is an edit')
    server.script((request) => {
      const step = hostileStep(request, text, edit, `The job gets a name, case ${index}.`)
      answers.add(JSON.stringify(step))
      return step
    })
    expect(await shownOf(), `${text} ${edit.toString()}`).not.toContain(CANARY)
  }
  expect(answers.size).toBeGreaterThanOrEqual(1_000)
}, 300_000)

test.each(HOSTILE_STEPS.map((step, index) => [index, step] as const))('answer %i is no answer', async (_, step) => {
  server.script([step])
  expect(await shownOf()).not.toContain(CANARY)
})

test('a credential of the repository is not echoed', async () => {
  const secret = 'correct-horse-battery'
  server.script((request) => hostileStep(request, `The value is ${secret}`, below(`    name: ${secret}`)))
  const shown = await shownOf(WORKFLOW.replace('    timeout-minutes: 10', `    timeout-minutes: 10\n    env:\n      DB_PASSWORD: ${secret}`))
  expect(shown).not.toContain(`The value is ${secret}`)
})

test('what is harmless would have come through', async () => {
  server.script((request) => hostileStep(request, `The runner is gone, ${CANARY}.`, (excerpt) => [{ old: excerpt, new: excerpt.replace('  test:\n', `  test:\n    name: ${CANARY}\n`) }]))
  const { advised } = await adviceOf()
  expect([advised.advice.summary, advised.fixes.size]).toEqual([`The runner is gone, ${CANARY}.`, 1])
  expect(analyse(inputOf()).findings.length).toBeGreaterThan(2)
})
