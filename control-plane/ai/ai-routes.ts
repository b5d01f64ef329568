// GET and PUT /v1/ai/settings: for which purposes this organisation lets models be asked.
import { z } from 'zod'
import type { AppRoutes } from '../app-route.ts'
import { actorOf } from '../auth/principal.ts'
import type { AiSettings } from './ai-settings.ts'

const switchesSchema = z.strictObject({ explain: z.boolean(), fix: z.boolean(), summarise: z.boolean() })

export function createAiRoutes({ settings }: { readonly settings: AiSettings }): AppRoutes {
  return (scope) => {
    scope.get('/ai/settings', {
      schema: { tags: ['ai'], summary: 'For which purposes models are asked', response: { 200: switchesSchema } },
    }, async (request) => {
      return settings.get(request.principal.tenantId)
    })

    scope.put('/ai/settings', {
      schema: { tags: ['ai'], summary: 'Turn purposes on or off; those that are left out stay', body: switchesSchema.partial(), response: { 200: switchesSchema } },
    }, async (request) => {
      const { explain, fix, summarise } = request.body
      const changes = { ...(explain === undefined ? {} : { explain }), ...(fix === undefined ? {} : { fix }), ...(summarise === undefined ? {} : { summarise }) }
      return settings.set(request.principal.tenantId, changes, { actor: actorOf(request.principal), correlationId: request.id })
    })
  }
}
