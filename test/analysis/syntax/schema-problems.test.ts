import { describe, expect, it } from 'vitest'
import { registry } from '../../../analysis/rules/index.ts'
import { parse } from '../../../analysis/source/parse.ts'
import { schemaOf } from '../../../analysis/syntax/schema.ts'
import { schemaProblems } from '../../../analysis/syntax/schema-problems.ts'
import { walkSchema } from '../../../analysis/syntax/walk-schema.ts'
import { createPipelineFile } from '../../../analysis/workflow/pipeline-file.ts'

const PATH = '.github/workflows/build.yml'

function problemsOf(text: string, path = PATH): string[] {
  const file = createPipelineFile(path, text)
  return schemaProblems(file, registry).map((problem) => {
    const what = problem.kind === 'unknown-key' ? problem.key : problem.kind === 'missing-key' ? problem.keys.join('+') : problem.reason
    return `${file.lines.lineOf(problem.start)} ${problem.kind} ${problem.place} ${what}`
  })
}

const job = (lines: string): string => `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n${lines}    steps: [{run: make}]\n`

describe('schemaProblems', () => {
  it('walks a file once for all who ask', () => {
    const file = createPipelineFile(PATH, job('    color: red\n'))
    expect(schemaProblems(file, registry)).toHaveLength(1)
    expect(schemaProblems(file, registry)).toBe(schemaProblems(file, registry))
  })

  it('leaves out files of unknown kind and files whose YAML is broken', () => {
    expect(problemsOf('color: red\n', 'settings.yml')).toEqual([])
    expect(problemsOf(`${job('    color: red\n')}  b: [\n`)).toEqual([])
  })

  it('follows aliases, and reports a shared node once for what it is used as', () => {
    expect(problemsOf(job('    env: &e [CI]\n    concurrency: *e\n'))).toEqual(['5 invalid-value jobs.a.env kind'])
    const shared = `${job('    container: &c {options: x}\n')}  b: {runs-on: x, container: *c, services: {db: *c}, steps: [{run: make}]}\n`
    expect(problemsOf(shared)).toEqual(['5 missing-key jobs.a.container image', '7 missing-key jobs.b.services.db image'])
  })

  it('leaves values given by an expression alone, and keys too', () => {
    expect(problemsOf(job('    timeout-minutes: ${{ vars.T }}\n    strategy: ${{ fromJSON(vars.S) }}\n    ${{ insert }}: x\n'))).toEqual([])
  })

  it('chooses the kind of job and step by the keys that fit best', () => {
    expect(problemsOf('on: push\njobs:\n  a: {uses: o/r/.github/workflows/w.yml@v1, runs-on: x}\n')).toEqual(['3 unknown-key jobs.a runs-on'])
    expect(problemsOf('on: push\njobs:\n  a: {runs-on: x, uses: o/r/.github/workflows/w.yml@v1}\n')).toEqual(['3 unknown-key jobs.a runs-on'])
    expect(problemsOf('on: push\njobs:\n  a: {runs-on: x, uses: o/r/.github/workflows/w.yml@v1, steps: [{run: x}]}\n')).toEqual(['3 unknown-key jobs.a uses'])
    expect(problemsOf(job('').replace('{run: make}', '{wait: b, run: x, shell: bash}'))).toEqual(['5 unknown-key jobs.a.steps[0] wait'])
    expect(problemsOf(job('').replace('{run: make}', '{shell: bash}'))).toEqual(['5 missing-key jobs.a.steps[0] run'])
  })

  it('takes a map of no known kind with an unknown key for one that may be newer', () => {
    expect(problemsOf(job('').replace('{run: make}', '{shell: bash, color: red}'))).toEqual(['5 unknown-key jobs.a.steps[0] color'])
  })

  it('does not ask for a key that a misspelt one was meant to be', () => {
    expect(problemsOf('on: push\njob: {a: {uses: ./x}}\n', PATH)).toEqual(['2 unknown-key  job'])
  })

  it('leaves events, filters, activity types and permission scopes to their own rules', () => {
    expect(problemsOf(job('    permissions: {content: all}\n').replace('on: push', 'on: {pull: , pull_request: {types: [open]}, merge_group: {paths: [x]}}'))).toEqual([])
    expect(problemsOf(job('').replace('on: push', 'on: {push: {branch: x}}'))).toEqual(['1 unknown-key on.push branch'])
  })

  it('stops at a thousand problems', () => {
    const keys = Array.from({ length: 30_000 }, (_, index) => `    key${index}: x\n`).join('')
    expect(problemsOf(job(keys))).toHaveLength(1_000)
    expect(problemsOf(job('').replace('{run: make}', '{},'.repeat(30_000)))).toHaveLength(1_000)
  })

  it('ends on groups that nest through aliases', () => {
    const levels = Array.from({ length: 2_000 }, (_, level) => `x${level}: &a${level} [{parallel: ${level === 0 ? '[{run: x}]' : `*a${level - 1}`}}]\n`).join('')
    const { root } = parse(`on: push\n${levels}jobs: {a: {runs-on: x, steps: *a1999}}\n`)
    const schema = schemaOf('workflow')
    if (!root || !schema) throw new Error('expected a tree and a schema')
    expect(walkSchema(root, '', schema).filter(({ place }) => place !== '')).toEqual([])
  })
})
