import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../cli/commands.ts'
import { makeFolder } from '../worktree/make-folder.ts'
import { runMain } from './run-main.ts'

describe('wrong usage', () => {
  it.each([
    [[], 'no command', 'analyze, fix, drift, fleet, init, generate, rules'],
    [['analyse'], "unknown command 'analyse'; did you mean 'analyze'?", 'analyze, fix, drift, fleet, init, generate, rules'],
    [['zzz'], "unknown command 'zzz'. Allowed: analyze", 'fix, drift, fleet, init, generate, rules'],
    [['analyze', '--fromat', 'json'], "unknown option '--fromat'; did you mean '--format'?", '--profile'],
    [['analyze', '-f', 'json'], "unknown option '-f'", '--format'],
    [['analyze', '--write'], "unknown option '--write'", '--format'],
    [['analyze', '--format', 'jsno'], "unknown value for --format 'jsno'; did you mean 'json'?", 'text, json, sarif, github, markdown'],
    [['analyze', '--format=xml'], "unknown value for --format 'xml'", 'text, json'],
    [['analyze', '--format'], '--format needs a value', 'text, json'],
    [['analyze', '--format', '--online'], '--format needs a value', 'text, json'],
    [['drift', '--topic', 'service', '--topic'], '--topic needs a value', 'one topic each time'],
    [['drift', '--topic', 'service,library'], "but got 'service,library'", 'letters, digits and hyphens'],
    [['fleet', '--topic', 'service'], "unknown option '--topic'", ''],
    [['analyze', '--profile', 'pedant'], "did you mean 'pedantic'?", 'regular, pedantic, auditor'],
    [['analyze', '--fail-on', 'info'], "unknown value for --fail-on 'info'", 'none, low, medium, high'],
    [['analyze', '--min-severity', 'HIGH'], "did you mean 'high'?", 'info, low, medium, high'],
    [['analyze', '--as-of', 'tomorrow'], "--as-of needs a date of the calendar, YYYY-MM-DD, but got 'tomorrow'", ''],
    [['analyze', '--as-of', '2027-02-30'], "but got '2027-02-30'", ''],
    [['analyze', '--online=yes'], "--online takes no value, but got 'yes'", ''],
    [['analyze', 'missing.yml'], "no such file or folder: 'missing.yml'", ''],
    [['analyze', ''], "no such file or folder: ''", ''],
    [['analyze', '__proto__'], "no such file or folder: '__proto__'", ''],
    [['analyze', '--__proto__', 'x'], "unknown option '--__proto__'", '--format'],
    [['analyze', '--constructor'], "unknown option '--constructor'", '--format'],
    [['fix', '--diff', '--write'], '--diff and --write exclude each other', ''],
    [['rules', 'unpined-action'], "unknown rule 'unpined-action'; did you mean 'unpinned-action'?", 'missing-timeout'],
    [['rules', 'unpinned-action', 'more'], "rules takes one ID, but got also 'more'", ''],
  ])('answers 2 to %j', async (argv, what, allowed) => {
    const { code, stdout, stderr } = await runMain(makeFolder(), argv)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(what)
    expect(stderr).toContain(allowed)
  })

  it('says that nothing can lie below a file', async () => {
    const { code, stderr } = await runMain(makeFolder({ 'x.yml': 'on: push\n' }), ['analyze', 'x.yml/y.yml'])
    expect([code, stderr.includes("no such file or folder: 'x.yml/y.yml'")]).toEqual([2, true])
  })

  it('takes what stands behind -- as a path', async () => {
    const { code, stderr } = await runMain(makeFolder(), ['analyze', '--', '--format'])
    expect([code, stderr.includes("no such file or folder: '--format'")]).toEqual([2, true])
  })

  it('lets the last of a repeated option count', async () => {
    const { code, stdout } = await runMain(makeFolder(), ['analyze', '--format', 'json', '--format', 'text', '--online', '--offline'])
    expect([code, stdout]).toEqual([0, '0 files: no findings\n'])
  })
})

describe('help', () => {
  it('names every command and exit code', async () => {
    const { code, stdout } = await runMain(makeFolder(), ['--help'])
    expect(code).toBe(0)
    for (const { usage } of COMMANDS) expect(stdout).toContain(usage)
    for (const exit of ['0', '1', '2', '3']) expect(stdout).toMatch(new RegExp(`^ {2}${exit} {2}`, 'm'))
  })

  it.each(COMMANDS.map(({ name, options }) => [name, Object.keys(options)] as const))('explains %s with all its options', async (name, options) => {
    const { code, stdout } = await runMain(makeFolder(), [name, '--help'])
    expect(code).toBe(0)
    for (const option of options) expect(stdout).toMatch(new RegExp(`^ {2}--${option}\\b`, 'm'))
  })

  it('prints the version', async () => {
    expect(await runMain(makeFolder(), ['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+/) as string, stderr: '' })
  })
})
