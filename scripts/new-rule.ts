// Writes the four places of a new rule as a template that runs: rule file, registry entry, docs page, fixtures.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const id = process.argv[2] ?? ''

if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(id)) {
  console.error('usage: npm run new-rule <rule-id>, an id of two or more words in kebab-case such as missing-timeout')
  process.exit(2)
}
if (existsSync(join(ROOT, `analysis/rules/${id}.ts`))) {
  console.error(`analysis/rules/${id}.ts exists already`)
  process.exit(1)
}

const camel = id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

const rule = `// Finds jobs without a name. Leaves out jobs that call a workflow.
import { defineRule } from './rule.ts'

export const ${camel} = defineRule({
  meta: {
    id: '${id}',
    summary: 'Give every job a name',
    severity: 'low',
    confidence: 'high',
    profile: 'pedantic',
    fix: 'none',
    since: '0.1.0',
    category: 'maintainability',
    equivalents: {},
    messages: { unnamed: "job '{job}' has no name; add one that a reader of the checks understands" },
  },
  create(ctx) {
    return {
      job({ key, id: job, name, uses }) {
        if (name !== null || uses !== null) return
        ctx.report({ message: 'unnamed', at: key, data: { job } })
      },
    }
  },
})
`

const docs = `# ${id}

Give every job a name.

| severity | confidence | profile | fix |
| --- | --- | --- | --- |
| low | high | pedantic | none |

## What it finds
A job without a \`name\`. Not: jobs that call a workflow.

## Why
The name is what people see in the list of checks.

## Bad
\`\`\`yaml
jobs:
  build:
    runs-on: ubuntu-24.04
\`\`\`

## Good
\`\`\`yaml
jobs:
  build:
    name: Build
    runs-on: ubuntu-24.04
\`\`\`

## Fix
None: a name is for a person to choose.

## Elsewhere
No other tool reports the same.

## Suppress
\`\`\`yaml
# autodevops: ignore[${id}] by=@team until=2027-03-31 the reason
\`\`\`
`

const job = (name: string, more = ''): string => `  ${name}:\n${more}    runs-on: ubuntu-24.04\n    steps:\n      - run: make\n`
const workflow = (...jobs: string[]): string => `on: push\njobs:\n${jobs.join('')}`
const finding = (line: number, name: string): string => `${line}:3 ${id} low job '${name}' has no name; add one that a reader of the checks understands\n`

const fixtures: Readonly<Record<string, string>> = {
  'bad-one-job.yml': workflow(job('build')),
  'bad-one-job.out': finding(3, 'build'),
  'bad-second-job.yml': workflow(job('build', '    name: Build\n'), job('test')),
  'bad-second-job.out': finding(8, 'test'),
  'bad-both-jobs.yml': workflow(job('build'), job('test')),
  'bad-both-jobs.out': finding(3, 'build') + finding(7, 'test'),
  'ok-named.yml': workflow(job('build', '    name: Build\n')),
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true })
  writeFileSync(join(ROOT, path), text)
  console.log(`wrote ${path}`)
}

/** Puts one line among its like, in their order. */
function insertSorted(lines: string[], line: string, isLike: (line: string) => boolean): void {
  const likes = lines.flatMap((other, index) => (isLike(other) ? [index] : []))
  const before = likes.find((index) => (lines[index] ?? '') > line)
  const last = likes.at(-1)
  lines.splice(before ?? (last === undefined ? lines.indexOf('export const rules: readonly Rule[] = [') + 1 : last + 1), 0, line)
}

const registry = join(ROOT, 'analysis/rules/index.ts')
const lines = readFileSync(registry, 'utf8').split('\n')
insertSorted(lines, `  ${camel},`, (line) => /^ {2}[a-zA-Z]+,$/.test(line))
const importLine = `import { ${camel} } from './${id}.ts'`
const firstImport = lines.findIndex((line) => line.startsWith('import { '))
if (firstImport === -1) lines.splice(lines.findIndex((line) => line.startsWith('import type')) + 1, 0, importLine)
else insertSorted(lines, importLine, (line) => line.startsWith('import { '))
write('analysis/rules/index.ts', lines.join('\n'))

write(`analysis/rules/${id}.ts`, rule)
write(`docs/rules/${id}.md`, docs)
for (const [name, text] of Object.entries(fixtures)) write(`test/analysis/rules/${id}/${name}`, text)
