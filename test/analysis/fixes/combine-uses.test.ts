import { describe, expect, it } from 'vitest'
import type { AnalyseInput } from '../../../analysis/analyse.ts'
import type { Facts, FactValues } from '../../../analysis/fact.ts'
import { analyse } from '../../../analysis/analyse.ts'
import { DEFAULT_POLICY } from '../../../analysis/policy/policy.ts'
import { planFixes } from '../../../analysis/fixes/plan-fixes.ts'
import { inputOf, stepsOf } from '../engine-input.ts'

const CHECKOUT_V7 = '3d3c42e5aac5ba805825da76410c181273ba90b1'
const COMMIT = '1'.repeat(40)
const factsOf = (...refs: readonly string[]): AnalyseInput['facts'] =>
  new Map(refs.map((ref) => [`ref:${ref}`, { status: 'known', value: { commit: COMMIT, type: 'tag' } }]))

/** The rules whose wishes are combined; what else is found on the line has fixes of its own. */
const accepts = ({ ruleId }: { readonly ruleId: string }): boolean => ['unpinned-action', 'unpinned-official-action', 'retiring-action-runtime', 'dead-action-runtime'].includes(ruleId)

/** The steps after the fixes, without the lines around them. */
function fixed(lines: readonly string[], safety: 'safe' | 'unsafe', more: Partial<AnalyseInput> = {}): string[] {
  const text = stepsOf(...lines)
  const after = planFixes({ input: inputOf(text, more), safety, accepts }).files[0]?.after ?? text
  return after.split('\n').slice(6, -1).map((line) => line.slice(6))
}

describe('the combined edit of a uses line', () => {
  it('is one edit for the pin and the runtime, shared by both findings', () => {
    const findings = analyse(inputOf(stepsOf('- uses: actions/checkout@v4'))).findings.filter(accepts)
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['retiring-action-runtime', 'unpinned-official-action'])
    expect(findings[0]?.fix).toEqual(findings[1]?.fix)
    expect(fixed(['- uses: actions/checkout@v4'], 'safe')).toEqual([`- uses: actions/checkout@${CHECKOUT_V7} # v7.0.1`])
  })

  it('shrinks to a pin of the version in use when only safe edits are allowed and the upgrade is not', () => {
    const lines = ['- uses: actions/checkout@v4', '  with:', '    no-such-input: x']
    const facts = factsOf('actions/checkout@v4')
    expect(fixed(lines, 'safe', { facts })[0]).toBe(`- uses: actions/checkout@${COMMIT} # v4`)
    expect(fixed(lines, 'unsafe', { facts })[0]).toBe(`- uses: actions/checkout@${CHECKOUT_V7} # v7.0.1`)
  })

  it('is unsafe on a host where the old runtime still lives', () => {
    const findings = analyse(inputOf(stepsOf('- uses: actions/checkout@v4'), { host: { kind: 'ghes', version: '3.20' } })).findings.filter(accepts)
    expect(findings.map(({ fix }) => fix?.safety)).toEqual(['unsafe', 'unsafe'])
  })

  it('keeps a tag a tag where the policy accepts tags: a moving one for a moving one, an exact one for an exact one', () => {
    const policy = { ...DEFAULT_POLICY, trustedOwners: ['Actions'] }
    expect(fixed(['- uses: actions/checkout@v4', '- uses: actions/checkout@v4.1.0'], 'safe', { policy })).toEqual([
      '- uses: actions/checkout@v7', '- uses: actions/checkout@v7.0.1',
    ])
  })

  it('leaves a ref that actions.lock holds', () => {
    const lock = `version: 1\ndependencies:\n  actions/checkout@v4:\n    commit: sha1-${COMMIT}\n`
    const files = [{ path: '.github/workflows/ci.yml', text: stepsOf('- uses: actions/checkout@v4') }, { path: '.github/workflows/actions.lock', text: lock }]
    expect(planFixes({ input: inputOf(files), safety: 'unsafe', accepts }).files).toEqual([])
  })

  it.each<[string, string, readonly [string, FactValues['ref'] | FactValues['commit']] | null, string]>([
    ['a pin that the code host confirms', `${COMMIT} # v7.0.0`, [`commit:actions/checkout@${COMMIT}`, { isInRepository: true, tags: ['v7', 'v7.0.0'] }], `${COMMIT} # v7.0.0`],
    ['a tag whose commit is known', 'v7.0.0', ['ref:actions/checkout@v7.0.0', { commit: COMMIT, type: 'tag' }], `${COMMIT} # v7.0.0`],
    ['no pin of which only a comment says what it is', `${COMMIT} # v7.0.0`, null, `${CHECKOUT_V7} # v7.0.1`],
    ['no release of another major', `${COMMIT} # v6.0.0`, [`commit:actions/checkout@${COMMIT}`, { isInRepository: true, tags: ['v6.0.0'] }], `${CHECKOUT_V7} # v7.0.1`],
  ])('moves to what the repository uses already: %s', (_, other, fact, target) => {
    const facts: Facts = new Map(fact === null ? [] : [[fact[0], { status: 'known', value: fact[1] }]])
    expect(fixed(['- uses: actions/checkout@v3', `- uses: actions/checkout@${other}`], 'safe', { facts })[0]).toBe(`- uses: actions/checkout@${target}`)
  })

  it('names the newest release that is that commit, else the ref', () => {
    const facts = new Map([['ref:actions/checkout@v6', { status: 'known' as const, value: { commit: 'd23441a48e516b6c34aea4fa41551a30e30af803', type: 'tag' as const } }]])
    expect(fixed(['- uses: actions/checkout@v6'], 'safe', { facts })).toEqual(['- uses: actions/checkout@d23441a48e516b6c34aea4fa41551a30e30af803 # v6.1.0'])
  })
})

