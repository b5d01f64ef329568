// The main job from end to end on this machine: a drifted repository, the built Action, the control plane, a pull request that
// repairs it, and the Action again on the repaired branch. Everything is real but GitHub, which is emulated.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import pc from 'picocolors'
import { analysisSchema, type AnalysisWire } from '../../contract/analyses.ts'
import type { ActionResult } from '../../test/runner/run-action.ts'
import { analyseBranch, readBranch } from '../../test/sample/analyse-branch.ts'
import { startSampleService, type SampleService } from '../../test/sample/sample-service.ts'
import { startSampleWorld, type SampleWorld } from '../../test/sample/sample-world.ts'
import { createStages } from './stages.ts'
import { startScriptedModels, turnAiOn } from './scripted-models.ts'
import { showAdvice, showDiff, showFindings } from './show.ts'

const HELP = `npm run demo [-- --keep] [-- --ai]

Shows a drifted repository analysed by the built Action through the control plane, and the pull request that repairs it.

  --keep   leave GitHub and the control plane running, print their addresses, end with Ctrl-C
  --ai     also asks a model; a scripted server plays it: no real model runs, and nothing leaves this machine
  --help   this text`

const FIX_BRANCH = 'autodevops/fix-main'

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false }, ai: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'autodevops-demo-'))
  const closing: (() => unknown)[] = [() => { rmSync(folder, { recursive: true, force: true }) }]
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close().then(() => process.exit(130)))
  try {
    const world = await show(folder, { closing, withAi: values.ai })
    if (values.keep) await keep(world)
    return 0
  } finally {
    await close()
  }
}

interface Demo {
  readonly world: SampleWorld
  readonly service: SampleService
}

interface ShowOptions {
  readonly closing: (() => unknown)[]
  readonly withAi: boolean
}

async function show(folder: string, { closing, withAi }: ShowOptions): Promise<Demo> {
  const stages = createStages(withAi ? 6 : 5)
  const world = await stages.run('GitHub with a drifted repository', async () => {
    const started = await startSampleWorld()
    closing.push(() => started.close())
    return started
  }, ({ github, repository }) => `${repository.fullName} at ${repository.commit.slice(0, 7)}, emulated at ${github.webUrl}`)

  const models = withAi ? await stages.run('a scripted model server (no model runs behind it)', () => startScriptedModels(closing), ({ baseUrl }) => baseUrl.gemini) : null

  const service = await stages.run('control plane and database', async () => {
    const started = await startSampleService(world, { ...(models === null ? {} : { env: models.env }), dataFolder: path.join(folder, 'data'), ...(process.env.MONGODB_URI ? { mongodbUri: process.env.MONGODB_URI, database: path.basename(folder) } : {}) })
    closing.push(() => started.kill('SIGTERM'))
    if (models !== null) await turnAiOn(started)
    return started
  }, (started) => `${started.url}, on ${/^ *database +(\S+)/m.exec(started.output())?.[1] ?? 'a database'}`)
  const demo = { world, service }

  const first = await stages.run('the Action on main', () => runAction(demo, 'main', { 'fix-pr': 'all' }), describeRun)
  const before = await readBranch(world, 'main')
  const analysis = await readAnalysis(demo, first)
  console.log(`\n${showFindings(analysis, new Map(Object.entries(before)))}`)

  const after = await stages.run('the pull request that repairs it', async () => {
    const pull = analysis.outcome?.pullRequest
    if (pull?.state !== 'opened') throw new Error(`no pull request was opened: ${pull?.state ?? 'no outcome'} ${pull?.reason ?? ''}`)
    return readBranch(world, FIX_BRANCH)
  }, () => analysis.outcome?.pullRequest.url ?? '')
  console.log(`\n${showDiff(new Map(Object.entries(before)), new Map(Object.entries(after)))}`)

  const second = await stages.run('the Action on the repaired branch', () => runAction(demo, FIX_BRANCH, {}), describeRun)
  console.log(`\n${showFindings(await readAnalysis(demo, second), new Map(Object.entries(after)))}`)
  if (analysis.outcome?.advice !== undefined && models !== null) console.log(showAdvice(analysis.outcome, models.requests))
  console.log(summaryOf(first, second, analysis))
  return demo
}

async function runAction({ world, service }: Demo, branch: string, inputs: Record<string, string>): Promise<ActionResult> {
  const result = await analyseBranch(world, service, { branch, inputs: { profile: 'pedantic', ...inputs } })
  if (result.exitCode !== 0 || result.outputs.source !== 'control-plane') throw new Error(`the Action ended with ${result.exitCode}:\n${result.output}`)
  return result
}

async function readAnalysis({ service }: Demo, { outputs }: ActionResult): Promise<AnalysisWire> {
  const response = await fetch(`${service.url}/v1/analyses/${outputs['analysis-id'] ?? ''}`, { headers: { authorization: `Bearer ${service.apiKey}` } })
  return analysisSchema.parse(await response.json())
}

const describeRun = ({ outputs }: ActionResult): string => `${outputs.findings} findings, score ${outputs.score}`

function summaryOf({ outputs: before }: ActionResult, { outputs: after }: ActionResult, analysis: AnalysisWire): string {
  const row = (name: string): string => `  ${name.padEnd(9)} ${String(before[name]).padStart(4)} -> ${String(after[name]).padStart(4)}`
  return [pc.bold('Before and after the pull request'), ...['findings', 'high', 'medium', 'low', 'score'].map(row), `  ${analysis.outcome?.pullRequest.url ?? ''}`].join('\n')
}

async function keep({ world, service }: Demo): Promise<void> {
  console.log([
    '',
    pc.bold('Still running; Ctrl-C ends it'),
    `  control plane  ${service.url}  (API at ${service.url}/docs)`,
    `  GitHub         ${world.github.webUrl}`,
    `  API key        ${service.apiKey}  (of this demo's tenant only)`,
  ].join('\n'))
  await new Promise(() => { setInterval(() => undefined, 60_000) })
}

function explain(error: unknown): string {
  const lines: string[] = []
  for (let current: unknown = error; current instanceof Error; current = current.cause) lines.push(current.message)
  return lines.join('\n  because ')
}

main().then(
  (code) => { process.exitCode = code },
  (error: unknown) => {
    console.error(pc.red(explain(error)))
    process.exitCode = 1
  },
)
