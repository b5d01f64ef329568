// An attempt whose token GitHub rejects ends, and the token with it: the next one asks for a new one.
import type { CredentialsService } from '../credentials/credentials-service.ts'
import { hasCode } from '../errors.ts'
import { fromCodeHostError } from '../from-code-host-error.ts'
import type { ProcessAnalysis } from './process-analysis.ts'

export function forgetRejectedToken(process: ProcessAnalysis, credentials: Pick<CredentialsService, 'forgetGitHubToken'>): ProcessAnalysis {
  return async (analysis, run) => {
    try {
      return await process(analysis, run)
    } catch (error) {
      if (hasCode(fromCodeHostError(error), 'GITHUB_TOKEN_REJECTED')) credentials.forgetGitHubToken(analysis.tenantId)
      throw error
    }
  }
}
