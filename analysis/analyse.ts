// The engine's one entrance: files, policy, facts and a date in; findings, wanted facts and a score out.
// Pure: the same input gives the same output, byte for byte. It returns, it never throws.
import type { FileOutcome, Finding } from './finding.ts'
import type { FactRequest, Facts } from './fact.ts'
import type { Policy } from './policy/policy.ts'
import type { Score } from './score.ts'
import type { CalendarEntry } from './drift/calendar.ts'
import { createCalendar } from './drift/calendar.ts'
import { compare, examine } from './examine.ts'
import { attachFixes } from './fixes/attach.ts'
import { isIgnored } from './policy/policy.ts'
import { prepare } from './prepare.ts'
import { ruleById } from './rules/index.ts'
import { scoreOf } from './score.ts'
import { uncheckedOf } from './unchecked.ts'

/** A file to analyse, or the reason why its text could not be read (binary, too large, gone). Paths are relative, with `/`. */
export type SourceFile = { readonly path: string; readonly text: string } | { readonly path: string; readonly error: string }

export type Host = { readonly kind: 'github.com' } | { readonly kind: 'ghes'; readonly version: string | null }

export interface AnalyseInput {
  readonly files: readonly SourceFile[]
  /** Further CI files that rules may look at: local actions and workflows that the files name. Nothing is reported on them. */
  readonly neighbours?: readonly SourceFile[]
  /** The CODEOWNERS file that counts; absent when there is none or nobody read it. Only who owns which path is told of it. */
  readonly codeOwners?: SourceFile
  /** Manifests that an earlier run of the same input asked for (`unread`), with their texts or why they have none. No word of them is in a result. */
  readonly manifests?: readonly SourceFile[]
  /** Every path of the repository, for rules that look at other files; null when it is not known. */
  readonly paths: readonly string[] | null
  /** `owner/repo` of the analysed repository; absent when nobody said it. */
  readonly repositoryName?: string
  /** Its default branch, without `refs/heads/`; absent when nobody said it. */
  readonly defaultBranch?: string
  readonly policy: Policy
  readonly facts: Facts
  /** YYYY-MM-DD. */
  readonly today: string
  readonly host: Host
}

/** Something that the run could not check, and why: printed by every report. */
export interface NotChecked {
  readonly what: string
  readonly reason: string
  readonly count: number
}

export interface RuleFailure {
  readonly ruleId: string
  readonly path: string
  readonly error: string
}

export interface AnalyseResult {
  readonly files: readonly FileOutcome[]
  /** By path, then place, then rule. Suppressed ones are in it and carry `suppressed`. */
  readonly findings: readonly Finding[]
  /** What an answer would improve and `facts` does not answer yet. */
  readonly wanted: readonly FactRequest[]
  /** Paths of manifests whose texts would give a finding its fix, and which `manifests` does not have. */
  readonly unread: readonly string[]
  readonly notChecked: readonly NotChecked[]
  /** Rules that failed on a file: a defect of ours; the other rules still ran. */
  readonly failures: readonly RuleFailure[]
  readonly score: Score
  /** What breaks when, soonest first; what already broke comes before that. */
  readonly calendar: readonly CalendarEntry[]
}

export function analyse(input: AnalyseInput): AnalyseResult {
  const { files, scope } = prepare(input)
  const outcomes: FileOutcome[] = []
  const findings: Finding[] = []
  const failures: RuleFailure[] = []
  const calendar = createCalendar(input)
  for (const read of files) {
    const entry = read()
    outcomes.push(entry.outcome)
    if (entry.file === null) findings.push(entry.finding)
    else {
      calendar.add(entry.file)
      const examination = examine(entry.file, scope)
      for (const failure of examination.failures) failures.push(failure)
      for (const finding of attachFixes(examination, scope, entry.outcome.status === 'analysed')) findings.push(finding)
    }
  }
  findings.sort(byPlace)
  return {
    files: outcomes,
    findings,
    wanted: [...scope.wanted].flatMap(([key, request]) => (input.facts.has(key) ? [] : [request])),
    unread: scope.repository.unreadManifests(),
    notChecked: [...uncheckedOf(scope.wanted, input.facts), ...ignoredOf(input), ...unreadOwnersOf(input)],
    failures,
    score: scoreOf(findings, (ruleId) => ruleById(ruleId)?.meta.category),
    calendar: calendar.entries(),
  }
}

function ignoredOf({ files, policy }: AnalyseInput): readonly NotChecked[] {
  const count = files.filter(({ path }) => isIgnored(path, policy)).length
  return count === 0 ? [] : [{ what: 'CI files', reason: 'the policy file ignores their paths', count }]
}

const unreadOwnersOf = ({ codeOwners }: AnalyseInput): readonly NotChecked[] =>
  codeOwners !== undefined && 'error' in codeOwners ? [{ what: codeOwners.path, reason: codeOwners.error, count: 1 }] : []

const byPlace = (a: Finding, b: Finding): number =>
  compare(a.path, b.path) || a.start.line - b.start.line || a.start.column - b.start.column || compare(a.ruleId, b.ruleId)
