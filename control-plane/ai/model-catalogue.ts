// The models that are asked for a tenant: the configured ones, those an operator added for everybody and its own, without those that
// have ended. A model that is added serves what its alias serves, before or behind the others. Changes go to the audit log.
import { z } from 'zod'
import type { AuditStore } from '../audit/audit-store.ts'
import type { Clock } from '../clock.ts'
import { isDuplicateKey } from '../database/database-errors.ts'
import type { TenantCollections, TenantDocument } from '../database/tenant-collections.ts'
import { AppError } from '../errors.ts'
import { modelIdSchema, modelSchema, type Model, type Models } from './models.ts'
import { EVERYBODY } from './prices/prices-service.ts'

export const newModelSchema = modelSchema.extend({
  isWindowShared: z.boolean().default(true).describe('Input and output share the window'),
  parameters: z.record(z.string().max(100), z.unknown()).default({}).describe('Given to the provider as they are'),
  alias: z.string().min(1).max(100).describe('Whose turn it takes: fast and strong, unless the configuration has others'),
  isFirst: z.boolean().default(false).describe('Asked before the others of the alias; else behind them'),
})
export type NewModel = z.infer<typeof newModelSchema>

export const endedModelSchema = z.strictObject({ id: modelIdSchema, lastDay: z.iso.date().describe('The last UTC day on which it is asked') })
export type EndedModel = z.infer<typeof endedModelSchema>

interface By {
  readonly actor: string
  readonly correlationId: string | null
}

export interface ModelCatalogue {
  /** Those of today. */
  of(tenantId: string): Promise<Models>
  /** EVERYBODY stands for all tenants. Throws MODEL_EXISTS, MODEL_ALIAS_UNKNOWN. */
  add(tenantId: string, model: NewModel, by: By): Promise<void>
  /** Also a configured one. Throws MODEL_UNKNOWN. */
  end(tenantId: string, ended: EndedModel, by: By): Promise<void>
}

interface ModelDocument extends TenantDocument {
  readonly modelId: string
  /** Null for a configured model of which only the end is known. */
  readonly added: NewModel | null
  readonly addedAt: Date
  readonly lastDay: string | null
}

interface Parts {
  readonly configured: Models
  readonly collections: TenantCollections
  readonly audit: AuditStore
  readonly clock: Clock
}

const COLLECTION = 'models'
const MOST = 1_000

export function createModelCatalogue({ configured, collections, audit, clock }: Parts): ModelCatalogue {
  const stored = (tenantId: string) => collections.for(tenantId).collection<ModelDocument>(COLLECTION)
  const idOf = (tenantId: string, modelId: string) => `${tenantId}|${modelId}`
  const read = async (tenantId: string): Promise<readonly ModelDocument[]> => {
    const [general = [], own = []] = await Promise.all([EVERYBODY, tenantId].map((owner) => stored(owner).find({}, { limit: MOST })))
    // A tenant's own word about a model comes before what holds for everybody.
    return [...new Map([...general, ...own].map((each) => [each.modelId, each])).values()].sort((a, b) => a.addedAt.getTime() - b.addedAt.getTime())
  }
  const of = async (tenantId: string): Promise<Models> => withStored(configured, await read(tenantId), clock().toISOString().slice(0, 10))
  return {
    of,
    add: async (tenantId, model, { actor, correlationId }) => {
      if (configured.aliases[model.alias] === undefined) throw new AppError('MODEL_ALIAS_UNKNOWN', { detail: `${model.alias}; there are ${Object.keys(configured.aliases).join(', ')}` })
      if (configured.models.some(({ id }) => id === model.id)) throw new AppError('MODEL_EXISTS', { detail: `${model.id} is among the configured models` })
      try {
        await stored(tenantId).insertOne({ _id: idOf(tenantId, model.id), modelId: model.id, added: model, addedAt: clock(), lastDay: null })
      } catch (error) {
        throw isDuplicateKey(error) ? new AppError('MODEL_EXISTS', { detail: model.id, cause: error }) : error
      }
      await audit.for(tenantId).append({ actor, action: 'model.added', subject: model.id, details: { before: null, after: JSON.stringify(model) }, correlationId })
    },
    end: async (tenantId, { id, lastDay }, { actor, correlationId }) => {
      const known = (await read(tenantId)).find(({ modelId }) => modelId === id)
      if (known === undefined && !configured.models.some((model) => model.id === id)) throw new AppError('MODEL_UNKNOWN', { detail: id })
      const first = { modelId: id, added: known?.added ?? null, addedAt: clock() }
      await stored(tenantId).updateOne({ _id: idOf(tenantId, id) }, { $set: { lastDay }, $setOnInsert: first }, { upsert: true })
      await audit.for(tenantId).append({ actor, action: 'model.ended', subject: id, details: { before: known?.lastDay ?? null, after: lastDay }, correlationId })
    },
  }
}

function withStored(configured: Models, stored: readonly ModelDocument[], today: string): Models {
  const ended = new Set(stored.filter(({ lastDay }) => lastDay !== null && lastDay < today).map(({ modelId }) => modelId))
  const added = stored.flatMap(({ modelId, added: model }) => (model === null || ended.has(modelId) ? [] : [model]))
  const placed = (alias: string, isFirst: boolean) => added.filter((model) => model.alias === alias && model.isFirst === isFirst).map(({ id }) => id)
  return {
    ...configured,
    models: [...configured.models.filter(({ id }) => !ended.has(id)), ...added.map(toModel)],
    aliases: Object.fromEntries(Object.entries(configured.aliases).map(([alias, ids]) =>
      [alias, [...placed(alias, true).reverse(), ...ids.filter((id) => !ended.has(id)), ...placed(alias, false)]])),
  }
}

const toModel = ({ alias: _alias, isFirst: _isFirst, ...model }: NewModel): Model => model
