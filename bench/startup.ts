// What one start of the built command line costs beyond starting Node at all. The two run in turn, so that a machine that gets
// slower or faster meanwhile does so for both; medians of wall time.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'

const DEFAULT_SAMPLE = 'test/sample-repository'
const ENTRY = 'dist/cli/index.js'
const RUNS = 31

const [sample = DEFAULT_SAMPLE, entry = ENTRY] = process.argv.slice(2)
for (const path of [sample, entry]) if (!existsSync(path)) fail(`there is no ${path}; usage: npx tsx bench/startup.ts [FOLDER] [ENTRY], after a build`)

const analyze = [entry, 'analyze', sample]
const bare = ['-e', '0']
time(analyze, [0, 1])
time(bare, [0])
const measured: { ours: number; node: number }[] = []
for (let run = 0; run < RUNS; run++) measured.push({ ours: time(analyze, [0, 1]), node: time(bare, [0]) })

const ours = median(measured.map((each) => each.ours))
const node = median(measured.map((each) => each.node))
console.log(`${RUNS} runs each, in turn, Node ${process.versions.node}`)
console.log(`node ${analyze.join(' ')}: ${ours.toFixed(1)} ms`)
console.log(`node -e 0: ${node.toFixed(1)} ms`)
console.log(`difference: ${(ours - node).toFixed(1)} ms   ratio: ${(ours / node).toFixed(2)}`)

/** Milliseconds from start to end. The exit code is checked: a command that fails is fast. */
function time(args: readonly string[], codes: readonly number[]): number {
  const startMs = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const tookMs = performance.now() - startMs
  if (status === null || !codes.includes(status)) fail(`node ${args.join(' ')} ended with ${status}: ${String(stderr)}`)
  return tookMs
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}
