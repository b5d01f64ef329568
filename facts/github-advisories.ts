// Published advisories of packages, from GitHub's global database. Questions that wait at the same time share one request.
import type { Advisory, FactRequest } from '../analysis/fact.ts'
import type { HostAnswer } from './code-host.ts'
import type { Asking } from './asking.ts'
import type { Reply } from './github-requests.ts'
import { fieldOf, textOf } from './field-of.ts'
import { failureOf, known, unknown } from './host-answers.ts'

type AdvisoriesQuestion = Extract<FactRequest, { kind: 'advisories' }>

const PER_PAGE = 100
const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const

interface Batch {
  readonly packages: Set<string>
  readonly reply: Promise<Reply>
}

export type AskAdvisories = (question: AdvisoriesQuestion, asking: Asking) => Promise<HostAnswer>

/** One for each run. */
export function createAskAdvisories(): AskAdvisories {
  const waiting = new Map<string, Batch>()
  const replyFor = ({ ecosystem, package: name }: AdvisoriesQuestion, asking: Asking): Promise<Reply> => {
    const open = waiting.get(ecosystem)
    if (open !== undefined) {
      open.packages.add(name)
      return open.reply
    }
    const packages = new Set([name])
    const reply = new Promise<void>((resolve) => void setImmediate(resolve)).then(() => {
      waiting.delete(ecosystem)
      return asking.get(`/advisories?ecosystem=${ecosystem}&affects=${[...packages].map(encodeURIComponent).join(',')}&per_page=${PER_PAGE}`)
    })
    waiting.set(ecosystem, { packages, reply })
    return reply
  }
  return async (question, asking) => {
    const reply = await replyFor(question, asking)
    if (reply.kind === 'failed') return failureOf(reply)
    const entries: readonly unknown[] | null = reply.kind === 'answered' && Array.isArray(reply.body) ? reply.body : null
    if (entries === null) return unknown('GitHub answered with something that is not a list of advisories', { visibility: 'unknown' })
    if (entries.length === PER_PAGE) return unknown('GitHub has more advisories than one answer holds', { visibility: 'unknown' })
    // The database is everybody's.
    return known({ advisories: entries.flatMap((entry) => advisoriesIn(entry, question)) }, { etag: null, visibility: 'public' })
  }
}

/** One for each range of the package; withdrawn ones are left out. */
function advisoriesIn(entry: unknown, { ecosystem, package: name }: AdvisoriesQuestion): readonly Advisory[] {
  const [id, severity, ranges] = [textOf(entry, 'ghsa_id'), SEVERITIES.find((each) => each === fieldOf(entry, 'severity')), fieldOf(entry, 'vulnerabilities')]
  if (id === null || severity === undefined || !Array.isArray(ranges) || textOf(entry, 'withdrawn_at') !== null) return []
  return ranges.flatMap((vulnerability: unknown): Advisory[] => {
    const affected = fieldOf(vulnerability, 'package')
    const range = textOf(vulnerability, 'vulnerable_version_range')
    if (range === null || textOf(affected, 'ecosystem') !== ecosystem || textOf(affected, 'name')?.toLowerCase() !== name.toLowerCase()) return []
    const fixed = fieldOf(vulnerability, 'first_patched_version')
    // The REST API gives a text, older enterprise servers an object.
    const fixedIn = typeof fixed === 'string' ? fixed : textOf(fixed, 'identifier')
    return [{ id, summary: textOf(entry, 'summary') ?? '', severity, range, fixedIn: fixedIn || null }]
  })
}
