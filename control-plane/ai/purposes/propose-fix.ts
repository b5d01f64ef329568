// Proposes fixes for findings without a mechanical one. A model names the text that it replaces, which has to stand exactly once in
// the span that it was given: it cannot name any other place. Whether a proposal holds is the engine's to say.
import { z } from 'zod'
import type { ProposedFix } from '../../../analysis/fixes/check-proposals.ts'
import type { OpenSpan } from '../../../analysis/fixes/open-spans.ts'
import { ruleById } from '../../../analysis/rules/index.ts'
import type { Content, ItemAnswer, Task } from './ask-items.ts'
import { acceptText, isHarmful } from './model-text.ts'

const MOST_TEXT = 4_000
const MOST_DESCRIPTION = 200

const answerSchema = z.object({
  description: z.string().max(1_000),
  edits: z.array(z.object({ old: z.string().min(1).max(MOST_TEXT), new: z.string().max(MOST_TEXT) })).min(1).max(10),
})

export type Proposed = z.infer<typeof answerSchema>

export const PROPOSE_FIX: Task<Proposed> = {
  purpose: 'fix',
  version: 1,
  words: 'For each finding propose the smallest change of its excerpt that repairs it: edits that replace a text of the excerpt (old, which stands in it exactly once, with its line breaks and spaces) by another (new), '
    + 'and one sentence that says what changes (description). Only names, timeouts, concurrency and narrower permissions may change. Leave out findings that this cannot repair.',
  answer: answerSchema,
}

export const fixContent = ({ finding, text }: OpenSpan): Content => ({ rule: finding.ruleId, message: finding.message, excerpt: text })

/** Null when it names a text that is not there exactly once, or writes what may not be shown. */
export function toProposedFix(span: OpenSpan, { value }: ItemAnswer<Proposed>, secrets: readonly string[]): ProposedFix | null {
  const { finding, text, start } = span
  const description = acceptText(value.description, { mostCharacters: MOST_DESCRIPTION, subject: `${finding.ruleId} ${ruleById(finding.ruleId)?.meta.summary ?? ''}`, secrets })
  const edits = value.edits.map((edit) => {
    const at = text.indexOf(edit.old)
    if (isHarmful(edit.new, secrets) && !isHarmful(edit.old, secrets)) return null
    return at < 0 || text.includes(edit.old, at + 1) ? null : { start: start + at, end: start + at + edit.old.length, text: edit.new }
  })
  const found = edits.filter((edit) => edit !== null)
  return description === null || found.length < edits.length ? null : { span, description, edits: found }
}
