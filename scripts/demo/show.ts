// What the demo puts before a person: findings of an analysis, and the pull request's diff.
import { createTwoFilesPatch } from 'diff'
import pc from 'picocolors'
import { renderText, type Palette } from '../../analysis/report/text.ts'
import type { Report } from '../../analysis/report/report.ts'
import type { AnalysisOutcome, AnalysisWire } from '../../contract/analyses.ts'

const palette: Palette = pc

export function showFindings(analysis: AnalysisWire, texts: ReadonlyMap<string, string>): string {
  if (analysis.outcome === null) throw new Error(`analysis ${analysis.id} has no outcome (state ${analysis.state})`)
  const { files, findings, notChecked, score } = analysis.outcome
  return renderText({ files, findings, notChecked, failures: [], score, texts } as Report, palette)
}

export function showDiff(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string {
  const patches = [...after].flatMap(([path, text]) => {
    const old = before.get(path) ?? ''
    return old === text ? [] : [createTwoFilesPatch(`a/${path}`, `b/${path}`, old, text, '', '', { context: 2 })]
  })
  return patches.flatMap((patch) => patch.split('\n').filter((line) => !/^=+$/.test(line)).map(colourLine)).join('\n')
}

function colourLine(line: string): string {
  if (line.startsWith('+++') || line.startsWith('---')) return pc.bold(line)
  if (line.startsWith('+')) return pc.green(line)
  if (line.startsWith('-')) return pc.red(line)
  return line.startsWith('@@') ? pc.cyan(line) : line
}

/** What the scripted server made the service say, and what it would have cost at the list prices of the models that it plays. */
export function showAdvice({ advice, tokensUsed, costMicroUsd }: AnalysisOutcome, requests: readonly { readonly model: string }[]): string {
  const lines = [pc.bold('Written by a model: here by a script, no model was asked'), `  ${advice?.state ?? 'off'}${advice?.reason ? `: ${advice.reason}` : ''}`]
  if (advice?.summary) lines.push(`  ${advice.summary}`)
  for (const { path, line, ruleId, explanation } of (advice?.explanations ?? []).slice(0, 3)) lines.push(`  ${path}:${line} ${ruleId}: ${explanation}`)
  for (const { description } of advice?.fixes ?? []) lines.push(`  fix, checked by the engine: ${description}`)
  lines.push(`  ${requests.length} requests (${requests.map(({ model }) => model).join(', ')}), ${tokensUsed} tokens by the script's count, ${(costMicroUsd / 1_000_000).toFixed(6)} USD`, '')
  return lines.join('\n')
}
