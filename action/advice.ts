// What models wrote about an analysis, for the log and the job summary: always under a line that says who wrote it.
import { escapeMarkdown } from '../analysis/report/markdown.ts'
import type { Advice } from '../contract/analyses.ts'

const MOST_EXPLANATIONS = 20

/** One sentence on what models did, or why they did not; none for a service that never asks any. */
export function adviceNote({ state, reason, explanations, fixes, dropped, models }: Advice): string | null {
  if (state === 'off') return null
  const given = `${explanations.length} explanations, ${fixes.length} fixes`
  const thrown = dropped.texts + dropped.fixes === 0 ? '' : `; ${dropped.texts} texts and ${dropped.fixes} fixes failed a check and were dropped`
  if (state === 'failed') return `analysed without ${explanations.length + fixes.length === 0 ? 'AI' : 'all of what AI was asked for'}: ${reason ?? 'no reason was given'}`
  return `written by a model (${models.join(', ') || 'none was needed'}): ${given}${thrown}`
}

/** Markdown; empty when there is nothing to show. */
export function renderAdvice({ summary, explanations, models }: Advice): string {
  if (summary === null && explanations.length === 0) return ''
  const rows = explanations.slice(0, MOST_EXPLANATIONS).map(({ path, line, ruleId, category, explanation, recommendation }) =>
    `- ${escapeMarkdown(`${path}:${line}`)}, ${escapeMarkdown(ruleId)} (${escapeMarkdown(category)}): ${escapeMarkdown(explanation)} ${escapeMarkdown(recommendation)}`)
  const more = explanations.length - rows.length
  return ['', '### Written by a model', '', `${escapeMarkdown(models.join(', '))} wrote this; nobody checked that it is true.`, '',
    ...(summary === null ? [] : [escapeMarkdown(summary), '']), ...rows, ...(more > 0 ? [`- and ${more} more`] : []), ''].join('\n')
}
