// Fixes outside the file that a finding stands in: a new file, or lines behind the last one of CODEOWNERS. Verified like edits: a new
// CI file is examined by itself under all rules, and the finding's own file again in the repository that has it.
// Leaves out CI files that are there: those are edited where their findings stand.
import type { Candidate, Examination, Scope } from '../examine.ts'
import type { Fix, WrittenFile } from '../finding.ts'
import type { FileFix } from '../rules/rule.ts'
import { examine, messageOfMark } from '../examine.ts'
import { isCiPath } from '../pipeline-path.ts'
import { withText } from '../workflow/repository.ts'
import { createPipelineFile } from '../workflow/pipeline-file.ts'
import { compareFindings } from './verify.ts'

export type FileCandidate = Candidate & { readonly fix: FileFix }

export const isFileCandidate = (candidate: Candidate): candidate is FileCandidate => candidate.fix?.kind === 'file'

export const toFix = ({ safety, description, file }: FileFix): Fix => ({ safety, description, edits: [], file })

/** Null when it holds, else why not. */
export function verifyFile(before: Examination, candidate: FileCandidate, scope: Scope): string | null {
  const { file } = candidate.fix
  const { path } = file
  const text = textAfter(file, scope)
  if (text === null) return file.kind === 'create' ? `${path} is there, or nobody knows whether it is` : `${path} was not read`
  const inside = { ...scope, repository: withText(scope.repository, { path, text }), wanted: new Map() }
  if (isCiPath(path)) {
    const created = createPipelineFile(path, text)
    const [problem] = created.tree.problems
    if (problem !== undefined) return `the result would not parse: ${problem.message}`
    const mark = examine(created, inside).marks.find(({ raw }) => raw.suppressed === null)
    if (mark !== undefined) return `it would bring a new finding: ${mark.raw.rule.meta.id}: ${messageOfMark(mark)}`
  }
  return compareFindings(before, examine(before.file, inside), [{ candidate, fix: { ...candidate.fix, kind: 'edits', edits: [] } }])
}

/** The whole file as the fix leaves it; null where it cannot be written. */
export function textAfter({ kind, path, text }: WrittenFile, { repository: { paths, codeOwners } }: Pick<Scope, 'repository'>): string | null {
  if (kind === 'create') return paths === null || paths.has(path) ? null : text
  if (codeOwners?.path !== path) return null
  const { text: old } = codeOwners
  const lineBreak = old.includes('\r\n') ? '\r\n' : '\n'
  return `${old}${old === '' || old.endsWith('\n') ? '' : lineBreak}${text.replaceAll('\n', lineBreak)}`
}
