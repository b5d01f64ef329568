// For findings without a mechanical fix: the stretch of their file that a fix may touch, and nothing outside of it. The step; or a
// job's head down to its steps; or a workflow's head down to its jobs.
import type { AnalyseInput } from '../analyse.ts'
import type { Candidate } from '../examine.ts'
import type { Finding } from '../finding.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import { examine } from '../examine.ts'
import { stepAt } from '../locate.ts'
import { prepare } from '../prepare.ts'
import { findPair, asMapping } from '../workflow/nodes.ts'

export interface OpenSpan {
  readonly finding: Omit<Finding, 'fix'>
  /** UTF-16 offsets into the file, whole lines. */
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Of readable workflows, for the findings that these fingerprints name. */
export function openSpans(input: AnalyseInput, fingerprints: ReadonlySet<string>): readonly OpenSpan[] {
  const { files, scope } = prepare(input)
  return files.flatMap((read) => {
    const { file, outcome } = read()
    if (file?.kind !== 'workflow' || outcome.status === 'unreadable') return []
    return examine(file, scope).candidates.filter(({ finding }) => fingerprints.has(finding.fingerprint)).map((candidate) => spanOf(file, candidate))
  })
}

function spanOf(file: PipelineFile, { finding, at }: Candidate): OpenSpan {
  const [from, to] = aroundOf(file, at.start)
  const start = file.lines.lineStart(file.lines.lineOf(from))
  const end = file.lines.lineEnd(file.lines.lineOf(Math.max(from, to)))
  return { finding, start, end, text: file.text.slice(start, end) }
}

function aroundOf(file: PipelineFile, offset: number): readonly [number, number] {
  const step = stepAt(file, offset)
  if (step !== undefined) return [step.node.start, lastOf(file, step.node.end)]
  const job = file.workflow?.jobs.find(({ key, pair }) => offset >= key.start && offset < Math.max(key.end, pair.value.end))
  if (job !== undefined) return [job.key.start, job.stepsPair?.key.start ?? lastOf(file, job.pair.value.end)]
  const jobs = findPair(asMapping(file.tree.root), 'jobs')
  return [0, jobs?.key.start ?? lastOf(file, file.text.length)]
}

/** The end of a block collection may lie behind blank lines. */
function lastOf({ text }: PipelineFile, end: number): number {
  let last = end
  while (last > 0 && /\s/.test(text.charAt(last - 1))) last--
  return last
}
