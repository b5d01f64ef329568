// Everything a person or a later step sees: annotations, the log, the job summary, the SARIF file, the outputs.
import * as path from 'node:path'
import type { AnalysisWire } from '../contract/analyses.ts'
import { onOneLine } from '../analysis/report/plain-text.ts'
import { renderGithub } from '../analysis/report/github.ts'
import { escapeMarkdown, MAX_SUMMARY_BYTES, renderMarkdown } from '../analysis/report/markdown.ts'
import { summarise, type Report } from '../analysis/report/report.ts'
import { renderSarif } from '../analysis/report/sarif.ts'
import { adviceNote, renderAdvice } from './advice.ts'
import { ActionError } from './action-error.ts'
import type { Inputs } from './inputs.ts'
import type { World } from './world.ts'

export interface Result {
  readonly report: Report
  readonly source: 'local' | 'control-plane'
  readonly analysis: AnalysisWire | null
  readonly pullRequest: { readonly url: string | null; readonly state: string; readonly reason: string | null } | null
  /** Findings that the baseline knows. */
  readonly known: number
  /** Sentences for the person: what went another way than asked, and why. */
  readonly remarks: readonly string[]
}

const NOTES_BYTES = 16 * 1024

/** Throws INPUT_INVALID for a SARIF file that cannot be written, after everything else was. */
export async function publish(world: World, inputs: Inputs, { workspace }: { readonly workspace: string }, result: Result): Promise<void> {
  const { core } = world
  world.write(renderGithub(result.report))
  const notes = notesOf(result)
  for (const note of notes) core.info(onOneLine(note))
  const sarif = inputs.sarifFile === '' ? '' : writeSarif(world, path.resolve(workspace, inputs.sarifFile), result.report)
  // Runners of old GHES versions have no summary file.
  if (world.env.GITHUB_STEP_SUMMARY) {
    const list = notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n')
    const advice = adviceOf(result)
    const written = advice === undefined ? '' : renderAdvice(advice)
    await core.summary.addRaw(`${renderMarkdown(result.report, MAX_SUMMARY_BYTES - NOTES_BYTES - Buffer.byteLength(written))}${written}${list === '' ? '' : `\n${list}\n`}`).write()
  }
  for (const [name, value] of Object.entries(outputsOf(result, typeof sarif === 'string' ? sarif : ''))) core.setOutput(name, value)
  if (typeof sarif !== 'string') throw sarif
}

/** The file's path, or why there is none: the other reports are written all the same. */
function writeSarif({ fs, version }: World, file: string, report: Report): string | ActionError {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, renderSarif(report, version))
    return file
  } catch (error) {
    const reason = error instanceof Error ? error.message : typeof error
    return new ActionError('INPUT_INVALID', `input sarif-file names a file that cannot be written: ${reason}`, error)
  }
}

const adviceOf = ({ source, analysis }: Result) => (source === 'control-plane' ? analysis?.outcome?.advice : undefined)

function notesOf(result: Result): string[] {
  const { analysis, pullRequest, known, remarks, source } = result
  const notes = [...remarks]
  if (known > 0) notes.push(`${known} more are in the baseline`)
  if (pullRequest?.state === 'none' && pullRequest.reason !== null) notes.push(`no pull request: ${pullRequest.reason}`)
  if (pullRequest !== null && pullRequest.state !== 'none') {
    const reason = pullRequest.reason === null ? '' : ` (${pullRequest.reason})`
    notes.push(`pull request ${pullRequest.state}${pullRequest.url === null ? '' : `: ${pullRequest.url}`}${reason}`)
  }
  const advice = adviceOf(result)
  const written = advice === undefined ? null : adviceNote(advice)
  if (written !== null) notes.push(written)
  if (analysis !== null) notes.push(`analysis: ${analysis.url}`)
  notes.push(`result from ${source === 'local' ? 'this runner' : 'the control plane'}`)
  return notes
}

function outputsOf({ report, source, analysis, pullRequest }: Result, sarifFile: string): Record<string, string | number> {
  const { high, medium, low, info } = summarise(report)
  const outcome = source === 'control-plane' ? analysis?.outcome : null
  return {
    findings: high + medium + low + info,
    high,
    medium,
    low,
    score: report.score?.total ?? '',
    'analysis-id': analysis?.id ?? '',
    'analysis-url': analysis?.url ?? '',
    'pull-request-url': pullRequest?.url ?? '',
    'sarif-file': sarifFile,
    'tokens-used': outcome?.tokensUsed ?? 0,
    'cost-usd': ((outcome?.costMicroUsd ?? 0) / 1_000_000).toFixed(6),
    source,
  }
}
