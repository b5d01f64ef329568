// GET /v1/repositories and GET /v1/repositories/:id, for whoever may see the whole organisation.
import { z } from 'zod'
import type { AppRoutes } from '../app-route.ts'
import { storedFindingSchema } from '../findings/finding-document.ts'
import { pageQuerySchema } from '../http/page-query.ts'
import type { RepositoriesService } from './repositories-service.ts'
import { historySchema, repositorySchema } from './repository-document.ts'

export function createRepositoriesRoutes({ service }: { readonly service: RepositoriesService }): AppRoutes {
  return (scope) => {
    scope.get('/repositories', {
      schema: {
        tags: ['repositories'], summary: 'Repositories with score and drift age', querystring: pageQuerySchema,
        response: { 200: z.strictObject({ items: z.array(repositorySchema), next: z.string().nullable() }) },
      },
    }, ({ principal, query }) => {
      return service.list(principal.tenantId, query)
    })

    scope.get('/repositories/:id', {
      schema: {
        tags: ['repositories'], summary: 'One repository with its history and the findings that are not fixed',
        params: z.strictObject({ id: z.string().max(64) }),
        response: { 200: repositorySchema.extend({ history: historySchema, findings: z.array(storedFindingSchema) }) }, errors: ['REPOSITORY_NOT_FOUND'],
      },
    }, ({ principal, params }) => {
      return service.get(principal.tenantId, params.id)
    })
  }
}
