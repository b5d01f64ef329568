// The dependency directions of docs/architecture.md: in the sources, by what each file imports, and in what is shipped, by the
// module lists that the build writes.
import path from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { readRepositoryFile, repositoryFiles } from './repository-files.ts'

/** Folders and packages that a folder may import besides itself. `node:` is all of Node's own modules. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  analysis: [],
  contract: ['analysis', 'zod'],
  facts: ['analysis', 'node:', '@octokit/'],
  'pull-request': ['analysis', 'facts', 'node:', '@octokit/'],
  worktree: ['analysis', 'node:'],
  action: ['analysis', 'contract', 'facts', 'pull-request', 'worktree', 'node:', '@actions/core', '@actions/github'],
  cli: ['analysis', 'facts', 'worktree', 'node:', 'picocolors', 'diff'],
  'control-plane': [
    'analysis', 'contract', 'facts', 'pull-request', 'node:', '@fastify/', '@google/generative-ai', '@agendajs/', '@opentelemetry/', 'agenda', 'close-with-grace', 'csv-stringify', 'fastify',
    'fastify-plugin', 'fastify-type-provider-zod', 'jose', 'mongodb', 'pino', 'prom-client', 'zod',
  ],
}
/** The files that wire the control plane. */
const ROOTS = ['control-plane/main.ts', 'control-plane/admin.ts', 'control-plane/auth/assemble-access.ts', 'control-plane/operations/assemble-maintenance.ts']

interface Source {
  readonly file: string
  readonly text: string
  /** What it imports: a path of the repository, or a package or module name. */
  readonly imports: readonly string[]
}

const sources = repositoryFiles().filter((file) => file.endsWith('.ts') && (file.split('/')[0] ?? '') in MAY_IMPORT).map(readSource)

function readSource(file: string): Source {
  const text = readRepositoryFile(file)
  return { file, text, imports: importsOf(file, text) }
}

function importsOf(file: string, text: string): string[] {
  const found = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
  return found.map((name) => (name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name))
}

const isAllowed = (folder: string, imported: string): boolean =>
  [folder, ...(MAY_IMPORT[folder] ?? [])].some((each) => imported === each || imported.startsWith(/[/:]$/.test(each) ? each : `${each}/`))

const faultsIn = ({ file, imports }: Pick<Source, 'file' | 'imports'>): string[] =>
  imports.filter((imported) => !isAllowed(file.split('/')[0] ?? '', imported)).map((imported) => `${file} imports ${imported}`)

function faultsOfKind(kind: RegExp, forbidden: RegExp): string[] {
  const concerned = sources.filter(({ file }) => kind.test(file))
  return concerned.flatMap(({ file, imports }) => imports.filter((each) => forbidden.test(each)).map((each) => `${file} imports ${each}`))
}

