// Which models exist and which of them serve a purpose, in the order in which they are asked: dated data, never literals in code.
// An operator's own file takes the place of ours as a whole.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import bundled from './models.json' with { type: 'json' }
import type { ProviderName } from './providers/provider.ts'
import { PURPOSES, type Purpose } from './purposes/purpose.ts'

const tokens = z.int().min(1)
/** A model's name as its provider has it. */
export const modelIdSchema = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 printable characters without a space')
export const modelSchema = z.strictObject({
  id: modelIdSchema,
  provider: z.enum(['gemini', 'anthropic', 'openai']),
  windowTokens: tokens,
  outputLimitTokens: tokens,
  /** Input and output share the window. */
  isWindowShared: z.boolean(),
  parameters: z.record(z.string(), z.unknown()),
})
const routeSchema = z.array(z.strictObject({ upToTokens: tokens.nullable(), alias: z.string() })).min(1)
const modelsSchema = z.strictObject({
  source: z.string(),
  asOf: z.iso.date(),
  models: z.array(modelSchema),
  aliases: z.record(z.string(), z.array(z.string()).min(1)),
  routes: z.strictObject(Object.fromEntries(PURPOSES.map((purpose) => [purpose, routeSchema])) as Record<Purpose, typeof routeSchema>),
})

export type Model = z.infer<typeof modelSchema>
export type Models = z.infer<typeof modelsSchema>

export interface ModelDemand {
  readonly purpose: Purpose
  readonly inputTokens: number
  readonly outputTokens: number
}

/** Throws CONFIG_INVALID that names the file and what is wrong in it. */
export function readModels(file: string | null): Models {
  if (file === null) return parseModels(bundled, 'the bundled models')
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', { detail: `AI_MODELS_FILE ${file} cannot be read as JSON`, cause })
  }
  return parseModels(content, `AI_MODELS_FILE ${file}`)
}

function parseModels(content: unknown, name: string): Models {
  const parsed = modelsSchema.safeParse(content)
  if (!parsed.success) throw new AppError('CONFIG_INVALID', { detail: `${name}: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}` })
  const { models, aliases, routes } = parsed.data
  const missing = Object.values(aliases).flat().find((id) => !models.some((model) => model.id === id))
  if (missing !== undefined) throw new AppError('CONFIG_INVALID', { detail: `${name}: an alias names ${missing}, which is not among the models` })
  const unknown = Object.values(routes).flat().find(({ alias }) => aliases[alias] === undefined)
  if (unknown !== undefined) throw new AppError('CONFIG_INVALID', { detail: `${name}: a route names the alias ${unknown.alias}, which does not exist` })
  return parsed.data
}

/** In the order in which they are asked. Throws MODEL_NOT_CONFIGURED, MODEL_CONTEXT_EXCEEDED. */
export function modelsFor({ models, aliases, routes }: Models, providers: ReadonlySet<ProviderName>, demand: ModelDemand): readonly Model[] {
  const step = routes[demand.purpose].find(({ upToTokens }) => upToTokens === null || demand.inputTokens <= upToTokens)
  const named = (aliases[step?.alias ?? ''] ?? []).flatMap((id) => models.find((model) => model.id === id) ?? [])
  const offered = named.filter(({ provider }) => providers.has(provider))
  if (offered.length === 0) throw new AppError('MODEL_NOT_CONFIGURED', { detail: demand.purpose })
  const fitting = offered.filter((model) => needed(model, demand) <= model.windowTokens)
  if (fitting.length === 0) {
    const largest = Math.max(0, ...offered.map(({ windowTokens }) => windowTokens))
    throw new AppError('MODEL_CONTEXT_EXCEEDED', { detail: `${demand.inputTokens} tokens by estimate, and the largest window of the route has ${largest}` })
  }
  return fitting
}

const needed = ({ isWindowShared }: Model, { inputTokens, outputTokens }: ModelDemand): number => inputTokens + (isWindowShared ? outputTokens : 0)
