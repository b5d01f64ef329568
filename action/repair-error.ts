// Why there is no fix pull request, in words for who wrote the workflow. Never the code host's own words: they may quote anything.
import { CodeHostError, type CodeHostErrorCode } from '../pull-request/code-host-error.ts'
import { codeHostFailure, refusedStatus } from '../pull-request/code-host-failure.ts'
import { ActionError, type ActionErrorCode } from './action-error.ts'
import type { Inputs } from './inputs.ts'

const TOKEN_NEEDED = 'give the token of an App or of a person with write access to contents, pull requests and workflows as github-token (the token of a workflow run can never write workflows), or set fix-pr to never'

const WORDS: Readonly<Record<CodeHostErrorCode, readonly [ActionErrorCode, string]>> = {
  WORKFLOWS_PERMISSION_MISSING: ['INPUT_INVALID', `its token may not write workflows; ${TOKEN_NEEDED}`],
  GITHUB_FORBIDDEN: ['INPUT_INVALID', `its token lacks a permission; ${TOKEN_NEEDED}`],
  GITHUB_TOKEN_REJECTED: ['INPUT_INVALID', `its token is missing, expired, revoked or wrong; ${TOKEN_NEEDED}`],
  REPOSITORY_NOT_FOUND: ['INPUT_INVALID', `its token does not see the repository or its commit; ${TOKEN_NEEDED}`],
  GITHUB_UNAVAILABLE: ['CODE_HOST_UNAVAILABLE', 'the code host did not answer usefully'],
  GITHUB_RATE_LIMITED: ['CODE_HOST_UNAVAILABLE', "the code host's limit for this token is used up for now"],
  BRANCH_MOVED: ['CODE_HOST_UNAVAILABLE', 'the branch moved while it was being changed'],
  BRANCH_PROTECTED: ['PULL_REQUEST_REFUSED', 'the branch is protected against this change'],
  DEFAULT_BRANCH_MISSING: ['PULL_REQUEST_REFUSED', 'the repository has no default branch, or it is empty'],
  PULL_REQUEST_REFUSED: ['PULL_REQUEST_REFUSED', 'the code host refused the pull request'],
}

/** INPUT_INVALID, CODE_HOST_UNAVAILABLE or PULL_REQUEST_REFUSED; what is none of the code host's doing comes back unchanged. */
export function repairError(error: unknown, { fixPr }: Pick<Inputs, 'fixPr'>): unknown {
  const known = codeHostFailure(error)
  if (known instanceof CodeHostError) {
    const [code, words] = WORDS[known.code]
    return new ActionError(code, `${subjectOf(code, fixPr)}: ${words}${known.detail === undefined ? '' : ` (${known.detail})`}`, error)
  }
  const status = refusedStatus(error)
  return status === null ? error : new ActionError('PULL_REQUEST_REFUSED', `${subjectOf('PULL_REQUEST_REFUSED', fixPr)}: the code host answered ${status}`, error)
}

const subjectOf = (code: ActionErrorCode, fixPr: Inputs['fixPr']): string =>
  (code === 'INPUT_INVALID' ? `input github-token cannot serve fix-pr '${fixPr}'` : 'the fix pull request could not be brought up to date')
