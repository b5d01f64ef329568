import { describe, expect, it } from 'vitest'
import { readRepositoryFile, readText, trackedFiles } from './repository-files.ts'

/** Each is written so that it does not match its own line. */
const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a path of a machine that this was written on', /(?<![\w.])\/(?:wor[k]|hom[e]|roo[t]|opt\/wheel[s]|tmp\/tea[m])\//],
  ['a registry to install from', /--registr[y]|--(?:extra-)?index-ur[l]|--find-link[s]|^registry\s*=/m],
  ['how the work is organised', /\b(?:helpe[r] sessio[n]s?|issu[e] #?\d+|thi[s] sessio[n]|sub-?agen[t]s?|build far[m])\b/i],
  ['a folder outside of the repository', /\.\.\/share[d]\//],
]

/** Lines that a pattern matches, as path:line. */
function matchesOf(pattern: RegExp, files: readonly (readonly [string, string])[]): string[] {
  return files.flatMap(([name, text]) => (pattern.test(text) ? text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${name}:${index + 1}`] : [])) : []))
}

describe('the texts of the repository', () => {
  const texts = trackedFiles().filter((name) => !name.startsWith('dist/')).flatMap((name) => {
    const text = readText(name)
    return text === null ? [] : [[name, text] as const]
  })

  it.each(FORBIDDEN)('do not name %s', (_, pattern) => {
    expect(texts.length).toBeGreaterThan(100)
    expect(matchesOf(pattern, texts)).toEqual([])
  })

  it.each([
    ['see /wor' + 'k/main', 0], ['--regis' + 'try https://x', 1], ['as iss' + 'ue 12 says', 2], ['node ../sha' + 'red/x.mjs', 3],
  ] as const)('would be caught: %s', (text, index) => {
    expect(matchesOf(FORBIDDEN[index]?.[1] ?? /^$/, [['x', text]])).toEqual(['x:1'])
  })
})

describe('the packages', () => {
  const manifest = JSON.parse(readRepositoryFile('package.json')) as Record<string, Record<string, string> | undefined>

  it('are named in exact versions', () => {
    const versions = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) => Object.entries(manifest[kind] ?? {}))
    expect(versions.length).toBeGreaterThan(20)
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
  })

  it('are locked without the address that they came from', () => {
    const lock = JSON.parse(readRepositoryFile('package-lock.json')) as { packages: Record<string, { resolved?: string; link?: boolean; integrity?: string }> }
    const installed = Object.entries(lock.packages).filter(([name]) => name !== '')
    expect(installed.filter(([, entry]) => entry.resolved !== undefined).map(([name]) => name)).toEqual([])
    expect(installed.filter(([, entry]) => entry.integrity === undefined).map(([name]) => name)).toEqual([])
  })
})