describe('the text around a pin', () => {
  const facts = factsOf('acme/build@v2')
  it.each([
    ['- uses: acme/build@v2', `- uses: acme/build@${COMMIT} # v2`],
    ["- uses: 'acme/build@v2'  ", `- uses: 'acme/build@${COMMIT}' # v2  `],
    ['- uses: "acme/build@v2"\t# keep me', `- uses: "acme/build@${COMMIT}"\t# v2 # keep me`],
    ['- uses: acme/build@v2 # v1.9', `- uses: acme/build@${COMMIT} # v2`],
    ['- uses: acme/build@v2 # pin@v1, reviewed', `- uses: acme/build@${COMMIT} # pin@v2, reviewed`],
    ['- uses: acme/build@v2 # renovate: datasource=x', `- uses: acme/build@${COMMIT} # v2 # renovate: datasource=x`],
    ['- {uses: acme/build@v2}', `- {uses: acme/build@${COMMIT}} # v2`],
    ['- {uses: acme/build@v2, with: {a: b}}', `- {uses: acme/build@${COMMIT}, with: {a: b}}`],
    ['- {uses: acme/build@v2} # why', `- {uses: acme/build@${COMMIT}} # v2 # why`],
    ['- uses: &anchor acme/build@v2', `- uses: &anchor acme/build@${COMMIT} # v2`],
    ['- uses: !!str acme/build@v2', `- uses: !!str acme/build@${COMMIT} # v2`],
    ['- "uses" : acme/build@v2', `- "uses" : acme/build@${COMMIT} # v2`],
  ])('becomes right in %j', (line, expected) => {
    expect(fixed([line], 'safe', { facts })).toEqual([expected])
  })

  it.each([
    ['an escape', ['- uses: "acme/build\\u0040v2"']],
    ['a block scalar', ['- uses: >-', '    acme/build@v2']],
    ['an escape in the ref', ['- uses: "acme/build@v\\u0032"']],
  ])('is left where the value cannot be spliced: %s', (_, lines) => {
    expect(fixed(lines, 'safe', { facts })).toEqual(lines)
  })

  it('keeps the byte order mark, CRLF line ends and a missing last line end', () => {
    const text = `\uFEFF${stepsOf('- uses: acme/build@v2', '- run: x').replaceAll('\n', '\r\n').slice(0, -2)}`
    const [file] = planFixes({ input: inputOf(text, { facts }), safety: 'safe' }).files
    expect(file?.after).toBe(text.replace('acme/build@v2', `acme/build@${COMMIT} # v2`))
  })

  it('changes an anchored value once', () => {
    expect(fixed(['- uses: &a acme/build@v2', '- uses: *a'], 'safe', { facts })).toEqual([`- uses: &a acme/build@${COMMIT} # v2`, '- uses: *a'])
  })
})
