// The version comment behind a pin: `uses: owner/repo@<commit> # v4.2.2`. Setting it is
// fixes/set-version-comment.ts.
import type { Uses } from './uses.ts'

export interface VersionComment {
  /** As written: `v4.2.2`, `4`. */
  readonly version: string
  readonly start: number
  readonly end: number
}

/** `# v4.2.2`, and what other tools write before it: `# tag=v4`, `# pin@v4`, `# ratchet:owner/repo@v4`. */
const COMMENT = /^(#+\s*(?:tag[=:]\s*|pin@|@|version[=:]?\s*|ratchet:[\w./-]+@)?)(v?\d+(?:\.\d+)*(?:-[\w.]+)?)(?=$|[\s,;)])/

export function versionComment({ comment }: Uses): VersionComment | null {
  const match = comment === null ? null : COMMENT.exec(comment.text)
  if (comment === null || match === null) return null
  const [, before = '', version = ''] = match
  const start = comment.start + before.length
  return { version, start, end: start + version.length }
}
