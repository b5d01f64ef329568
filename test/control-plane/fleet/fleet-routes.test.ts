import { afterAll, beforeAll, expect, test } from 'vitest'
import type { z } from 'zod'
import type { calendarSchema, divergenceSchema, fleetSchema } from '../../../control-plane/fleet/fleet-schemas.ts'
import { DAY_MS, startFleet, workflow, type Fleet } from './fleet-fixture.ts'

type FleetJson = z.infer<typeof fleetSchema>

let fleet: Fleet

/** Ten days ago three repositories; then one is repaired and gets a new finding, one changes nothing, one comes in. */
beforeAll(async () => {
  fleet = await startFleet()
  await fleet.record('web', { ci: workflow('acme/build@v1', { more: '      - run: echo "::set-output name=a::b"\n' }), release: workflow('acme/build@v1') })
  await fleet.record('api', { ci: workflow('acme/build@v1', { image: 'ubuntu-22.04' }) })
  await fleet.record('gone', { ci: workflow('acme/build@v9') })
  await fleet.store.for(fleet.acme.id).ensure({ repositoryId: 'new', name: 'acme/new' })
  await fleet.store.for(fleet.acme.id).remove('gone')
  await fleet.record('secret', { ci: workflow('rival/build@v1', { image: 'ubuntu-22.04' }) }, fleet.rival)
  fleet.platform.advance(10 * DAY_MS)
  await fleet.record('web', { ci: workflow('acme/build@v3', { more: '      - uses: acme/lint@v1\n' }), release: workflow('acme/build@v1') })
  await fleet.record('late', { ci: workflow('acme/build@v1') })
})
afterAll(() => fleet.close())

const json = async <T>(path: string, as: 'reader' | 'stranger' = 'reader'): Promise<T> => {
  const response = await fleet.call(path, { as })
  expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 200, 'application/json; charset=utf-8'])
  return await response.json() as T
}

test('scores and drift age of each repository, what changed this week, top rules and the heat map', async () => {
  const report = await json<FleetJson>('/fleet')
  const rowOf = (name: string) => report.repositories.find((row) => row.name === `acme/${name}`)
  expect(report).toMatchObject({ schemaVersion: 1, title: 'Pipelines of acme', today: fleet.platform.clock().toISOString().slice(0, 10), totals: { repositories: 4, analysed: 3, oldestDriftDays: 10 } })
  expect(report.repositories.map(({ name }) => name)).toHaveLength(4)
  // The deprecated command is gone, a further action came; the other version of the first one is no news.
  expect(rowOf('web')).toMatchObject({ driftAgeDays: 10, week: { appeared: 1, fixed: 1 }, problem: null })
  expect(rowOf('api')).toMatchObject({ driftAgeDays: 10, week: { appeared: 0, fixed: 0, scoreBefore: rowOf('api')?.score?.total } })
  expect(rowOf('late')).toMatchObject({ driftAgeDays: 0, week: null })
  expect(rowOf('new')).toMatchObject({ score: null, driftAgeDays: null, week: null, problem: 'not analysed yet' })
  expect(report.week).toMatchObject({ appeared: 1, fixed: 1, unknown: 2, moved: [{ name: 'acme/web', from: rowOf('web')?.week?.scoreBefore, to: rowOf('web')?.score?.total }] })
  expect(report.rules[0]).toMatchObject({ ruleId: 'unpinned-action', category: 'security', repositories: 3, findings: 5 })
  expect(rowOf('web')?.heat.security.findings).toBeGreaterThanOrEqual(2)
})

