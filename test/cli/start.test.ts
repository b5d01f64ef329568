import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildCommandLine } from '../../scripts/build-command-line.mjs'
import { makeFolder } from '../worktree/make-folder.ts'

/** Builds start and bundle into a new folder; answers the entry. */
async function buildInto(folder: string, version: string): Promise<string> {
  await buildCommandLine({ root: process.cwd(), folder, version })
  return path.join(folder, 'index.js')
}

function run(entry: string, home: string, env: NodeJS.ProcessEnv = {}, args: readonly string[] = ['--version']): string {
  return execFileSync(process.execPath, [entry, ...args], { encoding: 'utf8', env: { XDG_CACHE_HOME: home, ...env } })
}

const compiled = (home: string): string => path.join(home, 'autodevops', 'compiled')

/** The one cache file, which must be there. */
function cacheIn(home: string): string {
  const names = readdirSync(compiled(home))
  expect(names).toHaveLength(1)
  return path.join(compiled(home), names[0] ?? '')
}

describe('start', () => {
  it('keeps the compiled code for the user alone, and takes it the next time', async () => {
    const [entry, home] = [await buildInto(makeFolder(), '1.0.0'), makeFolder()]
    expect(run(entry, home)).toBe('1.0.0\n')
    const { ino, mode } = statSync(cacheIn(home))
    expect(mode & 0o777).toBe(0o600)
    expect(run(entry, home)).toBe('1.0.0\n')
    // Code that V8 refused would have been written anew.
    expect(statSync(cacheIn(home)).ino).toBe(ino)
  })

  it('keeps the code of the run that compiled most', async () => {
    const [entry, home] = [await buildInto(makeFolder(), '1.0.0'), makeFolder()]
    run(entry, home)
    const little = statSync(cacheIn(home)).size
    run(entry, home, {}, ['analyze', makeFolder({ '.github/workflows/ci.yml': 'on: push\njobs: {}\n' }), '--fail-on', 'none'])
    const { ino, size } = statSync(cacheIn(home))
    expect(size).toBeGreaterThan(little * 1.5)
    run(entry, home)
    expect(statSync(cacheIn(home)).ino).toBe(ino)
  })

  it('never runs the code of another bundle of the same length', async () => {
    const home = makeFolder()
    const [one, two] = [await buildInto(makeFolder(), '1.0.0'), await buildInto(makeFolder(), '2.0.0')]
    expect(readFileSync(path.join(path.dirname(one), 'main.js')).length).toBe(readFileSync(path.join(path.dirname(two), 'main.js')).length)
    expect([run(one, home), run(two, home), run(one, home)]).toEqual(['1.0.0\n', '2.0.0\n', '1.0.0\n'])
  })

  it('runs all the same where the cache is damaged, and repairs it', async () => {
    const [entry, home] = [await buildInto(makeFolder(), '1.0.0'), makeFolder()]
    run(entry, home)
    const whole = readFileSync(cacheIn(home))
    for (const harm of [Buffer.from('garbage'), whole.subarray(0, 1_000), Buffer.concat([whole.subarray(0, 64), Buffer.alloc(1_000, 7)])]) {
      writeFileSync(cacheIn(home), harm)
      expect(run(entry, home)).toBe('1.0.0\n')
      expect(readFileSync(cacheIn(home)).length).toBeGreaterThan(10_000)
    }
  })

  it('uses no folder that others may write to, none where there is no home, and none when it is told so', async () => {
    const [entry, home] = [await buildInto(makeFolder(), '1.0.0'), makeFolder()]
    expect(run(entry, home, { NODE_DISABLE_COMPILE_CACHE: '1' })).toBe('1.0.0\n')
    expect(existsSync(compiled(home))).toBe(false)
    expect(run(entry, 'relative/folder')).toBe('1.0.0\n')
    mkdirSync(compiled(home), { recursive: true })
    chmodSync(compiled(home), 0o777)
    expect(run(entry, home)).toBe('1.0.0\n')
    expect(readdirSync(compiled(home))).toEqual([])
  })

  it('runs where the cache folder cannot be made', async () => {
    const [entry, home] = [await buildInto(makeFolder(), '1.0.0'), makeFolder({ autodevops: 'a file in the way' })]
    expect(run(entry, home)).toBe('1.0.0\n')
  })
})
