import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFolder } from '../worktree/make-folder.ts'
import { runMain } from './run-main.ts'

const NODE = { 'package.json': '{"scripts": {"test": "node --test"}}', 'package-lock.json': '{}', 'src/a.js': '', 'test/a.js': '' }
const WORKFLOW = '.github/workflows/ci.yml'

describe('generate', () => {
  it('prints what it would create, and writes nothing', async () => {
    const folder = makeFolder(NODE)
    const { code, stdout, stderr } = await runMain(folder, ['generate'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`# ==> ${WORKFLOW}\nname: CI\n`)
    expect(stdout).toContain('# ==> .github/dependabot.yml\nversion: 2\n')
    expect(existsSync(path.join(folder, '.github'))).toBe(false)
  })

  it('creates files that the tool has nothing to say about, and overwrites none', async () => {
    const folder = makeFolder(NODE)
    const first = await runMain(folder, ['generate', '--write', '--branch', 'trunk'])
    expect([first.code, first.stdout]).toEqual([0, ''])
    expect(first.stderr).toBe(`created ${WORKFLOW} (one job: Node.js)\ncreated .github/dependabot.yml (updates of actions and dependencies)\n`)
    const text = readFileSync(path.join(folder, WORKFLOW), 'utf8')
    expect(text).toContain('branches: ["trunk"]')
    expect((await runMain(folder, ['analyze', '--profile', 'pedantic', '--min-severity', 'medium'])).code).toBe(0)
    const again = await runMain(folder, ['generate', '--write', '--branch', 'other'])
    expect([again.code, again.stderr]).toEqual([0, `autodevops: ${WORKFLOW} is there and was left alone\n`])
    expect(readFileSync(path.join(folder, WORKFLOW), 'utf8')).toBe(text)
  })

  it('gives programs the files with what there is to know', async () => {
    const { stdout, stderr } = await runMain(makeFolder({ ...NODE, 'tool.py': '' }), ['generate', '--format', 'json'])
    const value = JSON.parse(stdout) as { readonly schemaVersion: number; readonly files: readonly { readonly path: string }[]; readonly remarks: readonly string[] }
    expect(value.schemaVersion).toBe(1)
    expect(value.files.map((file) => file.path)).toEqual([WORKFLOW, '.github/dependabot.yml'])
    expect(value.remarks).toEqual(['python: no manifest or lock file of a known manager, so no job was made'])
    expect(stderr).toContain(value.remarks[0])
  })

  it.each([
    [['generate'], {}, 'nothing to build was recognised'],
    [['generate', 'missing'], {}, "no such folder: 'missing'"],
    [['generate', '.', 'second'], NODE, "got also 'second'"],
    [['generate', '--format', 'yaml'], NODE, "unknown value for --format 'yaml'"],
  ])('%j is wrong usage where it is', async (args, files, reason) => {
    const { code, stdout, stderr } = await runMain(makeFolder(files), args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(reason)
  })

  it('says why a file cannot be written', async () => {
    const { code, stderr } = await runMain(makeFolder({ ...NODE, '.github': 'a file in the way' }), ['generate', '--write'])
    expect(code).toBe(3)
    expect(stderr).toContain(`${WORKFLOW} cannot be written: `)
  })
})
