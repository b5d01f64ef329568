// A rule lives in four places: its file, the registry, its docs page and its fixture folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROFILES, type Profile } from '../../analysis/finding.ts'
import { rules } from '../../analysis/rules/index.ts'

const ROOT = join(import.meta.dirname, '../..')
const names = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(ending)).map((name) => name.slice(0, name.length - ending.length)).sort()

const ids = rules.map((rule) => rule.meta.id)

describe('the registry of rules', () => {
  it('names every rule file, in the order of ids', () => {
    const files = names('analysis/rules', '.ts').filter((name) => name !== 'index' && name !== 'rule')
    expect(ids).toEqual([...files].sort())
  })

  it('has a docs page for every rule, and no page without one', () => {
    expect(names('docs/rules', '.md')).toEqual([...ids].sort())
  })

  it('has a fixture folder for every rule, and no folder without one', () => {
    const folders = readdirSync(join(ROOT, 'test/analysis/rules'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(folders.map((entry) => entry.name).sort()).toEqual([...ids].sort())
  })

  it.each(rules.map((rule) => rule.meta))('explains $id: its title, how to suppress it and its equivalents', (meta) => {
    const path = join(ROOT, 'docs/rules', `${meta.id}.md`)
    const page = existsSync(path) ? readFileSync(path, 'utf8') : ''
    expect(page.split('\n')[0]).toBe(`# ${meta.id}`)
    expect(page).toContain(`autodevops: ignore[${meta.id}]`)
    for (const [tool, audits] of Object.entries(meta.equivalents)) for (const audit of audits) expect(page).toContain(`${tool}:${audit}`)
  })

  // A rule whose own profile is not shown does not run.
  it('says nothing in a profile below the rule\'s own', () => {
    for (const { meta } of rules) {
      for (const message of Object.values<string | { readonly profile?: Profile }>(meta.messages)) {
        const profile = typeof message === 'string' ? meta.profile : (message.profile ?? meta.profile)
        expect(PROFILES.indexOf(profile), meta.id).toBeGreaterThanOrEqual(PROFILES.indexOf(meta.profile))
      }
    }
  })
})
