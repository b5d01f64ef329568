import { describe, expect, it } from 'vitest'
import { rules } from '../../analysis/rules/index.ts'
import { makeFolder } from '../worktree/make-folder.ts'
import { runMain } from './run-main.ts'

describe('rules', () => {
  it('lists every rule with its severity and summary', async () => {
    const { code, stdout } = await runMain(makeFolder(), ['rules'])
    expect(code).toBe(0)
    expect(stdout.split('\n').filter((line) => line !== '')).toHaveLength(rules.length)
    for (const { meta } of rules) expect(stdout).toMatch(new RegExp(`^${meta.id} +${meta.severity} +`, 'm'))
  })

  it('explains one with what it says, its names elsewhere and its page', async () => {
    const { stdout } = await runMain(makeFolder(), ['rules', 'unpinned-action'])
    expect(stdout).toMatch(/^unpinned-action\n/)
    expect(stdout).toContain('severity    high')
    expect(stdout).toMatch(/elsewhere .*zizmor unpinned-uses/)
    expect(stdout).toContain('/docs/rules/unpinned-action.md')
  })

  it('gives programs an array, of one rule or of all', async () => {
    const all = JSON.parse((await runMain(makeFolder(), ['rules', '--format', 'json'])).stdout) as Record<string, unknown>[]
    expect(all.map(({ id }) => id)).toEqual(rules.map(({ meta }) => meta.id))
    for (const rule of all) {
      expect(Object.keys(rule)).toEqual(['id', 'summary', 'severity', 'confidence', 'profile', 'fix', 'category', 'since', 'equivalents', 'docsUrl'])
    }
    const one = JSON.parse((await runMain(makeFolder(), ['rules', 'unpinned-action', '--format', 'json'])).stdout) as Record<string, unknown>[]
    expect(one).toEqual(all.filter(({ id }) => id === 'unpinned-action'))
  })
})
