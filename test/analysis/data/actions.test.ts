import { describe, expect, it } from 'vitest'
import { versionsOf } from '../../../analysis/data/actions.ts'
import data from '../../../analysis/data/actions.json' with { type: 'json' }
import { livingVersions } from '../../../analysis/data/living-versions.ts'
import { runtimeState } from '../../../analysis/data/runtimes.ts'
import { usedVersion } from '../../../analysis/data/used-version.ts'
import { createPipelineFile } from '../../../analysis/workflow/pipeline-file.ts'
import { stepsOf } from '../engine-input.ts'

const AT = { host: { kind: 'github.com' as const }, today: '2026-11-24' }
const used = (line: string) => {
  const uses = createPipelineFile('ci.yml', stepsOf(line)).workflow?.jobs[0]?.steps[0]?.uses
  return uses === null || uses === undefined ? null : usedVersion(uses)
}

it('holds well-formed lines only', () => {
  for (const [name, line] of Object.entries(data.actions)) {
    expect(name).toBe(name.toLowerCase())
    for (const entry of line.split(' | ')) {
      expect(entry).toMatch(/^\S+ (?:-|older|plugin|node\d+|composite|docker) \S+ (?:-|[0-9a-f]{40}) (?:-|\d{4}-\d{2}-\d{2}) [-mb] \S+$/)
    }
  }
})

describe('versions', () => {
  it('are found without case, and unknown actions have none', () => {
    expect(versionsOf('Actions/Checkout').length).toBeGreaterThan(5)
    expect(versionsOf('acme/build')).toEqual([])
    expect(versionsOf('constructor')).toEqual([])
  })

  it('share inputs where the data says so, and keep what is unknown unknown', () => {
    const byLabel = new Map(versionsOf('actions/checkout').map((version) => [version.label, version]))
    expect(byLabel.get('v7')?.inputs).toEqual(byLabel.get('v5')?.inputs)
    expect(byLabel.get('v7')?.inputs?.map(({ name }) => name)).toContain('fetch-depth')
    expect(byLabel.get('v2')?.inputs).toBeNull()
  })

  it('say which inputs are required, and which the action calls deprecated', () => {
    const inputsOf = (action: string, version: string) => versionsOf(action).find(({ label }) => label === version)?.inputs ?? []
    expect(inputsOf('actions/cache', 'v4').filter(({ isRequired }) => isRequired).map(({ name }) => name)).toEqual(['key', 'path'])
    expect(inputsOf('actions/cache', 'v4').filter(({ isDeprecated }) => isDeprecated).map(({ name }) => name)).toEqual(['save-always'])
  })

  it('with a living runtime come newest first', () => {
    expect(livingVersions('actions/checkout', AT).map(({ label }) => label).slice(0, 3)).toEqual(['v7', 'v6', 'v5'])
    expect(livingVersions('actions/create-release', AT)).toEqual([])
    expect(livingVersions('actions/checkout', { ...AT, host: { kind: 'ghes', version: null } })[0]?.label).toBe('v7')
  })
})

describe('the version in use', () => {
  it.each([
    ['- uses: actions/checkout@v4', 'v4', 'exact'],
    ['- uses: actions/checkout@v4.4.0', 'v4', 'exact'],
    ['- uses: actions/checkout@v4.1', 'v4', 'older'],
    ['- uses: actions/checkout@11d5960a326750d5838078e36cf38b85af677262', 'v4', 'exact'],
    ['- uses: actions/checkout@11D5960A326750D5838078E36CF38B85AF677262', 'v4', 'exact'],
    [`- uses: actions/checkout@${'1'.repeat(40)} # v4.1.0`, 'v4', 'claimed'],
  ])('of %s is %s, %s', (line, label, certainty) => {
    expect(used(line)).toMatchObject({ version: { label }, certainty })
  })

  it.each(['- uses: actions/checkout@main', '- uses: actions/checkout@v99', `- uses: actions/checkout@${'1'.repeat(40)}`, '- uses: ./x', '- uses: acme/x@v1'])('of %s is not known', (line) => {
    expect(used(line)).toBeNull()
  })
})

describe('a runtime', () => {
  it('is judged by date and host', () => {
    expect(runtimeState('node16', AT).state).toBe('dead')
    expect(runtimeState('node24', AT).state).toBe('living')
    expect(runtimeState('node99', AT).state).toBe('unknown')
    expect(runtimeState('constructor', AT).state).toBe('unknown')
    expect(runtimeState('node20', AT)).toEqual({ state: 'removed', on: '2026-09-16', days: -69 })
    expect(runtimeState('node20', { ...AT, today: '2026-09-15' })).toEqual({ state: 'retiring', on: '2026-09-16', days: 1 })
    expect(runtimeState('node20', { ...AT, host: { kind: 'ghes', version: '3.20' } }).state).toBe('retiring')
  })
})
