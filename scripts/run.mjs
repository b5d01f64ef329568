#!/usr/bin/env node
// The one door behind every npm script. It runs before anything is installed, so it uses Node's own modules only:
// it installs what is missing, builds what has changed, and then hands over to the program that was asked for.
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { ensureDatabase, ensureDependencies, ensureNodeVersion, unlinkBundledNode } from './setup.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** What each task needs before its program starts, and the program. */
const TASKS = {
  setup: { about: 'install dependencies and the local database' },
  build: { build: true, database: false, about: 'build dist/ (the Action, the command line) and build/ (the service)' },
  test: { build: true, about: 'run every test; arguments go to vitest', program: (args) => vitest(args) },
  demo: { build: true, about: 'show the main job from end to end; --keep leaves it running, --ai asks a scripted model', program: (args) => tsx('scripts/demo/index.ts', args) },
  start: { build: true, about: 'start the control plane (settings: docs/runbook.md)', program: (args) => node('build/main.js', args) },
  bench: { build: true, about: 'run a benchmark: chaos | fuzz | linters | models | parser | quotas | scans | startup | submissions', program: (args) => bench(args) },
}

function main() {
  if (unlinkBundledNode(ROOT) && process.env.npm_node_execpath) return run(process.env.npm_node_execpath, process.argv.slice(1))
  const [task, ...args] = process.argv.slice(2)
  if (!task || !(task in TASKS)) {
    const rows = Object.entries(TASKS).map(([name, { about }]) => `  ${name.padEnd(6)} ${about}`)
    console.error([task ? `unknown task '${task}'` : 'no task given', 'tasks:', ...rows].join('\n'))
    return 2
  }
  const { build = false, database = true, program } = TASKS[task]
  ensureNodeVersion()
  ensureDependencies(ROOT)
  if (database) ensureDatabase(ROOT)
  if (build) {
    const built = node('scripts/build.mjs', [])
    if (built !== 0) return built
  }
  return program ? program(args) : 0
}

const node = (script, args) => run(process.execPath, ['--enable-source-maps', script, ...args])
const tsx = (script, args) => run(process.execPath, ['--import', 'tsx', script, ...args])
const vitest = (args) => run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args])

function bench([name = '', ...args]) {
  const known = ['chaos', 'fuzz', 'linters', 'models', 'parser', 'quotas', 'scans', 'startup', 'submissions']
  if (known.includes(name)) return tsx(`bench/${name}.ts`, args)
  console.error(`unknown benchmark '${name}'; there are: ${known.join(', ')}`)
  return 2
}

function run(command, args) {
  const { status, signal, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' })
  if (error) throw error
  return status ?? (signal === 'SIGINT' ? 130 : 1)
}

try {
  process.exitCode = main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
