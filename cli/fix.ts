// `autodevops fix`: prints the verified repairs as a unified diff, or writes them. The diff goes to standard output, everything
// that is said about it to standard error, so that the output is a patch.
import * as path from 'node:path'
import type { ChangedFile, FixPlan } from '../analysis/fixes/plan-fixes.ts'
import type { ExitCode } from './exit-code.ts'
import type { ValuesOf } from './options.ts'
import type { Run } from './run-analysis.ts'
import type { Selection } from './selection.ts'
import type { World } from './world.ts'
import { planFixes } from '../analysis/fixes/plan-fixes.ts'
import { onOneLine } from '../analysis/report/plain-text.ts'
import { counted } from '../analysis/report/report.ts'
import { isOnline } from './online.ts'
import { FIX_OPTIONS } from './options.ts'
import { parseOptions } from './parse-options.ts'
import { isAsked, reportOf, runAnalysis } from './run-analysis.ts'
import { replaceText } from './replace-text.ts'
import { createSelection } from './selection.ts'
import { UsageError } from './usage-error.ts'
import { verdictOn } from './verdict.ts'
import { writeOutput } from './write-output.ts'

type FixValues = ValuesOf<typeof FIX_OPTIONS>

interface Planned {
  readonly run: Run
  readonly plan: FixPlan
}

export async function fix(world: World, args: readonly string[]): Promise<ExitCode> {
  const { values, given, positionals } = parseOptions(args, FIX_OPTIONS)
  if (values.diff && values.write) throw new UsageError('--diff and --write exclude each other')
  const selection = createSelection(world, values)
  const runs = await runAnalysis(world, { paths: positionals, options: values, given, isOnline: isOnline(args, values), topics: values.topic })
  const planned = runs.map((run): Planned => ({ run, plan: planFor(run, values, selection) }))
  if (!values.write) await printDiff(world, planned, values)
  const failed = values.write ? writeAll(world, planned) : []
  for (const line of remarksOn(planned, values)) world.stderr.write(`${line}\n`)
  if (failed.length > 0) {
    for (const { file, reason } of failed) world.stderr.write(`autodevops: not written: ${onOneLine(file)}: ${reason}\n`)
    return 3
  }
  const left = planned.map(({ run, plan }): Run => ({ ...run, result: values.write ? plan.after : plan.before }))
  return verdictOn(reportOf(left, selection), values['fail-on'])
}

function planFor({ target, input }: Run, values: FixValues, selection: Selection): FixPlan {
  return planFixes({
    input,
    safety: values.unsafe ? 'unsafe' : 'safe',
    accepts: (finding) => isAsked({ target, input }, finding.path) && selection(target, finding) === 'shown',
  })
}

const shownPath = ({ target }: Run, relative: string): string => target.files.get(relative) ?? relative

/** What nobody asked about, because it is new or no CI file, as seen from here. */
const changedPath = ({ cwd }: World, { target: { files, worktree } }: Run, relative: string): string =>
  files.get(relative) ?? path.relative(cwd, path.join(worktree.root, relative)).split(path.sep).join('/')

async function printDiff(world: World, planned: readonly Planned[], { color }: FixValues): Promise<void> {
  if (planned.every(({ plan }) => plan.files.length === 0)) return
  const { renderDiff } = await import('./render-diff.ts')
  const { paletteFor } = await import('./colours.ts')
  const palette = await paletteFor(world, color)
  for (const { run, plan } of planned) {
    for (const file of plan.files) world.stdout.write(renderDiff({ ...file, path: changedPath(world, run, file.path) }, palette))
  }
}

interface Unwritten {
  readonly file: string
  readonly reason: string
}

/** Each file by itself: one that cannot be written does not keep the others from being repaired. */
function writeAll(world: World, planned: readonly Planned[]): readonly Unwritten[] {
  return planned.flatMap(({ run, plan }) => plan.files.flatMap((changed: ChangedFile) => {
    const { root } = run.target.worktree
    const { before, after } = changed
    const reason = before === null ? writeOutput({ cwd: root, fs: world.fs }, changed.path, after, true) : replaceText(world.fs, path.join(root, changed.path), { before, after })
    return reason === null ? [] : [{ file: changedPath(world, run, changed.path), reason: reason === 'EEXIST' ? 'it is there by now; run again' : reason }]
  }))
}

function remarksOn(planned: readonly Planned[], { write, unsafe }: FixValues): string[] {
  const lines: string[] = []
  let applied = 0
  let files = 0
  for (const { run, plan } of planned) {
    applied += plan.applied.length
    files += plan.files.length
    for (const { finding, description, safety } of plan.applied) {
      lines.push(`${onOneLine(shownPath(run, finding.path))}:${finding.start.line}  ${finding.ruleId}  ${onOneLine(description)} (${safety})`)
    }
    for (const { finding, reason } of plan.dropped) {
      lines.push(`${onOneLine(shownPath(run, finding.path))}:${finding.start.line}  ${finding.ruleId}  not repaired: ${onOneLine(reason)}`)
    }
  }
  const unsafeLeft = planned.flatMap(({ plan }) => plan.after.findings).filter(({ fix: repair, suppressed }) => suppressed === undefined && repair?.safety === 'unsafe').length
  const what = applied === 0 ? 'nothing to repair' : `${counted(applied, 'finding')} ${write ? 'repaired' : 'can be repaired'} in ${counted(files, 'file')}`
  lines.push(!unsafe && unsafeLeft > 0 ? `${what}; --unsafe adds ${counted(unsafeLeft, 'fix').replace(/fixs$/, 'fixes')}` : what)
  return lines
}
