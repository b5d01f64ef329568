// Prices and models: what is there, what is added, and when it ends.
import { z } from 'zod'
import type { AppRoutes } from '../../app-route.ts'
import { actorOf } from '../../auth/principal.ts'
import type { Clock } from '../../clock.ts'
import { endedModelSchema, newModelSchema, type ModelCatalogue } from '../model-catalogue.ts'
import { listModels, modelRowSchema } from './list-models.ts'
import { endedPriceSchema, newPriceSchema, storedPriceSchema } from './price-schema.ts'
import type { PricesService } from './prices-service.ts'

interface Parts {
  readonly prices: PricesService
  readonly models: ModelCatalogue
  readonly clock: Clock
}

const query = z.strictObject({ model: z.string().max(200).optional() })

export function createPricesRoutes({ prices, models, clock }: Parts): AppRoutes {
  return (scope) => {
    const tags = ['ai']
    scope.get('/prices', {
      schema: { tags, summary: 'The prices that hold for this organisation, ended ones included', querystring: query, response: { 200: z.strictObject({ items: z.array(storedPriceSchema) }) } },
    }, async ({ principal, query: { model } }) => {
      const all = await prices.list(principal.tenantId)
      return { items: all.filter((price) => model === undefined || price.model === model).map((price) => ({ ...price, tiers: [...price.tiers] })) }
    })
    scope.post('/prices', {
      schema: { tags, summary: 'Add the price of a model from a day on; it replaces an earlier one from then on', body: newPriceSchema, response: { 201: storedPriceSchema }, errors: ['PRICE_EXISTS'] },
    }, async (request, reply) => {
      await prices.add(request.principal.tenantId, request.body, { actor: actorOf(request.principal), correlationId: request.id })
      return reply.status(201).send(request.body)
    })
    scope.post('/prices/end', {
      schema: { tags, summary: 'Say on which day a price ends; a model without a price is refused where money is limited', body: endedPriceSchema, response: { 204: z.null() }, errors: ['PRICE_NOT_FOUND', 'PRICE_EXISTS'] },
    }, async (request, reply) => {
      await prices.end(request.principal.tenantId, request.body, { actor: actorOf(request.principal), correlationId: request.id })
      return reply.status(204).send(null)
    })
    scope.get('/models', {
      schema: { tags, summary: 'The models that can be asked, for what, and what they cost today', response: { 200: z.strictObject({ asOf: z.string(), source: z.string(), items: z.array(modelRowSchema) }) } },
    }, async ({ principal }) => {
      const [priceOf, own] = await Promise.all([prices.finder(principal.tenantId), models.of(principal.tenantId)])
      return { asOf: own.asOf, source: own.source, items: listModels(own, (model) => priceOf(model, clock().getTime())) }
    })
    scope.post('/models', {
      schema: { tags, summary: 'Add a model for this organisation; it is asked once it has a price', body: newModelSchema, response: { 201: newModelSchema }, errors: ['MODEL_EXISTS', 'MODEL_ALIAS_UNKNOWN'] },
    }, async (request, reply) => {
      await models.add(request.principal.tenantId, request.body, { actor: actorOf(request.principal), correlationId: request.id })
      return reply.status(201).send(request.body)
    })
    scope.post('/models/end', {
      schema: { tags, summary: 'Say on which day a model is asked for the last time', body: endedModelSchema, response: { 204: z.null() }, errors: ['MODEL_UNKNOWN'] },
    }, async (request, reply) => {
      await models.end(request.principal.tenantId, request.body, { actor: actorOf(request.principal), correlationId: request.id })
      return reply.status(204).send(null)
    })
  }
}
