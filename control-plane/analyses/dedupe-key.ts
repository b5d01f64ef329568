// What makes two submissions the same analysis. The UTC day is in it: tomorrow's check of an unchanged repository is a new one.
import { createHash } from 'node:crypto'
import type { Submission } from '../../contract/analyses.ts'
import type { AnalysisDocument } from './analysis-document.ts'
import { gitBlobId } from '../../pull-request/blob-id.ts'

export interface Versions {
  readonly policy: string
  readonly engine: string
  readonly data: string
}

interface Subject {
  readonly repositoryId: string
  readonly ref: string
  readonly commit: string
  readonly files: Submission['files']
  readonly options: AnalysisDocument['options']
  readonly versions: Versions
  readonly now: Date
}

/** 64 hex digits. */
export function dedupeKeyOf({ repositoryId, ref, commit, files, options, versions, now }: Subject): string {
  const content = files.map(({ path, text }) => `${path}\0${gitBlobId(text)}`).sort()
  // What becomes of the result (a pull request, the repository's score, a comment) depends on the branch: the same commit on
  // another one is another wish.
  const wish = [options.profile, options.fixPr, ref, ...(options.rebaseFor === undefined ? [] : [options.rebaseFor])]
  return hash([repositoryId, commit, hash(content), wish, versions.policy, versions.engine, versions.data, now.toISOString().slice(0, 10)])
}

const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')
