// `autodevops generate`: prints, or creates, CI for what lies in a folder. Never overwrites a file.
import type { GeneratedCi } from '../analysis/generate/generate-ci.ts'
import type { Worktree } from '../worktree/open-worktree.ts'
import type { ExitCode } from './exit-code.ts'
import type { World } from './world.ts'
import { generateCi } from '../analysis/generate/generate-ci.ts'
import { onOneLine } from '../analysis/report/plain-text.ts'
import { branchOf, openOneFolder } from './one-folder.ts'
import { GENERATE_OPTIONS } from './options.ts'
import { parseOptions } from './parse-options.ts'
import { UsageError } from './usage-error.ts'
import { writeOutput } from './write-output.ts'

export function generate(world: World, args: readonly string[]): ExitCode {
  const { values, positionals } = parseOptions(args, GENERATE_OPTIONS)
  const { folder, root, worktree } = openOneFolder(world, 'generate', positionals)
  if (worktree.incomplete !== null) throw new UsageError(`'${folder}' cannot be listed whole (${worktree.incomplete}): a part of it says nothing about the rest`)
  const made = generateCi({ paths: new Set(worktree.paths), read: reader(worktree), branch: values.branch ?? branchOf(worktree) })
  if (made.files.length === 0) throw new UsageError(['nothing to build was recognised: no manifest or lock file of a known package manager', ...made.remarks].map(onOneLine).join('\n  '))
  if (values.format === 'json') world.stdout.write(`${JSON.stringify({ schemaVersion: 1, ...made }, null, 2)}\n`)
  else if (!values.write) for (const { path: name, text } of made.files) world.stdout.write(`${made.files.length > 1 ? `# ==> ${name}\n` : ''}${text}\n`)
  for (const remark of made.remarks) world.stderr.write(`autodevops: ${onOneLine(remark)}\n`)
  return values.write ? create(world, root, made) : 0
}

function reader(worktree: Worktree): (name: string) => string | null {
  return (name) => {
    const file = worktree.read(name)
    return 'text' in file ? file.text : null
  }
}

function create(world: World, root: string, { files }: GeneratedCi): ExitCode {
  let exitCode: ExitCode = 0
  for (const { path: name, text, about } of files) {
    const problem = writeOutput({ cwd: root, fs: world.fs }, name, text, true)
    if (problem === null) world.stderr.write(`created ${name} (${onOneLine(about)})\n`)
    else if (problem === 'EEXIST') world.stderr.write(`autodevops: ${name} is there and was left alone\n`)
    else {
      world.stderr.write(`autodevops: ${name} cannot be written: ${problem}\n`)
      exitCode = 3
    }
  }
  return exitCode
}
