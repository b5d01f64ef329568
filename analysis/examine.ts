// Runs the rules over one file: one walk, every rule caught by itself, reports turned into graded, located, suppressed findings.
// Leaves fixes as wishes; attaching them is fixes/attach.ts.
import type { FactRequest, Facts } from './fact.ts'
import type { Finding, Profile, Severity, SuppressionMark } from './finding.ts'
import type { EditsFix, FileFix, Message, Range, Report, Rule, RuleContext, RuleMeta, UsesWish, Visitor } from './rules/rule.ts'
import type { Host, RuleFailure } from './analyse.ts'
import type { Policy } from './policy/policy.ts'
import type { PipelineFile } from './workflow/pipeline-file.ts'
import type { Repository } from './workflow/repository.ts'
import { PROFILES } from './finding.ts'
import { factKey } from './fact.ts'
import { hash128, normalise } from './fingerprint.ts'
import { locate, stepIdentity, type Location } from './locate.ts'
import { dismissalOf, silence } from './policy/silence.ts'
import { walk } from './walk.ts'

/** Everything outside the file that its examination depends on. */
export interface Scope {
  /** Those that the policy shows. */
  readonly rules: readonly Rule[]
  readonly registry: ReadonlyMap<string, RuleMeta>
  readonly repository: Repository
  readonly policy: Policy
  readonly facts: Facts
  readonly today: string
  readonly host: Host
  /** Collects what the rules ask for, by factKey. */
  readonly wanted: Map<string, FactRequest>
}

/** A finding whose fix is still a wish. */
export interface Candidate {
  readonly finding: Omit<Finding, 'fix'>
  readonly at: Range
  readonly fix: EditsFix | UsesWish | FileFix | null
  /** Rule, job and step: verification counts findings per bucket. */
  readonly bucket: string
}

/** A report that the profile shows: what verification compares, without what only a reader needs. */
export interface Mark {
  readonly raw: Raw
  readonly message: Exclude<Message, string>
  readonly profile: Profile
  readonly severity: Severity
  /** Rule, job and step: verification counts findings per bucket. */
  readonly bucket: string
  readonly place: Location
}

export interface Examination {
  readonly file: PipelineFile
  /** In the order of the reports. */
  readonly marks: readonly Mark[]
  /** By place, then rule. Made when they are first read. */
  readonly candidates: readonly Candidate[]
  readonly failures: readonly RuleFailure[]
}

/** A report with the rule that made it. */
export interface Raw {
  readonly rule: Rule
  readonly report: Report
  suppressed: SuppressionMark | null
}

export function examine(file: PipelineFile, scope: Scope): Examination {
  const raws: Raw[] = []
  const failures: RuleFailure[] = []
  const failed = new Set<number>()
  const visitors: (Visitor | undefined)[] = []
  const fail = (index: number, error: unknown): void => {
    failed.add(index)
    failures.push({ ruleId: scope.rules[index]?.meta.id ?? '', path: file.path, error: error instanceof Error ? error.message : String(error) })
  }
  const attempt = (index: number, run: () => void): void => {
    if (failed.has(index)) return
    try {
      run()
    } catch (error) {
      fail(index, error)
    }
  }
  const shared = sharedContext(file, scope)
  scope.rules.forEach((rule, index) => {
    attempt(index, () => { visitors[index] = rule.create(createContext(shared, rule, raws)) })
  })
  // The hottest call of all: no closure for each.
  walk(file, visitors, ({ rule, run }, at) => {
    if (failed.size > 0 && failed.has(rule)) return
    try {
      run(at as never)
    } catch (error) {
      fail(rule, error)
    }
  })
  const uses = silence(file, raws, scope)
  visitors.forEach((visitor, index) => {
    if (visitor?.suppressions !== undefined) attempt(index, () => { visitor.suppressions?.(uses) })
  })
  const marks = markAll(file, raws, scope)
  let candidates: readonly Candidate[] | null = null
  return { file, failures, marks, get candidates() { return (candidates ??= gradeAll(file, marks, scope)) } }
}

type SharedContext = Omit<RuleContext, 'report'>

/** What is the same for all rules of a file. */
function sharedContext(file: PipelineFile, { registry, repository, policy, host, today, facts, wanted }: Scope): SharedContext {
  return {
    file, registry, repository, policy, host, today,
    want: (request) => { wanted.set(factKey(request), request) },
    // The key carries the kind, so the answer under it has that kind's value.
    fact: (request) => facts.get(factKey(request)) as never,
  }
}

function createContext({ file, registry, repository, policy, host, today, want, fact }: SharedContext, rule: Rule, raws: Raw[]): RuleContext {
  return { file, registry, repository, policy, host, today, want, fact, report: (report) => { raws.push({ rule, report, suppressed: null }) } }
}

function markAll(file: PipelineFile, raws: readonly Raw[], { policy }: Scope): readonly Mark[] {
  const shown = PROFILES.indexOf(policy.profile)
  const marks: Mark[] = []
  for (const raw of raws) {
    const { rule: { meta }, report } = raw
    const message = messageOf(raw)
    const profile: Profile = report.profile ?? message.profile ?? meta.profile
    if (PROFILES.indexOf(profile) > shown) continue
    const place = locate(file, report.at.start)
    const severity: Severity = policy.rules[meta.id]?.severity ?? report.severity ?? message.severity ?? meta.severity
    marks.push({ raw, message, profile, severity, bucket: `${meta.id} ${place.bucket}`, place })
  }
  return marks
}

/** What a mark says. */
export const messageOfMark = ({ message, raw }: Mark): string => fill(message.text, raw.report.data)

function gradeAll(file: PipelineFile, marks: readonly Mark[], scope: Scope): readonly Candidate[] {
  const sorted = [...marks].sort(({ raw: a }, { raw: b }) =>
    a.report.at.start - b.report.at.start || compare(a.rule.meta.id, b.rule.meta.id) || a.report.at.end - b.report.at.end)
  const seen = new Map<string, number>()
  return sorted.map((mark) => {
    const { raw: { rule: { meta }, report, suppressed }, message, profile, severity, bucket, place } = mark
    const { start, end } = report.at
    const content = report.identity ?? normalise(file.text.slice(start, end))
    const base = [meta.id, file.path, place.job, stepIdentity(place.step), content].join('\n')
    const ordinal = seen.get(base) ?? 0
    seen.set(base, ordinal + 1)
    const fingerprint = hash128(`${base}\n${ordinal}`)
    const silenced = suppressed ?? dismissalOf(fingerprint, scope)
    return {
      finding: {
        ruleId: meta.id,
        message: messageOfMark(mark),
        severity,
        confidence: report.confidence ?? message.confidence ?? meta.confidence,
        profile,
        path: file.path,
        start: file.lines.positionAt(start),
        end: file.lines.positionAt(Math.max(start, end)),
        fingerprint,
        ...(report.equivalents === undefined ? {} : { equivalents: report.equivalents }),
        ...(silenced === null ? {} : { suppressed: silenced }),
      },
      at: report.at,
      fix: report.fix ?? null,
      bucket,
    }
  })
}

function messageOf({ rule, report }: Raw): Exclude<Message, string> {
  const message = rule.meta.messages[report.message] ?? report.message
  return typeof message === 'string' ? { text: message } : message
}

function fill(text: string, data: Report['data']): string {
  return text.includes('{') && data !== undefined ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(data[name] ?? whole)) : text
}

/** By code unit, so the order does not depend on a locale. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