test('the open fix pull request of each repository and the use of their budget, the same in every format', async () => {
  const own = fleet.pullRequests.for(fleet.acme.id)
  const repair = { severity: 'high', fixes: 'safe' } as const
  await own.open({ repositoryId: 'web', repository: 'acme/web', ...repair }, { number: 4, url: 'https://github.test/acme/web/pull/4' })
  await own.open({ repositoryId: 'api', repository: 'acme/api', ...repair }, { number: 5, url: null })
  await own.close('api', 'merged')
  await own.wait({ repositoryId: 'late', repository: 'acme/late', ...repair })
  const { repositories, pullRequests } = await json<FleetJson>('/fleet')
  expect(pullRequests).toEqual({ maxOpen: expect.any(Number) as number, open: 1, maxPerDay: expect.any(Number) as number, openedToday: 0, waiting: 1 })
  expect(Object.fromEntries(repositories.map(({ name, pullRequest }) => [name, pullRequest]))).toEqual({
    'acme/web': { number: 4, url: 'https://github.test/acme/web/pull/4' }, 'acme/api': null, 'acme/late': null, 'acme/new': null,
  })
  for (const [format, words] of [
    ['csv', /^acme\/web,.*,4,https:\/\/github\.test\/acme\/web\/pull\/4$/m], ['markdown', '[#4](https://github.test/acme/web/pull/4)'], ['html', '<a href="https://github.test/acme/web/pull/4">#4</a>'],
  ] as const) {
    const body = await (await fleet.call(`/fleet?format=${format}`)).text()
    expect(body.replaceAll('\r', '')).toMatch(words)
    if (format !== 'csv') expect(body).toContain(`1 open; 1 of ${pullRequests?.maxOpen ?? ''} places is taken, 0 of ${pullRequests?.maxPerDay ?? ''} of today; 1 repository waits for room.`)
  }
})

test('the same report as CSV, as an issue, and as one page that may load and run nothing', async () => {
  const read = async (format: string) => {
    const response = await fleet.call(`/fleet?format=${format}`)
    return { status: response.status, headers: response.headers, body: await response.text() }
  }
  const [csv, markdown, html] = [await read('csv'), await read('markdown'), await read('html')]
  expect([csv.status, csv.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
  expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="fleet-\d{4}-\d\d-\d\d\.csv"$/)
  expect(csv.body.split('\r\n')).toHaveLength(6)
  expect(csv.body).toMatch(/^repository,score,/)
  expect([markdown.headers.get('content-type'), markdown.body.split('\n')[0]]).toEqual(['text/markdown; charset=utf-8', '<!-- autodevops:fleet-report -->'])
  expect(markdown.body).toContain('1 new finding, 1 fixed; not known for 2 repositories.')
  expect([html.headers.get('content-type'), html.headers.get('content-security-policy')]).toEqual(['text/html; charset=utf-8', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"])
  expect(html.body).toMatch(/^<!doctype html>\n/)
  expect(markdown.body).toContain('| acme/new (not analysed yet) |  |  |  |')
  for (const { body } of [csv, markdown, html]) expect(body).toContain('acme/web')
  const refused = await fleet.call('/fleet?format=pdf')
  expect([refused.status, await refused.json()]).toEqual([400, expect.objectContaining({ code: 'BODY_INVALID', detail: expect.stringContaining('format') as string })])
})

test('how many distinct variants a pipeline has in how many repositories, and which one is newest', async () => {
  const { repositories, pipelines, actions } = await json<z.infer<typeof divergenceSchema>>('/divergence')
  expect(repositories).toBe(4)
  expect(pipelines.map(({ path, summary }) => [path, summary])).toEqual([['.github/workflows/ci.yml', '3 distinct variants in 3 repositories']])
  expect(pipelines[0]?.newest).toMatchObject({ repositories: ['acme/web'], isNewest: true, changedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string })
  expect(actions).toMatchObject([{ action: 'acme/build', summary: 'v3 in 1 repository, v1 in 3 repositories' }])
})

test('what breaks when, where, and who said so; days are counted from today', async () => {
  const { today, ends } = await json<z.infer<typeof calendarSchema>>('/calendar')
  expect(ends).toMatchObject([{
    subject: "the image 'ubuntu-22.04'", date: '2027-04-17', repositories: ['acme/api'], places: [{ repository: 'acme/api', path: '.github/workflows/ci.yml', line: 6 }], unlisted: 0, source: 'actions/runner-images#14254',
  }])
  expect(ends[0]?.days).toBe((Date.parse('2027-04-17') - Date.parse(today)) / DAY_MS)
  expect(ends[0]?.summary).toBe(`breaks in ${ends[0]?.days ?? ''} days, on 2027-04-17`)
})

test('another organisation sees its own only', async () => {
  for (const path of ['/fleet', '/divergence', '/calendar']) expect(JSON.stringify(await json(path, 'stranger'))).not.toMatch(/acme/)
  expect((await json<FleetJson>('/fleet', 'stranger')).totals.repositories).toBe(1)
})

test('no finding is read for it', async () => {
  const before = await json<FleetJson>('/fleet')
  await fleet.platform.database.db.collection('findings').deleteMany({})
  expect(await json<FleetJson>('/fleet')).toEqual(before)
})
