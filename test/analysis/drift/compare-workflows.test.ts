// What counts as drift and what does not, over one golden workflow: any way of writing it, and each way of weakening it.
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import type { Difference } from '../../../analysis/drift/difference.ts'
import { compareWorkflows } from '../../../analysis/drift/compare-workflows.ts'
import { createPipelineFile } from '../../../analysis/workflow/pipeline-file.ts'
import { WORKFLOW_PATH } from '../engine-input.ts'
import { GOLDEN } from './golden-text.ts'
import { createRandom, reformat } from './reformat.ts'

function compare(expected: string, found: string): readonly Difference[] {
  const [from, to] = [expected, found].map((text) => createPipelineFile(WORKFLOW_PATH, text))
  for (const file of [from, to]) expect(file?.tree.problems.filter(({ code }) => code !== 'unused-anchor'), file?.text).toEqual([])
  if (!from?.workflow || !to?.workflow) throw new Error('no workflow')
  return compareWorkflows(from.workflow, to.workflow)
}

/** Fails when the text is not there, so that no case silently compares a workflow with itself. */
function changed(text: string, from: string | RegExp, to: string): string {
  const after = text.replace(from, to)
  expect(after).not.toBe(text)
  return after
}

const SEEDS = Array.from({ length: 1000 }, (_, seed) => seed)

