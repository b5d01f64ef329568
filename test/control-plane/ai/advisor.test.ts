import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { analyse } from '../../../analysis/analyse.ts'
import { answerHonestly, itemsOf, purposeOf } from '../../model-server/answer-honestly.ts'
import { startModelServer, type ModelServer } from '../../model-server/start-model-server.ts'
import { startPlatform, type Platform } from '../platform-fixture.ts'
import { advise, inputOf, pullRequestOf, WORKFLOW } from './advice-fixture.ts'
import { aiConfig, startAi, WITHOUT_PROVIDERS, type AiFixture } from './ai-fixture.ts'

const BY = { actor: 'operator', correlationId: null } as const
const TENANT = '1@issuer.test'

let [platform, server, ai] = [] as unknown as [Platform, ModelServer, AiFixture]
beforeAll(async () => { server = await startModelServer(answerHonestly) })
afterAll(() => server.close())
beforeEach(async () => {
  platform = await startPlatform()
  ai = startAi(platform, aiConfig(server))
  server.script(answerHonestly)
  server.requests.length = 0
  return () => platform.close()
})

const turnOn = (tenantId = TENANT) => ai.settings.set(tenantId, { explain: true, fix: true, summarise: true }, BY)

describe('until somebody turns it on', () => {
  it('sends nothing, and says that it is off', async () => {
    expect((await advise(ai)).advice).toMatchObject({ state: 'off', reason: 'AI is off for this organisation', calls: 0 })
    expect(server.requests).toEqual([])
  })

  it('is off purpose by purpose, and every change is in the audit log', async () => {
    await ai.settings.set(TENANT, { summarise: true }, BY)
    const { advice } = await advise(ai)
    expect([advice.state, advice.explanations, advice.fixes, typeof advice.summary]).toEqual(['done', [], [], 'string'])
    expect(server.requests.map(purposeOf)).toEqual(['summarise'])
    expect(await platform.audit.for(TENANT).list({ limit: 1 })).toMatchObject([{ action: 'ai-settings.changed', details: { on: ['summarise'] } }])
    await ai.settings.set(TENANT, { summarise: false }, BY)
    expect((await advise(ai)).advice.state).toBe('off')
  })

  it('stays off where the policy says so, whatever is turned on', async () => {
    await turnOn()
    const input = inputOf()
    expect((await advise(ai, { input: { ...input, policy: { ...input.policy, allowsAi: false } } })).advice).toMatchObject({ state: 'off', reason: 'the policy keeps models from this repository' })
    expect(server.requests).toEqual([])
  })

  it('is on for a tenant that was created with it, and for no other', async () => {
    const { id } = await platform.tenants.create({ issuerHost: 'issuer.test', ownerId: '9', ownerName: 'nine', aiEnabled: true })
    expect([await ai.settings.get(id), await ai.settings.get('8@issuer.test')]).toEqual([{ explain: true, fix: true, summarise: true }, { explain: false, fix: false, summarise: false }])
  })
})

test('explains, proposes verified fixes and sums up, with what it used', async () => {
  await turnOn()
  const advised = await advise(ai)
  expect(advised.advice).toMatchObject({ state: 'done', reason: null, calls: 3, cached: 0, dropped: { texts: 0, fixes: 0 }, models: ['gemini-3.5-flash-lite', 'gemini-4-hydrogen'] })
  expect(advised.advice.summary).toContain('retired runner')
  expect(advised.advice.explanations).toContainEqual(expect.objectContaining({ ruleId: 'retired-runner-image', severity: 'high', line: 9, category: 'maintainability' }))
  expect(advised.advice.fixes.map(({ description }) => description).sort()).toEqual(['Runs of the same branch wait for each other.', 'The job gets a name.'])
  expect(advised.tokens).toBe(ai.budget.reservations.reduce((sum, { settlement }) => sum + (settlement?.tokens ?? 0), 0))
})

test("puts a model's fixes beside the engine's into the pull request, each marked as the model's", async () => {
  await turnOn()
  const advised = await advise(ai)
  const plan = pullRequestOf(inputOf(), advised)
  const [change] = plan.changes
  expect(change?.text).toContain('ubuntu-24.04\n    timeout-minutes: 10')
  expect(change?.text).toContain('concurrency:\n  cancel-in-progress: false\n  group: ci')
  expect(plan.body.match(/written by a model\*\*, checked by the engine/g)).toHaveLength(2)
  expect(plan.body).toContain('> **Written by a model, checked by nobody:** The pipelines have drifted')
  expect(plan.commitMessage).toContain('(missing-concurrency, written by a model)')
  expect(pullRequestOf(inputOf(), null).body).not.toContain('model')
})

