// Draws findings at random, for people to judge one by one: how docs/precision.md is made. The same seed over the same files and
// rules draws the same ones.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { parseArgs } from 'node:util'

const USAGE = 'usage: node --import tsx scripts/draw-findings.ts FOLDER [--seed N] [--count N] [--profile regular|pedantic|auditor]'
const CONTEXT_LINES = 2

interface Drawn {
  readonly ruleId: string
  readonly message: string
  readonly severity: string
  readonly path: string
  readonly start: { readonly line: number; readonly column: number }
  readonly suppressed?: unknown
}

const { values: { seed, count, profile }, positionals: [folder] } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '60' }, profile: { type: 'string', default: 'regular' } },
})
if (folder === undefined || ![seed, count].every((text) => /^\d{1,9}$/.test(text))) {
  process.stderr.write(`${USAGE}\n`)
  process.exit(2)
}

const { stdout, stderr, status } = spawnSync(process.execPath, ['dist/cli/index.js', 'analyze', folder, '--profile', profile, '--format', 'json', '--fail-on', 'none'], { encoding: 'utf8', maxBuffer: 1 << 30 })
if (status !== 0) throw new Error(`the analysis ended with ${status}: ${stderr}`)
const findings = (JSON.parse(stdout) as { findings: Drawn[] }).findings.filter(({ suppressed }) => suppressed === undefined)
console.log(`seed ${seed}, ${count} of ${findings.length} findings, profile ${profile}`)
shuffled(findings, Number(seed)).slice(0, Number(count)).forEach(({ ruleId, message, severity, path, start: { line, column } }, index) => {
  console.log(`\n${index + 1}. ${path}:${line}:${column} ${severity} ${ruleId}\n   ${message}`)
  const lines = readFileSync(path, 'utf8').split('\n')
  for (let at = Math.max(1, line - CONTEXT_LINES); at <= Math.min(lines.length, line + CONTEXT_LINES); at++) console.log(`   ${at === line ? '>' : ' '} ${at} ${lines[at - 1] ?? ''}`)
})

/** Fisher and Yates, with the generator mulberry32. */
function shuffled<T>(items: readonly T[], from: number): T[] {
  let state = from >>> 0
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const out = [...items]
  for (let last = out.length - 1; last > 0; last--) {
    const pick = Math.floor(random() * (last + 1))
    const [a, b] = [out[last] as T, out[pick] as T]
    out[last] = b
    out[pick] = a
  }
  return out
}
