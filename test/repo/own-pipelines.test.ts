// Our own pipelines under our own rules, all of them, as strict as they get.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyse, type SourceFile } from '../../analysis/analyse.ts'
import { NO_FACTS } from '../../analysis/fact.ts'
import { DEFAULT_POLICY } from '../../analysis/policy/policy.ts'
import { isPipelinePath } from '../../analysis/pipeline-path.ts'
import { readRepositoryFile, repositoryFiles } from './repository-files.ts'

const paths = repositoryFiles()
const own = paths.filter((path) => !path.startsWith('test/') && (isPipelinePath(path) || /^workflows\/.*\.ya?ml$/.test(path)))
const read = (path: string): SourceFile => ({ path, text: readRepositoryFile(path) })

const examine = (files: readonly SourceFile[]) => analyse({
  files,
  paths,
  policy: { ...DEFAULT_POLICY, profile: 'auditor', honourSuppressions: false },
  facts: NO_FACTS,
  today: '2026-11-24',
  host: { kind: 'github.com' },
})

describe('our own pipelines', () => {
  it('are here', () => {
    expect(own).toEqual(expect.arrayContaining(['.github/dependabot.yml', '.github/workflows/ci.yml', 'action.yml']))
  })

  it.each(own)('pass every rule without a suppression: %s', (path) => {
    const { files, findings, failures } = examine([read(path)])
    expect(files).toEqual([expect.objectContaining({ path, status: 'analysed' })])
    expect(failures).toEqual([])
    expect(findings.map(({ ruleId, message, start }) => `${path}:${start.line} ${ruleId} ${message}`)).toEqual([])
  })

  it('would fail with one tag in place of a commit', () => {
    const text = readRepositoryFile('.github/workflows/ci.yml').replace(/@[0-9a-f]{40}/, '@v7')
    expect(examine([{ path: '.github/workflows/ci.yml', text }]).findings.map(({ ruleId }) => ruleId)).toEqual(['unpinned-official-action'])
  })

  it('use each action at a commit that our own data knows, under the version that the comment names', () => {
    const data = readRepositoryFile('analysis/data/actions.json')
    const uses = own.flatMap((path) => [...readRepositoryFile(path).matchAll(/uses: (?!autodevops\/)([\w.-]+(?:\/[\w.-]+)+)@(\S+)(?: # (\S+))?/g)])
    expect(uses.length).toBeGreaterThan(0)
    for (const [, action = '', commit = '', version = ''] of uses) {
      const row = data.split('\n').find((line) => line.trimStart().startsWith(`"${action}":`)) ?? ''
      expect(row).toContain(` ${version} ${commit} `)
    }
  })
})

describe('other linters', () => {
  const commandOf = (name: string): string => path.resolve('.autodevops/linters', name)
  const [actionlint, zizmor] = [commandOf('actionlint-1.7.12/actionlint'), commandOf('zizmor-1.32.0/bin/zizmor')]
  const workflows = own.filter((file) => /workflows\/.*\.yml$/.test(file))

  it.runIf(existsSync(actionlint))('have nothing to say: actionlint', () => {
    expect(spawnSync(actionlint, ['-no-color', '-shellcheck=', '-pyflakes=', ...workflows], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' })
  })

  it.runIf(existsSync(zizmor))('have nothing to say: zizmor, at its strictest', () => {
    const { status, stdout } = spawnSync(zizmor, ['--offline', '--persona', 'auditor', '--format', 'json', ...workflows], { encoding: 'utf8' })
    expect([status, JSON.parse(stdout)]).toEqual([0, []])
  })
})

describe('what others call', () => {
  const reusable = paths.filter((path) => /^workflows\/reusable\/.*\.yml$/.test(path))

  it('stands where GitHub lets others call it, byte for byte', () => {
    expect(reusable.length).toBeGreaterThan(2)
    for (const path of reusable) expect(readRepositoryFile(path.replace('workflows/reusable', '.github/workflows'))).toBe(readRepositoryFile(path))
  })

  it('uses our Action by commit, in one version everywhere, for the release to stamp', () => {
    const pins = own.flatMap((path) => [...readRepositoryFile(path).matchAll(/uses: autodevops\/analyze\S*@(\S+ # \S+)/g)].map(([, pin]) => pin))
    expect(pins.length).toBeGreaterThan(reusable.length)
    expect(new Set(pins).size).toBe(1)
    expect(pins[0]).toMatch(/^[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it.each(paths.filter((path) => /^workflows\/starters\/.*\.yml$/.test(path)))('%s has what a template needs', (path) => {
    const properties = JSON.parse(readRepositoryFile(path.replace(/\.yml$/, '.properties.json'))) as Record<string, unknown>
    expect(properties).toMatchObject({ name: expect.stringMatching(/\S/) as string, description: expect.stringMatching(/\S/) as string, iconName: expect.stringMatching(/^octicon /) as string })
    const called = /uses: autodevops\/analyze\/(\S+)@/.exec(readRepositoryFile(path))?.[1] ?? ''
    const inputs = [...(/^ {4}with:\n((?: {6}.*\n)*)/m.exec(readRepositoryFile(path))?.[1] ?? '').matchAll(/^ {6}([\w-]+):/gm)].map(([, name]) => name ?? '')
    for (const input of inputs) expect(readRepositoryFile(called)).toMatch(new RegExp(`^ {6}${input}:$`, 'm'))
  })
})

describe('our own workflow', () => {
  const text = readRepositoryFile('.github/workflows/ci.yml')

  it('runs the same command as a laptop, and keeps no credentials', () => {
    expect(text).toMatch(/run: \.ci\/run$/m)
    expect(text).toMatch(/persist-credentials: false$/m)
    expect(text).toMatch(/^permissions: \{\}$/m)
  })
})