describe('what was answered before', () => {
  it('is all that an analysis gets that may ask nothing new', async () => {
    await turnOn()
    expect((await advise(ai, { knownOnly: true })).advice).toMatchObject({ state: 'done', calls: 0, explanations: [], fixes: [], summary: null })
    expect(server.requests).toEqual([])
    const { advice } = await advise(ai)
    server.requests.length = 0
    expect((await advise(ai, { knownOnly: true })).advice).toMatchObject({ calls: 0, explanations: advice.explanations, fixes: advice.fixes, summary: advice.summary })
    expect(server.requests).toEqual([])
  })

  it('is not asked again for an unchanged repository', async () => {
    await turnOn()
    const first = await advise(ai)
    const second = await advise(startAi(platform, aiConfig(server)), { subject: 'analysis-2' })
    expect(second.advice).toEqual({ ...first.advice, calls: 0, cached: second.advice.cached })
    expect([second.tokens, server.requests.length]).toEqual([0, 3])
  })

  it('serves a hundred repositories of the same organisation, and none of another', async () => {
    await Promise.all([turnOn(), turnOn('2@issuer.test')])
    for (let repository = 0; repository < 100; repository++) await advise(ai, { subject: `analysis-${repository}`, input: inputOf(WORKFLOW, `.github/workflows/ci-${repository}.yml`) })
    expect(server.requests).toHaveLength(3)
    await advise(ai, { tenantId: '2@issuer.test' })
    expect(server.requests).toHaveLength(6)
  })

  it('is asked once when two analyses ask at the same moment, and once for each organisation', async () => {
    await Promise.all([turnOn(), turnOn('2@issuer.test')])
    const [first, second, other] = await Promise.all([advise(ai), advise(ai, { subject: 'analysis-2' }), advise(ai, { tenantId: '2@issuer.test' })])
    const times = new Map<string, number>()
    for (const { id: _id, ...content } of server.requests.flatMap(itemsOf)) times.set(JSON.stringify(content), (times.get(JSON.stringify(content)) ?? 0) + 1)
    expect([...times.values()]).toEqual(Array.from({ length: times.size }, () => 2))
    expect([second.advice.explanations, other.advice.explanations]).toEqual([first.advice.explanations, first.advice.explanations])
    expect(first.advice.calls + second.advice.calls + other.advice.calls).toBe(server.requests.length)
  })

  it('is asked by the one that waited when the first got no answer', async () => {
    await ai.settings.set(TENANT, { summarise: true }, BY)
    let isFirst = true
    server.script((request) => {
      if (!isFirst) return answerHonestly(request)
      isFirst = false
      return { kind: 'raw', status: 200, body: 'no' }
    })
    const both = await Promise.all([advise(ai), advise(ai, { subject: 'analysis-2' })])
    expect(both.map(({ advice }) => advice.summary === null).sort()).toEqual([false, true])
  })

  it('is not asked in the company of a new finding', async () => {
    await turnOn()
    await advise(ai)
    server.requests.length = 0
    await advise(ai, { input: inputOf(`${WORKFLOW}  more:\n    runs-on: ubuntu-18.04\n    timeout-minutes: 5\n    name: More\n    steps:\n      - run: make more\n`) })
    const explained = server.requests.filter((request) => purposeOf(request) === 'explain').flatMap(itemsOf)
    expect(explained.map(({ rule }) => rule)).toEqual(['retired-runner-image'])
  })
})

describe('what is sent', () => {
  const SECRETS = ['ghp_0123456789abcdefghijABCDEFGHIJ', 'AKIAIOSFODNN7EXAMPLE', 'hunter2-Really', 'Zm9vYmFyQmF6MTIzNDU2Nzg5MEFCQ0RFRg=']
  const leaking = WORKFLOW.replace('version::1"', `version::1" --token=${SECRETS[0] ?? ''} --key ${SECRETS[1] ?? ''}\n        env:\n          DB_PASSWORD: ${SECRETS[2] ?? ''}\n          BLOB: ${SECRETS[3] ?? ''}`)

  it('holds no credential of the repository', async () => {
    await turnOn()
    await advise(ai, { input: inputOf(leaking) })
    const sent = server.requests.map(({ body }) => body).join('\n')
    expect(sent).toContain('[redacted]')
    for (const secret of SECRETS) expect(sent).not.toContain(secret)
  })

  it('is what the preview shows, but for the number of its marks', async () => {
    await turnOn()
    const input = inputOf(leaking)
    await advise(ai, { input })
    const plain = (text: string) => text.replaceAll(/data-[0-9a-f]+/g, 'data')
    const preview = ai.advisor.preview({ input, result: analyse(input) })
    expect(preview.map(({ prompt }) => plain(prompt.user))).toEqual(server.requests.map(({ user }) => plain(user)))
    expect(new Set(server.requests.map(({ user }) => /<(data-\w+)>/.exec(user)?.[1])).size).toBe(3)
  })
})

describe('a model that fails', () => {
  it('takes nothing from the analysis but its advice, and the reason is there', async () => {
    await turnOn()
    server.script([{ kind: 'refuse', status: 403 }])
    const { advice, fixes, tokens } = await advise(ai)
    expect(advice).toMatchObject({ state: 'failed', summary: null, explanations: [], fixes: [] })
    expect(advice.reason).toBe("MODEL_FORBIDDEN: The model provider does not let this service's account use the model: gpt-6-luna of openai")
    expect([fixes.size, tokens]).toEqual([0, 0])
  })

  it('is none where no provider is configured', async () => {
    await turnOn()
    expect((await advise(startAi(platform, WITHOUT_PROVIDERS))).advice).toMatchObject({ state: 'failed', calls: 0, reason: 'MODEL_NOT_CONFIGURED: No model provider is configured that serves this: explain' })
  })
})
