// Sums an analysis up in a few sentences for the pull request and the job summary. A model sees counts and rules, no file.
import { z } from 'zod'
import type { Finding } from '../../../analysis/finding.ts'
import { ruleById } from '../../../analysis/rules/index.ts'
import type { Content, ItemAnswer, Task } from './ask-items.ts'
import { acceptText } from './model-text.ts'

const MOST_CHARACTERS = 800

const answerSchema = z.object({ summary: z.string().max(4_000) })

export type Summary = z.infer<typeof answerSchema>

export const SUMMARISE: Task<Summary> = {
  purpose: 'summarise',
  version: 1,
  words: 'Sum the analysis up in at most four plain sentences for the people of the repository: what matters most, and what to do first.',
  answer: answerSchema,
}

/** Rules with their counts, in a fixed order: an unchanged repository is the same content. */
export function summaryContent(findings: readonly Finding[]): Content {
  const counts = new Map<string, number>()
  for (const { ruleId, severity, fix } of findings) {
    const line = `${ruleId} (${ruleById(ruleId)?.meta.summary ?? ''}): ${severity}, ${fix === null ? 'needs a person' : 'has a fix'}`
    counts.set(line, (counts.get(line) ?? 0) + 1)
  }
  return { findings: [...counts].map(([line, count]) => `${count} x ${line}`).sort().join('\n') }
}

/** Our words on every rule that was found are its subject. */
export const acceptSummary = (content: Content, { value }: ItemAnswer<Summary>, secrets: readonly string[]): string | null =>
  acceptText(value.summary, { mostCharacters: MOST_CHARACTERS, subject: content.findings ?? '', secrets })