describe('the sources', () => {
  it.each(Object.keys(MAY_IMPORT))('keep to what %s may import', (folder) => {
    const own = sources.filter(({ file }) => file.startsWith(`${folder}/`))
    expect(own.length).toBeGreaterThan(2)
    expect(own.flatMap(faultsIn)).toEqual([])
  })

  it('would be caught at any import', () => {
    const text = "import type { A } from '../control-plane/app.ts'\nexport * from 'fastify'\nconst b = await import('node:fs')\n"
    const file = 'analysis/x.ts'
    const faults = faultsIn({ file, imports: importsOf(file, text) })
    expect(faults).toEqual(['control-plane/app.ts', 'fastify', 'node:fs'].map((imported) => `analysis/x.ts imports ${imported}`))
  })

  it('go from routes to services to stores, and never back', () => {
    expect(faultsOfKind(/-store\.ts$/, /-(?:service|routes)\.ts$/)).toEqual([])
    expect(faultsOfKind(/-service\.ts$/, /-routes\.ts$/)).toEqual([])
    expect(faultsOfKind(/-routes\.ts$/, /-store\.ts$/)).toEqual([])
  })

  it('let no rule, and nothing that rules are made of, load all the rules', () => {
    expect(faultsOfKind(/^analysis\/(?:drift|permissions|policy|rules|shell|source|syntax|workflow)\//, /^analysis\/rules\/index\.ts$/)).toEqual([])
  })

  it('reach raw collections only inside database/, and in the queue that owns its own', () => {
    const outside = sources.filter(({ file }) => file.startsWith('control-plane/') && !/^control-plane\/(?:database|queue)\//.test(file))
    const raw = /\bdb\s*\.collection\b|import[^;]*?\b(?:Collection|MongoClient)\b[^;]*?from 'mongodb'/
    expect(outside.filter(({ text }) => text.split('\n').some((line) => raw.test(line))).map(({ file }) => file)).toEqual([])
  })

  it('hand the database itself only through files that do nothing but wire', () => {
    const isOwner = (file: string): boolean => ROOTS.includes(file) || /^control-plane\/(?:database|queue)\//.test(file)
    const holders = sources.filter(({ file, imports }) => imports.includes('mongodb') && !isOwner(file))
    const importers = holders.flatMap((holder) => sources.filter(({ imports }) => imports.includes(holder.file)).map(({ file }) => file))
    expect(importers.filter((file) => !ROOTS.includes(file) && !holders.some((holder) => holder.file === file))).toEqual([])
  })

  it('load OpenTelemetry when it is configured, and not before', () => {
    const holders = sources.filter(({ imports }) => imports.some((each) => each.startsWith('@opentelemetry/'))).map(({ file }) => file)
    expect(holders).toEqual(['control-plane/tracing/otlp-tracing.ts'])
    const loads = sources.filter(({ imports }) => imports.some((each) => holders.includes(each)))
    expect(loads.map(({ file, text }) => [file, /^import [^;]*?otlp-tracing/m.test(text)])).toEqual([['control-plane/tracing/open-tracing.ts', false]])
  })

  it('read the environment in one place of the Action and one of the service', () => {
    const readers = sources.filter(({ file, text }) => !/^(?:analysis|cli)\//.test(file) && /\bprocess\.env\b/.test(text)).map(({ file }) => file)
    expect(readers).toEqual(['action/index.ts', 'control-plane/config.ts'])
  })
})

describe('what is shipped', () => {
  const modules = JSON.parse(readRepositoryFile('build/modules.json')) as Record<'action' | 'cli', string[]>
  const server = /(?:^|\/)node_modules\/(?:fastify|@fastify|mongodb|bson|agenda|@agendajs|pino|prom-client|jose|@google|@opentelemetry)(?:\/|$)|^control-plane\//

  it('has in the Action no server code', () => {
    expect(modules.action.filter((module) => server.test(module))).toEqual([])
    expect(modules.action).toEqual(expect.arrayContaining(['action/index.ts', 'analysis/analyse.ts', expect.stringMatching(/node_modules\/@actions\/core\//)]))
  })

  it('would be caught with server code', () => {
    const caught = ['control-plane/app.ts', 'node_modules/fastify/fastify.js', 'node_modules/mongodb/lib/index.js', 'node_modules/@agendajs/mongo-backend/dist/index.js']
    expect(caught.filter((module) => !server.test(module))).toEqual([])
  })

  it('has in the command line neither server code nor the Action nor wire shapes', () => {
    expect(modules.cli.filter((module) => server.test(module) || /^(?:action|contract)\/|node_modules\/(?:zod|@actions)\//.test(module))).toEqual([])
    expect(modules.cli).toEqual(expect.arrayContaining(['cli/index.ts', 'analysis/analyse.ts']))
  })

  it('has no tests, scripts or benchmarks', () => {
    expect([...modules.action, ...modules.cli].filter((module) => /^(?:test|scripts|bench)\//.test(module))).toEqual([])
  })

  it('is the Action in one file', () => {
    const shipped = repositoryFiles().filter((file) => file.startsWith('dist/') && !file.startsWith('dist/cli/'))
    expect(shipped).toEqual(['dist/index.js', 'dist/licenses.txt', 'dist/package.json'])
    expect(readRepositoryFile('action.yml')).toMatch(/^ {2}main: dist\/index\.js$/m)
  })
})
