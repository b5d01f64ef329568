// The hidden line in a fix pull request's body by which we know our own work again. A person who edits it takes the branch over.

export interface FixMarker {
  /** Commit of the base branch that the fixes were made for. */
  readonly base: string
  /** Our last commit on the branch. */
  readonly head: string
  /** Hash of the fix (fix-plan.ts), 64 hex digits. */
  readonly fix: string
  /** A commit that was about to be pushed when this was written: ours too when it is the branch's. Null where the caller keeps a record. */
  readonly next: string | null
  /** True when we closed the pull request ourselves because nothing was left to fix. */
  readonly closedByUs: boolean
}

const SHA = '[0-9a-f]{40}'
const MARKER = new RegExp(`<!-- autodevops-fix base=(${SHA}) head=(${SHA}) fix=([0-9a-f]{64})(?: next=(${SHA}))?( closed)? -->`, 'g')

export function formatFixMarker(marker: FixMarker): string {
  const next = marker.next === null ? '' : ` next=${marker.next}`
  return `<!-- autodevops-fix base=${marker.base} head=${marker.head} fix=${marker.fix}${next}${marker.closedByUs ? ' closed' : ''} -->`
}

/** Null when there is none, or more than one: then the body is no longer only ours. */
export function parseFixMarker(body: string | null | undefined): FixMarker | null {
  const found = [...(body ?? '').matchAll(MARKER)]
  const [match] = found
  if (!match || found.length > 1) return null
  const [, base, head, fix, next, closed] = match
  if (!base || !head || !fix) return null
  return { base, head, fix, next: next ?? null, closedByUs: closed !== undefined }
}

export function replaceFixMarker(body: string, marker: FixMarker): string {
  return body.replace(MARKER, formatFixMarker(marker))
}

/** Stands in the one comment that we leave on a branch that a person took over. */
export const FOREIGN_COMMENT_MARKER = '<!-- autodevops-foreign-branch -->'

/** Stands in the comment with which we close a pull request because nothing is left to fix on this commit of the base branch. */
export const closedCommentMarker = (base: string): string => `<!-- autodevops-closed base=${base} -->`

/** Stands in the comment that answers a command of this delivery. */
export const commandCommentMarker = (deliveryId: string): string => `<!-- autodevops-command delivery=${deliveryId} -->`
