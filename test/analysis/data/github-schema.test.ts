import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import additions from '../../../analysis/data/schema-additions.json' with { type: 'json' }
import dependabot from '../../../analysis/data/dependabot-schema.json' with { type: 'json' }
import github from '../../../analysis/data/github-schema.json' with { type: 'json' }
import { SCHEMA_FILE, generateSchema } from '../../../scripts/generate-schema.ts'

interface Named {
  readonly definitions?: object
  readonly properties?: object
  readonly required?: object
  readonly asked?: object
  readonly alternatives?: object
  readonly bounds?: object
  readonly select?: object
  readonly filled?: readonly string[]
  readonly growing?: readonly string[]
  readonly hollow?: readonly string[]
  readonly tolerated?: readonly string[]
}

const BUILT_IN = ['any', 'string', 'number', 'boolean', 'null', 'sequence', 'mapping']

/** The definitions that an addition speaks of without defining them. */
function namesIn({ properties, required, asked, alternatives, bounds, select, filled, growing, hollow, tolerated }: Named): string[] {
  const paths = [...Object.keys(bounds ?? {}), ...(tolerated ?? [])].map((path) => path.slice(0, path.indexOf('.')))
  const maps = [properties, required, asked, alternatives, select].flatMap((part) => Object.keys(part ?? {}))
  return [...maps, ...paths, ...(filled ?? []), ...(growing ?? []), ...(hollow ?? [])]
}

/** Every type that a definition refers to. */
function typesIn(definitions: object): string[] {
  const found: string[] = []
  JSON.stringify(definitions, (key, value: unknown) => {
    if (typeof value === 'string' && key !== 'constant') found.push(value)
    return key === 'allowed-values' || key === 'context' || key === 'string' ? undefined : value
  })
  return found
}

describe('github-schema.json', () => {
  it('is what the script takes from the installed package, byte for byte', () => {
    expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(generateSchema())
  })

  it('names its package, version, licence and date', () => {
    expect(github.source).toEqual({ package: '@actions/workflow-parser', version: '0.3.61', licence: 'MIT, Copyright GitHub', date: '2026-11-24' })
  })
})

describe.each([
  ['workflow', github.workflow, additions.workflow as readonly Named[]],
  ['action', github.action, additions.action as readonly Named[]],
  ['dependabot', dependabot.definitions, [dependabot] as readonly Named[]],
])('the %s schema with its additions', (_, published, added) => {
  const known = new Set([...BUILT_IN, ...Object.keys(published), ...added.flatMap(({ definitions }) => Object.keys(definitions ?? {}))])

  it('refers only to types that exist', () => {
    const referred = [published, ...added.map(({ definitions }) => definitions ?? {})].flatMap(typesIn)
    expect(referred.filter((name) => !known.has(name))).toEqual([])
  })

  it('adds only to definitions that exist', () => {
    expect(added.flatMap(namesIn).filter((name) => !known.has(name))).toEqual([])
  })
})

it('gives every addition a source and a date', () => {
  for (const { what, source, date } of [...additions.workflow, ...additions.action]) {
    expect(what, source).not.toBe('')
    expect(source, what).not.toBe('')
    expect(date, what).toMatch(/^2026-\d\d-\d\d$/)
  }
})
