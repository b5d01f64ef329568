import { execFile, spawn } from 'node:child_process'
import path from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { makeRepository } from '../worktree/make-folder.ts'
import { CLEAN, RETIRED } from './workflows.ts'

const CI = '.github/workflows/ci.yml'
let output: string
let entry: string

beforeAll(async () => {
  output = mkdtempSync(path.join(tmpdir(), 'autodevops-cli-'))
  entry = path.join(output, 'index.cjs')
  await build({ entryPoints: ['cli/index.ts'], bundle: true, platform: 'node', format: 'cjs', target: 'node20', outfile: entry })
})
afterAll(() => { rmSync(output, { recursive: true }) })

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [entry, ...args], { cwd, env: { PATH: process.env.PATH, ...env }, maxBuffer: 1 << 28 }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr })
    })
  })
}

describe('the process', () => {
  it('ends with 0, 1 and 2, and keeps output and complaints apart', async () => {
    expect(await run(makeRepository({ [CI]: CLEAN }), ['analyze'])).toMatchObject({ code: 0, stderr: '' })
    expect(await run(makeRepository({ [CI]: RETIRED }), ['analyze'])).toMatchObject({ code: 1, stderr: '' })
    expect(await run(makeRepository({ [CI]: CLEAN }), ['analyze', '--nonsense'])).toMatchObject({ code: 2, stdout: '' })
  })

  it('ends with 3 and a short message when it fails itself', async () => {
    const preload = `--require=${path.join(import.meta.dirname, 'break-reading.cjs')}`
    const { code, stdout, stderr } = await run(makeRepository({ [CI]: CLEAN }), ['analyze'], { NODE_OPTIONS: preload })
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/^autodevops: failed: broken by a test\n[^\n]*\n$/)
  })

  it('prints a large report whole into a pipe that is read slowly', async () => {
    const files = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`.github/workflows/w${index}.yml`, RETIRED]))
    const child = spawn(process.execPath, [entry, 'analyze', '--format', 'json'], { cwd: makeRepository(files) })
    let stdout = ''
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      stdout += chunk as string
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(stdout.length).toBeGreaterThan(200_000)
    expect((JSON.parse(stdout) as { findings: unknown[] }).findings).toHaveLength(400)
  })

  it('goes on quietly when the reader of its output goes away', async () => {
    const files = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`.github/workflows/w${index}.yml`, RETIRED]))
    const child = spawn(process.execPath, [entry, 'analyze'], { cwd: makeRepository(files) })
    child.stdout.destroy()
    let stderr = ''
    for await (const chunk of child.stderr.setEncoding('utf8')) stderr += chunk as string
    const code = child.exitCode ?? await new Promise((resolve) => child.once('exit', resolve))
    expect([code, stderr]).toEqual([1, ''])
  })

  it.each([
    ['without being told', [], {}, false],
    ['with FORCE_COLOR', [], { FORCE_COLOR: '1' }, true],
    ['with FORCE_COLOR and NO_COLOR', [], { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    ['with --color always and NO_COLOR', ['--color', 'always'], { NO_COLOR: '1' }, true],
    ['with --color never and FORCE_COLOR', ['--color', 'never'], { FORCE_COLOR: '1' }, false],
  ] as const)('colours a pipe as it should: %s', async (_, args, env, isColoured) => {
    const { stdout } = await run(makeRepository({ [CI]: RETIRED }), ['analyze', ...args], env)
    expect(stdout.includes('\x1b[31mhigh\x1b[39m')).toBe(isColoured)
  })
})
