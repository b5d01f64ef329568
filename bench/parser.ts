// Speed of our parser beside that of the `yaml` package, on the same files in the same process: megabytes of UTF-8 per second, the
// median of warm passes, by the clock and by processor time (which says more on a busy machine).
// Ours decodes a scalar when it is first read, so a second figure reads every value of the tree.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import type { YamlNode } from '../analysis/source/node.ts'
import { parse } from '../analysis/source/parse.ts'

const WARM_UP_MS = 1_500
const RUNS = 15
const YAML_RUNS = 3

const directory = process.argv[2]
if (directory === undefined) fail('usage: npx tsx bench/parser.ts DIR   (every .yml and .yaml file below DIR is parsed)')
if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) fail(`${directory} is not a folder: name one that holds YAML files`)

const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.ya?ml$/.test(path))
  .map((path) => join(directory, path))
  .filter((path) => statSync(path).isFile())
if (files.length === 0) fail(`there is no .yml or .yaml file below ${directory}`)
const texts = files.map((path) => readFileSync(path, 'utf8'))
const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6

const tree = measure(RUNS, (text) => parse(text).root)
const read = measure(RUNS, (text) => readValues(parse(text).root))
const oracle = measure(YAML_RUNS, (text) => parseDocument(text, { prettyErrors: false, logLevel: 'silent' }).contents)

console.log(`${texts.length} files, ${megabytes.toFixed(2)} MB, Node ${process.versions.node}; MB/s by the clock (by processor time)`)
console.log(`ours, the tree:               ${show(tree)}`)
console.log(`ours, tree and every value:   ${show(read)}`)
console.log(`yaml, parseDocument:          ${show(oracle)}`)
console.log(`ours with values / yaml:      ${(read.clock / oracle.clock).toFixed(1)} (${(read.processor / oracle.processor).toFixed(1)})`)

interface Speed {
  readonly clock: number
  readonly processor: number
}

function show({ clock, processor }: Speed): string {
  return `${clock.toFixed(1)} (${processor.toFixed(1)})`
}

/** MB/s: the medians of `runs` passes over all texts, after a warm-up. */
function measure(runs: number, work: (text: string) => unknown): Speed {
  const clock: number[] = []
  const processor: number[] = []
  const warmUntil = performance.now() + WARM_UP_MS
  while (performance.now() < warmUntil) for (const text of texts) work(text)
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    const used = process.cpuUsage()
    for (const text of texts) work(text)
    const { user, system } = process.cpuUsage(used)
    clock.push((performance.now() - start) / 1e3)
    processor.push((user + system) / 1e6)
  }
  return { clock: megabytes / median(clock), processor: megabytes / median(processor) }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Infinity
}

function readValues(node: YamlNode | null): number {
  if (node === null || node.kind === 'alias') return 0
  if (node.kind === 'scalar') return node.value === null ? 0 : 1
  if (node.kind === 'sequence') return node.items.reduce((sum, item) => sum + readValues(item), 0)
  return node.pairs.reduce((sum, pair) => sum + readValues(pair.key) + readValues(pair.value), 0)
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}
