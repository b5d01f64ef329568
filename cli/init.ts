// `autodevops init`: the first report, and the files with which a repository adopts the tool. Shows, asks, then writes.
import * as path from 'node:path'
import type { AnalyseInput, AnalyseResult } from '../analysis/analyse.ts'
import type { ExitCode } from './exit-code.ts'
import type { Adoption } from './plan-adoption.ts'
import type { World } from './world.ts'
import { onOneLine } from '../analysis/report/plain-text.ts'
import { counted, createReport } from '../analysis/report/report.ts'
import { renderText } from '../analysis/report/text.ts'
import { paletteFor } from './colours.ts'
import { openOneFolder } from './one-folder.ts'
import { INIT_OPTIONS } from './options.ts'
import { parseOptions } from './parse-options.ts'
import { planAdoption, readSettings } from './plan-adoption.ts'
import { replaceText } from './replace-text.ts'
import { todayOf } from './run-analysis.ts'
import { UsageError } from './usage-error.ts'
import { writeOutput } from './write-output.ts'

export async function init(world: World, args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, INIT_OPTIONS)
  const { root, worktree } = openOneFolder(world, 'init', positionals)
  const settings = readSettings(worktree, todayOf(world), values.profile)
  const needsOwner = settings.carried.suppressions.length > 0 || (values['convert-suppressions'] && settings.hasForeignComments)
  const by = needsOwner ? owner(world, values.owner) : ''
  const adoption = planAdoption(settings, { profile: values.profile, by, reason: reason(values.reason, settings.tools), converts: values['convert-suppressions'] })
  world.stdout.write(renderText(reportOf(adoption.input, adoption.first), await paletteFor(world, values.color)))
  for (const line of describe(adoption)) world.stdout.write(`${onOneLine(line)}\n`)
  if (adoption.created.length === 0 && adoption.changed.length === 0) return 0
  if (!values.yes && !isAgreed(world)) {
    world.stderr.write('autodevops: nothing was written\n')
    return 0
  }
  return write(world, root, adoption)
}

function owner(world: World, given: string | null): string {
  const by = given ?? ask(world, 'Who answers for the suppressions that are carried over (like @team)? ')
  if (by === null || by === '') throw new UsageError('suppressions need somebody who answers for them: say --owner NAME')
  if (/\s/.test(by)) throw new UsageError(`--owner is one word, but got '${by}'`)
  return by
}

const reason = (given: string | null, tools: readonly string[]): string => onOneLine(given ?? `carried over from ${tools.join(' and ')}`)

function ask(world: World, question: string): string | null {
  if (!world.stdin.isTerminal) return null
  world.stderr.write(question)
  return world.stdin.readLine()?.trim() ?? null
}

function isAgreed(world: World): boolean {
  if (!world.stdin.isTerminal) throw new UsageError('init asks before it writes: run it on a terminal, or say --yes')
  return /^y(?:es)?$/i.test(ask(world, 'Write these files? [y/N] ') ?? '')
}

function reportOf(input: AnalyseInput, result: AnalyseResult) {
  return createReport(result, result.findings, new Map(input.files.flatMap((file) => ('text' in file ? [[file.path, file.text] as const] : []))))
}

function describe({ created, changed, kept, remarks, accepted }: Adoption): string[] {
  return [
    '',
    ...created.map((file) => `would write   ${file.path}${file.about === '' ? '' : `: ${file.about}`}`),
    ...changed.map((file) => `would change  ${file.path}: ${counted(file.count, 'comment')} of another tool`),
    ...kept.map((file) => `is there      ${file}: left as it is`),
    ...(remarks.length === 0 ? [] : ['', 'not carried over:', ...remarks.map((remark) => `  ${remark}`)]),
    '',
    `${counted(accepted, 'finding')} would be accepted by the baseline; later runs report what is new`,
  ]
}

/** Each file by itself; 3 when one could not be written. */
function write({ fs, stderr }: World, root: string, { created, changed }: Adoption): ExitCode {
  const outcomes = [
    ...created.map(({ path: file, text }) => ({ file, failure: writeOutput({ cwd: root, fs }, file, text, true) })),
    ...changed.map(({ path: file, before, after }) => ({ file, failure: replaceText(fs, path.join(root, file), { before, after }) })),
  ]
  for (const { file, failure } of outcomes) stderr.write(failure === null ? `wrote ${onOneLine(file)}\n` : `autodevops: not written: ${onOneLine(file)}: ${failure}\n`)
  return outcomes.some(({ failure }) => failure !== null) ? 3 : 0
}
