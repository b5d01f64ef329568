// Applies fixes to files: what `fix` writes and what the fix pull request commits. The result is stable: planning on it again changes nothing.
import type { AnalyseInput, AnalyseResult, SourceFile } from '../analyse.ts'
import type { Candidate, Examination, Scope } from '../examine.ts'
import type { Finding, Fix, FixSafety, TextEdit } from '../finding.ts'
import type { FixOptions, Proposal } from './resolve.ts'
import { analyse } from '../analyse.ts'
import { examine } from '../examine.ts'
import { prepare } from '../prepare.ts'
import { overlaps, sortEdits } from '../source/edits.ts'
import { CODE_OWNERS_FILES, isCiPath } from '../pipeline-path.ts'
import type { Accepted, Dropped } from './accept.ts'
import { acceptProposals } from './accept.ts'
import { editsOf, selectProposals } from './apply.ts'
import { resolveFixes } from './resolve.ts'
import { verify } from './verify.ts'
import type { FileCandidate } from './write-file.ts'
import { isFileCandidate, textAfter, toFix, verifyFile } from './write-file.ts'

export interface FixRequest {
  readonly input: AnalyseInput
  /** 'safe': only what cannot change what a workflow does. 'unsafe': those too. */
  readonly safety: FixSafety
  /** Which findings to repair; default: all. */
  readonly accepts?: (finding: Omit<Finding, 'fix'>) => boolean
  /** Checked fixes of others (fixes/check-proposals.ts) for findings that have none of ours, by fingerprint; unsafe, so they need 'unsafe'. */
  readonly given?: ReadonlyMap<string, Fix>
}

export interface ChangedFile {
  readonly path: string
  /** Null for a new file. */
  readonly before: string | null
  readonly after: string
}

export interface AppliedFix {
  /** As it was found in the original text, with the fix that was applied. */
  readonly finding: Finding
  readonly safety: FixSafety
  /** Whose: the engine's own, or one that was given. */
  readonly isGiven: boolean
  /** What was done. */
  readonly description: string
}

export interface DroppedFix {
  readonly finding: Finding
  /** Why it was not applied. */
  readonly reason: string
}

export interface FixPlan {
  /** Files whose text changes, in the order of the input; then what is written outside of it. */
  readonly files: readonly ChangedFile[]
  readonly applied: readonly AppliedFix[]
  readonly dropped: readonly DroppedFix[]
  readonly before: AnalyseResult
  readonly after: AnalyseResult
}

/** What one file's fixes leave to say of another one is repaired in a further pass; fewer do for everything that is known. */
const MOST_PASSES = 4

export function planFixes(request: FixRequest): FixPlan {
  const { input, safety, accepts = () => true } = request
  let plan = planOnce(request, analyse(input))
  for (let pass = 1; pass < MOST_PASSES && plan.files.length > 0 && plan.after.findings.some(isLeft); pass++) {
    const next = planOnce({ input: withChanges(input, plan.files), safety, accepts }, plan.after)
    if (next.files.length === 0) break
    plan = { ...next, files: joined(input, plan.files, next.files), applied: [...plan.applied, ...next.applied], before: plan.before }
  }
  return plan

  function isLeft(finding: Finding): boolean {
    const { fix, suppressed } = finding
    return fix !== null && suppressed === undefined && (safety === 'unsafe' || fix.safety === 'safe') && accepts(finding)
  }
}

/** The changes of two passes as those of one. */
function joined({ files }: AnalyseInput, first: readonly ChangedFile[], second: readonly ChangedFile[]): readonly ChangedFile[] {
  const changes = new Map(first.map((change) => [change.path, change]))
  for (const { path, after, ...later } of second) changes.set(path, { path, before: (changes.get(path) ?? later).before, after })
  const places = new Map(files.map(({ path }, index) => [path, index]))
  return [...changes.values()].sort((a, b) => (places.get(a.path) ?? files.length) - (places.get(b.path) ?? files.length))
}

/** `before` is what the engine says of the input. */
function planOnce(request: FixRequest, before: AnalyseResult): FixPlan {
  const { input } = request
  const options: FixOptions = { allowed: request.safety, accepts: request.accepts ?? (() => true) }
  const original = new Map(before.findings.map((finding) => [finding.fingerprint, finding]))
  const { files, scope } = prepare(input)
  const changed: ChangedFile[] = []
  const outside: ChangedFile[] = []
  const applied: AppliedFix[] = []
  const dropped: DroppedFix[] = []
  for (const read of files) {
    const { file, outcome } = read()
    if (file === null || outcome.status === 'unreadable') continue
    const rounds = repair(examine(file, scope), scope, options)
    const extra = addGiven(rounds, request.safety === 'unsafe' ? (request.given ?? NONE_GIVEN) : NONE_GIVEN, { scope, options })
    for (const proposal of extra.applied) {
      const finding = withFix(proposal, original)
      applied.push({ finding, safety: proposal.fix.safety, isGiven: extra.given.has(proposal), description: proposal.fix.description })
    }
    for (const { proposal, reason } of rounds.dropped) dropped.push({ finding: withFix(proposal, original), reason })
    for (const { candidate, ...written } of writeFiles(extra.last, scope, options)) {
      const finding = { ...(original.get(candidate.finding.fingerprint) ?? candidate.finding), fix: toFix(candidate.fix) }
      if ('reason' in written) dropped.push({ finding, reason: written.reason })
      else if (!outside.some(({ path }) => path === written.change.path)) {
        applied.push({ finding, safety: candidate.fix.safety, isGiven: false, description: candidate.fix.description })
        outside.push(written.change)
      }
    }
    const after = extra.last.file.text
    if (after !== file.text) changed.push({ path: file.path, before: file.text, after })
  }
  const changes = [...changed, ...outside]
  return { files: changes, applied, dropped, before, after: changes.length === 0 ? before : analyse(withChanges(input, changes)) }
}

