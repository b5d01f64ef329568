// Issue of every App with many repositories: deliveries in any order, many of them twice, while the branches go on moving.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pushPayload, startWebhookFixture, type Delivery, type WebhookFixture } from './webhook-fixture.ts'

const BRANCHES = Array.from({ length: 10 }, (_, index) => `topic-${index}`)
const ROUNDS = 5
const PER_ROUND = 200
const AT_ONCE = 25

let fixture: WebhookFixture

beforeAll(async () => {
  fixture = await startWebhookFixture()
})
afterAll(() => fixture.close())

/** Repeatable, and different for each seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed
  const keyed = items.map((item) => ({ item, key: (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) }))
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item)
}

test('1,000 webhooks, shuffled, a third of them sent again: the newest commit of each branch is analysed once', async () => {
  const { service } = fixture
  const shop = await service.repository('busy')
  const workers = [fixture.webhooks, fixture.assemble()]
  for (const { worker } of workers) worker.start()
  await fixture.analyses.worker.start()
  const pushes: Delivery[] = []
  const counts = { accepted: 0, known: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    for (const branch of BRANCHES) {
      const after = await service.github.commit({ repo: shop.fullName, branch, message: `round ${round}`, files: { 'README.md': `${branch} ${round}\n` } })
      // Several deliveries tell of one commit, as those of several hooks do.
      for (let copy = 0; copy < 15; copy++) pushes.push({ event: 'push', id: `${branch}-${round}-${copy}`, payload: pushPayload(shop, service.ownerId, { branch, after }) })
    }
    const fresh = shuffled(pushes.slice(round * 150, (round + 1) * 150), round + 1)
    const again = shuffled(pushes, round + 77).slice(0, PER_ROUND - fresh.length)
    const batch = shuffled([...fresh, ...again], round + 999)
    for (let at = 0; at < batch.length; at += AT_ONCE) {
      for (const { status, body } of await Promise.all(batch.slice(at, at + AT_ONCE).map((each) => fixture.deliver(each)))) {
        expect(status).toBe(202)
        counts[body.state as keyof typeof counts] += 1
      }
    }
  }
  expect(counts).toEqual({ accepted: 750, known: 250 })
  await expect.poll(() => fixture.pending(), { timeout: 60_000 }).toBe(0)
  const open = async () => (await service.documents()).filter(({ state }) => ['submitted', 'queued', 'running'].includes(state)).length
  await expect.poll(open, { timeout: 90_000, interval: 500 }).toBe(0)
  for (const { worker } of workers) await worker.stop()
  const documents = await service.documents()
  for (const branch of BRANCHES) {
    const head = await service.github.branchHead(shop.fullName, branch)
    const ofHead = documents.filter(({ ref, commit }) => ref === `refs/heads/${branch}` && commit === head)
    expect(ofHead.map(({ state, attempts }) => ({ state, attempts })), branch).toEqual([{ state: 'done', attempts: 1 }])
  }
}, 180_000)
