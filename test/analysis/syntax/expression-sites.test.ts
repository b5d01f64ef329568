import { describe, expect, it } from 'vitest'
import { expressionSites } from '../../../analysis/syntax/expression-sites.ts'
import { createPipelineFile } from '../../../analysis/workflow/pipeline-file.ts'

const PATH = '.github/workflows/build.yml'

function sitesOf(text: string, path = PATH): string[] {
  const file = createPipelineFile(path, text)
  return expressionSites(file).map(({ scalar, isKey, isCondition, isWhole, job, step, type, spans }) => {
    const marks = [isKey ? 'key' : '', isCondition ? 'condition' : '', isWhole ? 'whole' : ''].filter(Boolean).join('+')
    return `${file.lines.lineOf(scalar.start)} ${type?.name ?? 'any'} ${job?.id ?? '-'}/${step?.id?.text ?? '-'} ${marks} ${spans.map(({ text: inside }) => inside.trim()).join(' | ')}`
  })
}

describe('expressionSites', () => {
  it('finds values, keys and conditions with what the schema asks for and to whom they belong', () => {
    const text = [
      'on: push', 'env: {A: "x ${{ a }}"}', 'jobs:', '  b:', '    if: c', '    runs-on: ${{ d }}', '    timeout-minutes: ${{ e }}',
      '    strategy: {matrix: {os: ["${{ f }}"]}}', '    steps:', '      - id: s', '        if: ${{ g }}', '        run: |', '          ${{ h }} ${{ i }}', '        env: {"${{ j }}": k}', '',
    ].join('\n')
    expect(sitesOf(text)).toEqual([
      '2 string -/-  a',
      '5 job-if b/- condition+whole c',
      '6 runs-on b/- whole d',
      '7 number-strategy-context b/- whole e',
      '8 any b/- whole f',
      '11 step-if b/s condition+whole g',
      '12 step-run b/s  h | i',
      '14 any b/s key+whole j',
    ])
  })

  it('calls an expression whole only when no character stands beside it', () => {
    const wholes = (value: string): boolean[] => expressionSites(createPipelineFile(PATH, `on: push\nenv:\n  A: ${value}\n`)).map(({ isWhole }) => isWhole)
    expect(['${{ a }}', '"${{ a }}"', "'${{ a }}'", '|-\n    ${{ a }}', '>-\n    ${{ a\n    }}'].map(wholes)).toEqual([[true], [true], [true], [true], [true]])
    expect(['x${{ a }}', '" ${{ a }}"', '|\n    ${{ a }}', '>+\n    ${{ a }}', '${{ a }}${{ b }}', '|-\n    x\n    ${{ a }}'].map(wholes)).toEqual([[false], [false], [false], [false], [false], [false]])
  })

  it('meets a shared node once for each thing it is used as, and follows aliases out of sight', () => {
    const text = 'on: push\nenv: &e {A: "${{ a }}"}\njobs:\n  b:\n    env: *e\n    runs-on: x\n    steps: &s [{run: "${{ b }}"}]\n  c: {runs-on: x, steps: *s}\n'
    expect(sitesOf(text)).toEqual(['2 string -/-  a'.replace('  ', ' whole '), '2 string b/- whole a', '7 step-run b/- whole b'])
  })

  it('knows what each key offers, the parents included', () => {
    const offered = (text: string): string[] => {
      const [site] = expressionSites(createPipelineFile(PATH, text))
      return [...(site?.offered.contexts ?? []), ...(site?.offered.functions.keys() ?? [])]
    }
    expect(offered('on: push\nrun-name: ${{ a }}\n')).toEqual(['github', 'inputs', 'vars'])
    expect(offered('on: push\njobs: {a: {if: x}}\n')).toEqual(['github', 'inputs', 'vars', 'needs', 'always', 'failure', 'cancelled', 'success'])
    expect(offered('on: push\njobs: {a: {container: {image: i, credentials: {username: "${{ a }}", password: p}}}}\n')).toContain('env')
    expect(offered('on: {push: {branches: ["${{ a }}"]}}\njobs: {}\n')).toEqual([])
  })

  it('says where braces are never closed', () => {
    const [site] = expressionSites(createPipelineFile(PATH, 'on: push\nenv:\n  A: ${{ a }} ${{ b\n'))
    expect([site?.spans.length, site?.unclosed]).toEqual([1, 28])
  })

  it('leaves out descriptions, unknown keys and files of other kinds', () => {
    expect(sitesOf('on: push\ncolor: ${{ a }}\njobs: {}\n')).toEqual([])
    expect(sitesOf('name: a\ndescription: ${{ a }}\nruns: {using: node24, main: a.js}\n', 'action.yml')).toEqual([])
    expect(sitesOf('a: ${{ b }}\n', 'settings.yml')).toEqual([])
  })
})
