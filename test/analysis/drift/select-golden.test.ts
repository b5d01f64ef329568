// Which golden workflows are meant for a repository, by stack, topic, name and path.
import { describe, expect, it } from 'vitest'
import type { RepositoryProfile } from '../../../analysis/drift/select-golden.ts'
import { selectGolden } from '../../../analysis/drift/select-golden.ts'
import { readPolicyFile } from '../../../analysis/policy/policy-file.ts'
import { DEFAULT_POLICY } from '../../../analysis/policy/policy.ts'

const WEB: RepositoryProfile = { name: 'acme/web-shop', topics: ['service'], paths: ['package.json', 'web/Dockerfile'] }

function select(entry: string, profile: RepositoryProfile) {
  const policy = readPolicyFile({ path: 'p.yml', text: `golden:\n  workflows:\n    - file: golden/ci.yml\n${entry.split('\n').map((line) => `      ${line}\n`).join('')}` }, DEFAULT_POLICY)
  const { policy: { golden }, notChecked } = selectGolden(policy, profile, (path) => ({ path, text: 'on: push' }))
  return { files: golden.workflows.map(({ file }) => file), reasons: notChecked.map(({ reason }) => reason), golden }
}

describe('a golden workflow', () => {
  it.each([
    ['stack: [go, node]', true], ['stack: docker', true], ['stack: rust', false],
    ['topic: Service', true], ['topic: [library]', false],
    ['repository: acme/web-*', true], ['repository: acme/api', false],
    ['path: web/**', true], ['path: api/**', false],
    ['stack: node\ntopic: library', false],
  ])('with %j is meant for a repository: %s', (entry, isMeant) => {
    expect(select(entry, WEB).files).toEqual(isMeant ? ['golden/ci.yml'] : [])
  })

  it('is named and left out where nobody knows whether it is meant', () => {
    const nobody: RepositoryProfile = { name: null, topics: null, paths: null }
    expect(['repository: acme/*', 'topic: service', 'stack: node'].map((entry) => select(entry, nobody))).toMatchObject([
      { files: [], reasons: ["the repository's name is not known here"] },
      { files: [], reasons: ["the repository's topics are not known here"] },
      { files: [], reasons: ["the repository's files are not known here"] },
    ])
  })

  it('is left out without a word where another condition already fails', () => {
    expect(select('stack: rust\ntopic: service', { ...WEB, topics: null })).toMatchObject({ files: [], reasons: [] })
  })

  it('is compared with the workflow of its name unless the policy names others, and has its text', () => {
    expect(select('parameters: [versions]', WEB).golden.workflows).toMatchObject([{ targets: ['.github/workflows/ci.yml'], parameters: ['versions'], text: 'on: push' }])
    expect(select('target: [a.yml, b.yml]', WEB).golden.workflows).toMatchObject([{ targets: ['a.yml', 'b.yml'] }])
  })
})
