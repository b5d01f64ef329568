import { describe, expect, it } from 'vitest'
import { expressionProblems } from '../../../analysis/syntax/expression-problems.ts'
import { createPipelineFile } from '../../../analysis/workflow/pipeline-file.ts'
import { createRepository } from '../../../analysis/workflow/repository.ts'

const PATH = '.github/workflows/build.yml'
const repository = createRepository(new Map(), null)

function problemsOf(text: string): string[] {
  const file = createPipelineFile(PATH, text)
  return expressionProblems(file, repository).map(({ kind, message, start, end }) => `${kind}/${message} ${file.text.slice(start, end)}`)
}

const run = (expression: string, above = ''): string => `on: push\njobs:\n  a:\n    runs-on: x\n${above}    steps:\n      - run: ${expression}\n`

describe('expressionProblems', () => {
  it('checks a file once for all who ask', () => {
    const file = createPipelineFile(PATH, run('${{ nothing }}'))
    expect(expressionProblems(file, repository)).toHaveLength(1)
    expect(expressionProblems(file, repository)).toBe(expressionProblems(file, repository))
  })

  it('says nothing of a file whose YAML is broken', () => {
    expect(problemsOf(`${run('${{ nothing }}')}  b: [\n`)).toEqual([])
  })

  it('places problems through quotes, folds and parentheses', () => {
    expect(problemsOf(run("'${{ (github.reff) == ''x'' }}'"))).toEqual(['unknown-reference/property (github.reff)'])
    expect(problemsOf(run('>\n          ${{ github.sha &&\n          github.reff }}'))).toEqual(['unknown-reference/property github.reff'])
    expect(problemsOf(run('"${{ contains(github.event, \\"x\\") }}"'))).toEqual(['expression-syntax/refused \\"x\\"'])
  })

  it('reports a context that is not offered and a property that it lacks, but not the kind of what it would have held', () => {
    expect(problemsOf('on: push\nenv:\n  A: ${{ runner.cpu }}\njobs: {}\n')).toEqual(['context-availability/context runner', 'unknown-reference/property runner.cpu'])
    expect(problemsOf(run('x', '    timeout-minutes: ${{ env.A }}\n'))).toEqual(['context-availability/context env'])
  })

  it('follows stars, computed indexes and choices without guessing', () => {
    expect(problemsOf(run('${{ github.event.commits.*.author.*.name && toJSON(github[env.A].b) }} ${{ (github || runner).arch }}'))).toEqual([])
    expect(problemsOf(run('${{ matrix[0].os }} ${{ steps.*.outcome[0] }}', '    strategy: {matrix: {os: [a]}}\n'))).toEqual(['unknown-reference/name matrix[0]'])
  })

  it('does not say twice what is unknown already', () => {
    expect(problemsOf(run('${{ steps.a.outputs.b.c.d }} ${{ nothing.a.b }}'))).toEqual(['unknown-reference/name steps.a', 'unknown-reference/context nothing'])
  })

  it('reads a matrix of many values as open, and stops at a thousand problems', () => {
    const items = Array.from({ length: 2_000 }, (_, index) => `{k${index}: 1}`).join(', ')
    expect(problemsOf(run('${{ matrix.os.anything }}', `    strategy: {matrix: {os: [${items}]}}\n`))).toEqual([])
    expect(problemsOf(run(`"${'${{ nothing }} '.repeat(3_000)}"`))).toHaveLength(1_000)
  })

  it('answers for hostile files', () => {
    const steps = Array.from({ length: 3_000 }, (_, index) => `      - {id: s${index}, run: "\${{ steps.x${index}.outcome }}"}\n`).join('')
    expect(problemsOf(`on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n${steps}`)).toHaveLength(1_000)
    expect(problemsOf(run(`"\${{ ${'nothing || '.repeat(1_500)} 1 }}"`))).toHaveLength(1_000)
    expect(problemsOf(run(`"\${{ ${"'a' != ".repeat(2_900)} 1 }}"`))).toEqual([])
    const jobs = Array.from({ length: 1_000 }, (_, index) => `  j${index}: {runs-on: "\${{ needs.j0.outputs.a }}", needs: [j0, j1, j2], steps: [{run: x}]}\n`).join('')
    expect(problemsOf(`on: push\njobs:\n${jobs}`)).toHaveLength(1_000)
  })
})
