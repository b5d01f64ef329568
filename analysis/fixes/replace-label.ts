// Replaces a runner label by the successor of its image. Safe only where the old image is known to be gone and nobody else
// in the file reads the label.
import type { ImageEnd } from '../data/runner-images.ts'
import type { TextEdit } from '../finding.ts'
import type { EditsFix } from '../rules/rule.ts'
import type { ScalarNode } from '../source/node.ts'
import type { Job } from '../workflow/job.ts'

/** The edit of the label alone, quotes kept; null where it does not stand in the file letter by letter. */
export function labelEdit(text: string, label: ScalarNode, replacement: string): TextEdit | null {
  const start = text.indexOf(label.text, label.start)
  const end = start + label.text.length
  return start < 0 || end > label.end ? null : { start, end, text: replacement }
}

/** Null where no successor is known or it runs already. */
export function useSuccessor(job: Job, label: ScalarNode, end: ImageEnd): EditsFix | null {
  const { text } = job.workflow.file
  const edit = end.successor === null ? null : labelEdit(text, label, end.successor)
  if (edit === null) return null
  // Another row with the successor would then run twice.
  if (job.runsOn?.matrixLabels.some((other) => other.text === end.successor)) return null
  const isMatrix = job.runsOn?.matrixLabels.includes(label) === true
  // A matrix value is also read by conditions, names, `include` and `exclude`, which would no longer match it.
  const isReadElsewhere = isMatrix && text.split(label.text).length > 2
  return {
    kind: 'edits',
    safety: end.confirmed && !isReadElsewhere ? 'safe' : 'unsafe',
    description: `Replace '${label.text}' by '${end.successor}'`,
    edits: [edit],
  }
}
