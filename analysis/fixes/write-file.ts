// Fixes outside the file that a finding stands in: a new file, or lines behind the last one of CODEOWNERS. Verified like edits: a new
// CI file is examined by itself under all rules, and the finding's own file again in the repository that has it.
// Leaves out CI files that are there: those are edited where their findings stand.
import type { Candidate, Examination, Mark, Scope } from '../examine.ts'
import type { Fix, WrittenFile } from '../finding.ts'
import type { FileFix } from '../rules/rule.ts'
import { examine, messageOfMark } from '../examine.ts'
import { isCiPath } from '../pipeline-path.ts'
import { FIRST_LINE } from '../workflow/first-pipeline.ts'
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
    const stays = createStays(before, candidate)
    const mark = examine(created, inside).marks.find((each) => each.raw.suppressed === null && !stays(each))
    if (mark !== undefined) return `it would bring a new finding: ${mark.raw.rule.meta.id}: ${messageOfMark(mark)}`
  }
  return compareFindings(before, examine(before.file, inside), [{ candidate, fix: { ...candidate.fix, kind: 'edits', edits: [] } }])
}

/**
 * Findings about the repository stand on its first CI file, which the new one may be: those that were to be read in the old one are not
 * new, but for the repaired one. They are counted per rule.
 */
function createStays(before: Examination, candidate: FileCandidate): (mark: Mark) => boolean {
  const left = new Map<string, number>()
  for (const each of before.candidates) {
    const { ruleId, suppressed, fingerprint } = each.finding
    if (fingerprint !== candidate.finding.fingerprint && each.at === FIRST_LINE && suppressed === undefined) left.set(ruleId, (left.get(ruleId) ?? 0) + 1)
  }
  return ({ raw: { rule: { meta }, report } }) => {
    if (report.at !== FIRST_LINE) return false
    const count = left.get(meta.id) ?? 0
    left.set(meta.id, count - 1)
    return count > 0
  }
}

/** The whole file as the fix leaves it; null where it cannot be written. */
export function textAfter({ kind, path, text }: WrittenFile, { repository: { paths, codeOwners } }: Pick<Scope, 'repository'>): string | null {
  if (kind === 'create') return paths === null || paths.has(path) ? null : text
  if (codeOwners?.path !== path) return null
  const { text: old } = codeOwners
  const lineBreak = old.includes('\r\n') ? '\r\n' : '\n'
  return `${old}${old === '' || old.endsWith('\n') ? '' : lineBreak}${text.replaceAll('\n', lineBreak)}`
}
