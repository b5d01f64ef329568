// Explains findings and recommends. Severity, file and line are the engine's; a model adds why it matters and what to do.
import { z } from 'zod'
import type { OpenSpan } from '../../../analysis/fixes/open-spans.ts'
import { ruleById } from '../../../analysis/rules/index.ts'
import type { Content, ItemAnswer, Task } from './ask-items.ts'
import { acceptText } from './model-text.ts'

const CATEGORIES = ['security', 'reliability', 'performance', 'dependencies', 'maintainability'] as const
const MOST_CHARACTERS = 600

const answerSchema = z.object({ category: z.enum(CATEGORIES), explanation: z.string().max(4_000), recommendation: z.string().max(4_000) })

export type Explained = z.infer<typeof answerSchema>

export const EXPLAIN: Task<Explained> = {
  purpose: 'explain',
  version: 1,
  words: 'For each finding say in at most three plain sentences why it matters in this very place (explanation), in at most two what to do (recommendation), and to which category it belongs.',
  answer: answerSchema,
}

export const explainContent = ({ finding, text }: OpenSpan): Content => ({ rule: finding.ruleId, severity: finding.severity, message: finding.message, excerpt: text })

/** Null when a text of it may not be shown. */
export function acceptExplanation({ finding }: OpenSpan, { value }: ItemAnswer<Explained>, secrets: readonly string[]): Explained | null {
  const check = { mostCharacters: MOST_CHARACTERS, subject: `${finding.ruleId} ${ruleById(finding.ruleId)?.meta.summary ?? ''}`, secrets }
  const explanation = acceptText(value.explanation, check)
  const recommendation = acceptText(value.recommendation, check)
  return explanation === null || recommendation === null ? null : { category: value.category, explanation, recommendation }
}
