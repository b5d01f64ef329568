// 40 repositories with copies of one pipeline that came apart in five ways, however each is written.
import { expect, test } from 'vitest'
import type { z } from 'zod'
import type { divergenceSchema } from '../../../control-plane/fleet/fleet-schemas.ts'
import { DAY_MS, startFleet, workflow } from './fleet-fixture.ts'

const VARIANTS = ['acme/build@v1', 'acme/build@v2', 'acme/build@v2.1.0', 'acme/other@v9', 'acme/build@main']
const STYLES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `# Ours\n${text}`,
  (text) => text.replace('name: CI', 'name: "CI"').replace('on: push', 'on:   push  # every one'),
  (text) => text.replace('permissions: {}\n', '').replace('on: push\n', 'permissions: {}\non: push\n'),
]

test('counts 5 distinct variants in 40 repositories, and says which one is newest', async () => {
  const fleet = await startFleet()
  try {
    for (let n = 0; n < 40; n += 1) await fleet.record(`service-${n}`, { ci: (STYLES[n % STYLES.length] ?? String)(workflow(VARIANTS[n % VARIANTS.length] ?? '')) })
    const divergence = async () => (await (await fleet.call('/divergence')).json()) as z.infer<typeof divergenceSchema>
    const [pipeline, ...others] = (await divergence()).pipelines
    expect(others).toEqual([])
    expect([pipeline?.path, pipeline?.summary]).toEqual(['.github/workflows/ci.yml', '5 distinct variants in 40 repositories'])
    expect(pipeline?.variants.map(({ repositories }) => repositories.length)).toEqual([8, 8, 8, 8, 8])
    fleet.platform.advance(DAY_MS)
    await fleet.record('service-3', { ci: workflow('acme/build@v3') })
    expect((await divergence()).pipelines[0]).toMatchObject({ summary: '6 distinct variants in 40 repositories', newest: { repositories: ['acme/service-3'], isNewest: true } })
  } finally {
    await fleet.close()
  }
})