const NONE_GIVEN: Given = new Map()

interface Repair {
  /** The file after the last round. */
  readonly last: Examination
  /** The edits of each round, of the text that the one before it left. */
  readonly rounds: readonly (readonly TextEdit[])[]
  readonly applied: readonly Proposal[]
  readonly dropped: readonly Dropped[]
}

/** Each round takes fixes that do not overlap and derives the losers anew from its result. It ends because a round lowers the number of findings. */
function repair(start: Examination, scope: Scope, options: FixOptions): Repair {
  const applied: Proposal[] = []
  const rounds: (readonly TextEdit[])[] = []
  let current: Examination | null = start
  let last = start
  let dropped: readonly Dropped[] = []
  while (current !== null) {
    last = current
    const round = repairOnce(current, scope, options)
    applied.push(...round.proposals)
    dropped = round.dropped
    if (round.after !== null) rounds.push(editsOf(round.proposals))
    current = round.after
  }
  return { last, rounds, applied, dropped }
}

type Given = NonNullable<FixRequest['given']>

/** After ours, one by one: their edits are moved along with the text, and one that meets an edit of ours is left out. */
function addGiven(repaired: Repair, given: Given, { scope, options }: { readonly scope: Scope; readonly options: FixOptions }): Repair & { readonly given: ReadonlySet<Proposal> } {
  const rounds = [...repaired.rounds]
  const chosen: Proposal[] = []
  let { last } = repaired
  for (const [fingerprint, fix] of given) {
    const candidate = last.candidates.find(({ finding }) => finding.fingerprint === fingerprint)
    if (candidate === undefined || candidate.finding.suppressed !== undefined || !options.accepts(candidate.finding)) continue
    const edits = rounds.reduce<readonly TextEdit[] | null>((moved, round) => moved && moveBy(moved, round), fix.edits)
    if (edits === null) continue
    const proposal: Proposal = { candidate, fix: { ...fix, kind: 'edits', edits } }
    const verdict = verify(last, [proposal], scope)
    if (!verdict.holds) continue
    chosen.push(proposal)
    rounds.push(editsOf([proposal]))
    last = verdict.after
  }
  return { ...repaired, last, rounds, applied: [...repaired.applied, ...chosen], given: new Set(chosen) }
}

/** Edits of a text as edits of what a round made of it; null when they meet. */
function moveBy(edits: readonly TextEdit[], round: readonly TextEdit[]): readonly TextEdit[] | null {
  if (edits.some((edit) => round.some((other) => overlaps(edit, other)))) return null
  return edits.map(({ start, end, text }) => {
    const shift = round.filter((other) => other.end <= start).reduce((sum, other) => sum + other.text.length - (other.end - other.start), 0)
    return { start: start + shift, end: end + shift, text }
  })
}

/** The first selection of which anything holds; what only lost against fixes that failed gets its own try. */
function repairOnce(current: Examination, scope: Scope, options: FixOptions): Accepted {
  const dropped: Dropped[] = []
  let left = resolveFixes(current, scope, options)
  while (left.length > 0) {
    const { chosen, losers } = selectProposals(left)
    const accepted = acceptProposals(current, chosen, scope)
    if (accepted.after !== null) return accepted
    dropped.push(...accepted.dropped)
    left = losers
  }
  return { proposals: [], dropped, after: null }
}

function withFix({ candidate, fix }: Proposal, original: ReadonlyMap<string, Finding>): Finding {
  const finding: Candidate['finding'] = original.get(candidate.finding.fingerprint) ?? candidate.finding
  return { ...finding, fix: { safety: fix.safety, description: fix.description, edits: sortEdits(fix.edits) } }
}

type Writing = { readonly candidate: FileCandidate } & ({ readonly change: ChangedFile } | { readonly reason: string })

/** After all edits, so that what they made needless is not written. */
function writeFiles(last: Examination, scope: Scope, { allowed, accepts }: FixOptions): readonly Writing[] {
  return last.candidates.filter(isFileCandidate).flatMap((candidate): readonly Writing[] => {
    const { finding, fix: { safety, file } } = candidate
    if (finding.suppressed !== undefined || !accepts(finding) || (allowed === 'safe' && safety === 'unsafe')) return []
    const reason = verifyFile(last, candidate, scope)
    if (reason !== null) return [{ candidate, reason }]
    const before = file.kind === 'create' ? null : (scope.repository.codeOwners?.text ?? null)
    return [{ candidate, change: { path: file.path, before, after: textAfter(file, scope) ?? file.text } }]
  })
}

/** The input as the changes leave it. */
export function withChanges(input: AnalyseInput, changes: readonly ChangedFile[]): AnalyseInput {
  const texts = new Map(changes.map(({ path, after }) => [path, after]))
  const known = new Set(input.files.map(({ path }) => path))
  const files = input.files.map((file): SourceFile => {
    const text = texts.get(file.path)
    return text === undefined ? file : { path: file.path, text }
  })
  const written = changes.filter(({ path }) => !known.has(path)).map(({ path, after }) => ({ path, text: after }))
  const codeOwners = changes.find(({ path }) => CODE_OWNERS_FILES.includes(path))
  return {
    ...input,
    files: [...files, ...written.filter(({ path }) => isCiPath(path))],
    paths: input.paths === null ? null : [...new Set([...input.paths, ...written.map(({ path }) => path)])].sort(),
    ...(codeOwners === undefined ? {} : { codeOwners: { path: codeOwners.path, text: codeOwners.after } }),
  }
}
