// POST /v1/analyses and GET /v1/analyses/:id.
import { z } from 'zod'
import { analysisSchema, MAX_BODY_BYTES, submissionSchema } from '../../contract/analyses.ts'
import type { AppRoutes } from '../app-route.ts'
import { queryNumber } from '../http/request-fields.ts'
import type { AnalysesService } from './analyses-service.ts'

const LONGEST_WAIT_S = 60

/** `stopping` ends the waiting of everybody when the service stops. */
export function createAnalysesRoutes({ service, stopping }: { readonly service: AnalysesService; readonly stopping: AbortSignal }): AppRoutes {
  return (scope) => {
    scope.post('/analyses', {
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        tags: ['analyses'], summary: 'Submit a repository at a commit; the same submission is the same analysis',
        body: submissionSchema, response: { 200: analysisSchema, 202: analysisSchema },
        errors: [
          'REPOSITORY_MISMATCH', 'REPOSITORY_NOT_FOUND', 'COMMIT_NOT_FOUND', 'BACKLOG_FULL', 'GITHUB_TOKEN_MISSING', 'GITHUB_TOKEN_REJECTED', 'GITHUB_FORBIDDEN',
          'GITHUB_RATE_LIMITED', 'GITHUB_UNAVAILABLE', 'GITHUB_APP_REJECTED', 'ENCRYPTION_KEY_UNKNOWN', 'SECRET_DAMAGED',
        ],
      },
    }, async (request, reply) => {
      const { analysis, isNew } = await service.submit(request.body, { principal: request.principal, correlationId: request.id, logger: request.log })
      return reply.status(isNew ? 202 : 200).header('location', `/v1/analyses/${analysis.id}`).send(analysis)
    })

    scope.get('/analyses/:id', {
      schema: {
        tags: ['analyses'], summary: 'Read an analysis; `wait` seconds for its end',
        params: z.strictObject({ id: z.string().max(64) }),
        querystring: z.strictObject({ wait: queryNumber(0, LONGEST_WAIT_S).default(0) }),
        response: { 200: analysisSchema }, errors: ['ANALYSIS_NOT_FOUND'],
      },
    }, async (request, reply) => {
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const signal = AbortSignal.any([gone.signal, stopping])
      return service.get(request.principal, request.params.id, { seconds: request.query.wait, signal })
    })
  }
}