/** Kind of weakening, what is replaced, by what. */
const WEAKENINGS: readonly (readonly [title: string, from: string | RegExp, to: string])[] = [
  ['a step whose failure does not count', '        timeout-minutes: 5\n', '        timeout-minutes: 5\n        continue-on-error: true\n'],
  ['a job whose failure does not count', '    timeout-minutes: 15\n', '    timeout-minutes: 15\n    continue-on-error: true\n'],
  ['a command whose failure is dropped', '--audit-level=high', '--audit-level=high || true'],
  ['a script without set -e', /set -eu\n/, 'set +e\n'],
  ['a permission of the workflow widened', 'permissions:\n  contents: read', 'permissions:\n  contents: write'],
  ['a permission of a job widened', '      id-token: write', '      id-token: write\n      packages: write'],
  ['permissions no longer declared', 'permissions:\n  contents: read\nconc', 'conc'],
  ['every permission', 'permissions:\n  contents: read\nconc', 'permissions: write-all\nconc'],
  ['a commit replaced by a tag', /@9f\w+ # v7.0.0/, '@v7'],
  ['a version replaced by its major', '@v7.1.0', '@v7'],
  ['a digest replaced by a tag', /@sha256:\w+/, ''],
  ['a step under a condition', '      - run: npm ci', '      - if: github.actor == \'acme\'\n        run: npm ci'],
  ['a job without its condition', /    if: github.ref .*\n/, ''],
  ['another condition of a job', "'refs/heads/main'", "'refs/heads/dev'"],
  ['an event removed', /  pull_request:\n.*\n/, ''],
  ['an event narrowed', 'types: [opened, synchronize]', 'types: [opened]'],
  ['paths that start nothing', 'paths-ignore: [docs/**]', 'paths-ignore: [docs/**, src/**]'],
  ['a schedule removed', /  schedule:\n.*\n/, ''],
  ['an event that outsiders cause', '  pull_request:\n', '  pull_request_target:\n  pull_request:\n'],
  ['a timeout removed', '    timeout-minutes: 15\n', ''],
  ['a timeout raised', 'timeout-minutes: 10', 'timeout-minutes: 300'],
  ['a dependency removed', 'needs: [test, scan]', 'needs: [test]'],
  ['an environment removed', '    environment: production\n', ''],
  ['a matrix value removed', 'node: [22, 24]', 'node: [24]'],
  ['credentials left behind', 'persist-credentials: false', 'persist-credentials: true'],
  ['every secret passed on', /    secrets:\n.*\n/, '    secrets: inherit\n'],
  ['a command removed', '          npm run lint\n', ''],
  ['a flag removed', 'npm ci --ignore-scripts', 'npm ci'],
  ['a shell that does not stop', 'shell: bash', "shell: bash {0}"],
  ['a runner of one\'s own', '    runs-on: ubuntu-24.04\n    timeout-minutes: 15', '    runs-on: [self-hosted]\n    timeout-minutes: 15'],
  ['another action in place of the check', 'acme/pipelines/.github/workflows/scan.yml@v3', 'acme/other/.github/workflows/scan.yml@v3'],
  ['a concurrency group removed', /concurrency:\n.*\n/, ''],
]

describe('compareWorkflows', () => {
  it('sees no difference in a workflow that is written in any of 1,000 other ways', () => {
    for (const seed of SEEDS) {
      const text = reformat(GOLDEN, seed)
      expect(() => parse(text) as unknown, text).not.toThrow()
      expect(compare(GOLDEN, text), `seed ${seed}:\n${text}`).toEqual([])
      expect(compare(text, GOLDEN), `seed ${seed}, the other way round`).toEqual([])
    }
  })

  it('reformats in ways that differ', () => {
    expect(new Set(SEEDS.map((seed) => reformat(GOLDEN, seed))).size).toBe(1000)
  })

  it.each(WEAKENINGS)('calls it weakened: %s, however it is written', (_, from, to) => {
    const weakened = changed(GOLDEN, from, to)
    for (const seed of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      const found = seed === 0 ? weakened : reformat(weakened, seed)
      // The comment that names the version of a pin is lost in a reformatted text; the commit is the same.
      const kinds = compare(GOLDEN, found).map(({ kind }) => kind)
      expect(kinds, found).toContain('weakened')
      expect(kinds, found).not.toContain('missing')
    }
  })

  it('names what is missing and what was added, wherever it stood', () => {
    const random = createRandom(7)
    for (const [start, end] of [['      - name: Audit', '      - name: Test'], ['      - id: setup', '      - run: npm ci'], ['  scan:', '  deploy:']] as const) {
      const without = GOLDEN.slice(0, GOLDEN.indexOf(start)) + GOLDEN.slice(GOLDEN.indexOf(end))
      const other = reformat(without, Math.floor(random() * 1e6))
      expect(compare(GOLDEN, other).map(({ kind }) => kind)).toEqual(['missing'])
      expect(compare(other, GOLDEN).map(({ kind }) => kind)).toEqual(['extra'])
    }
  })

  it('calls a step reordered where it passes one whose work it sees, and not where both install tools', () => {
    const steps = (...lines: readonly string[]): string => `on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n${lines.map((line) => `      - ${line}\n`).join('')}`
    expect(compare(steps('run: make test', 'run: ./deploy.sh'), steps('run: ./deploy.sh', 'run: make test')).map(({ kind }) => kind)).toEqual(['reordered'])
    expect(compare(steps('uses: actions/setup-go@v7', 'uses: actions/setup-node@v7'), steps('uses: actions/setup-node@v7', 'uses: actions/setup-go@v7'))).toEqual([])
  })

  it('calls an older version outdated, and a newer or firmer one nothing', () => {
    const at = (ref: string): string => changed(GOLDEN, '@v7.1.0', ref)
    expect(compare(GOLDEN, at('@v6.4.0')).map(({ kind, parameter }) => [kind, parameter])).toEqual([['outdated', 'versions']])
    expect(compare(GOLDEN, at('@v8.0.0'))).toEqual([])
    expect(compare(GOLDEN, at(`@${'c'.repeat(40)} # v7.1.0`))).toEqual([])
  })

  it('counts neither comments nor blank lines of a script, and does count the order of its commands', () => {
    expect(compare(GOLDEN, changed(GOLDEN, '          npm run lint\n', '          # first\n\n          npm   run lint\n'))).toEqual([])
    expect(compare(GOLDEN, changed(GOLDEN, /(          npm run lint\n)(          npm test.*\n)/, '$2$1')).map(({ kind }) => kind)).toEqual(['reordered'])
  })
})
