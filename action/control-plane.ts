// The Action's side of the control plane: who this run is, what is posted, and how the answer becomes a result.
import type { Finding } from '../analysis/finding.ts'
import type { AnalysisWire, Submission } from '../contract/analyses.ts'
import type { FindingWire } from '../contract/findings.ts'
import { ActionError } from './action-error.ts'
import type { Collected } from './collect.ts'
import type { Inputs } from './inputs.ts'
import type { RunContext } from './run-context.ts'
import { fitSubmission } from './submit.ts'

export interface IdentityProvider {
  getIDToken(audience?: string): Promise<string>
  setSecret(value: string): void
}

/** A bearer token: the API key where one is given, else an identity token whose audience is the control plane. Throws NO_IDENTITY. */
export async function identify(inputs: Inputs, url: URL, provider: IdentityProvider): Promise<string> {
  if (inputs.apiKey !== '') return inputs.apiKey
  try {
    const token = await provider.getIDToken(url.href.replace(/\/$/, ''))
    provider.setSecret(token)
    return token
  } catch (error) {
    throw new ActionError('NO_IDENTITY', 'this run can get no identity token; give the job "permissions: id-token: write", or set the input api-key (runs of pull requests from forks get neither)', error)
  }
}

/** Throws INPUT_INVALID outside a workflow run. */
export function describeSubmission(inputs: Inputs, context: RunContext, collected: Collected): Submission {
  const { repository, ref, commit } = context
  if (repository === null || ref === '' || commit === '') throw new ActionError('INPUT_INVALID', 'GITHUB_REPOSITORY, GITHUB_REF and GITHUB_SHA are not set; a control plane can only be used in a workflow run')
  // A pull request's checkout is the merge commit: its texts are not those of the head commit that is reported on.
  const isSameCommit = collected.head === commit
  return fitSubmission({
    schemaVersion: 1,
    repository,
    ref,
    commit,
    paths: [...collected.paths],
    truncated: collected.truncated,
    files: isSameCommit ? collected.files.flatMap((file) => ('text' in file ? [{ path: file.path, text: file.text }] : [])) : [],
    options: { profile: collected.policy.profile, fixPr: inputs.fixPr },
  })
}

/** Throws ANALYSIS_FAILED; answers null when the analysis goes on (the wait is over) or a newer commit took its place. */
export function outcomeOf(analysis: AnalysisWire): NonNullable<AnalysisWire['outcome']> | null {
  if (analysis.state === 'failed') {
    throw new ActionError('ANALYSIS_FAILED', `the control plane could not finish analysis ${analysis.id}: ${analysis.error ? `${analysis.error.code}: ${analysis.error.message}` : 'no reason was given'}`)
  }
  return analysis.state === 'done' ? analysis.outcome : null
}

export function toFinding({ suppressed, fix, ...finding }: FindingWire): Finding {
  return { ...finding, ...(suppressed === undefined ? {} : { suppressed }), fix: fix === null ? null : toFix(fix) }
}

const toFix = ({ file, ...fix }: NonNullable<FindingWire['fix']>): Finding['fix'] => (file === undefined ? fix : { ...fix, file })
