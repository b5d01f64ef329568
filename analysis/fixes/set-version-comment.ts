// The edit that makes the comment behind a pin name its version; every other comment on the line is kept.
import type { TextEdit } from '../finding.ts'
import type { Uses } from '../workflow/uses.ts'
import { versionComment } from '../workflow/version-comment.ts'

/** Null when it does already, or when no comment can stand there (a flow map goes on behind). */
export function setVersionComment(uses: Uses, version: string): TextEdit | null {
  const written = versionComment(uses)
  if (written !== null) return written.version === version ? null : { start: written.start, end: written.end, text: version }
  const { comment, file, node } = uses
  const limit = comment?.start ?? lineEnd(file.text, node.end)
  for (let at = node.end; at < limit; at++) if (!' \t,}]'.includes(file.text.charAt(at))) return null
  if (comment !== null) return { start: comment.start, end: comment.start, text: `# ${version} ` }
  let end = limit
  while (end > node.end && ' \t'.includes(file.text.charAt(end - 1))) end--
  return { start: end, end, text: ` # ${version}` }
}

function lineEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) !== 10 && text.charCodeAt(at) !== 13) at++
  return at
}
