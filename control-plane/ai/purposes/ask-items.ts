// Many small questions of one purpose as one request. Each is known by the hash of its own content, so that what was answered before
// is not asked again, in whatever company it came, and what another analysis is asking is waited for; what is left goes to a model
// together.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { AppError } from '../../errors.ts'
import type { AiRouter } from '../ai-router.ts'
import type { AnswersStore, StoredAnswer } from '../answers-store.ts'
import type { CallContext } from '../model-call.ts'
import { buildPrompt, redactContent } from './prompt.ts'
import type { Prompt } from './prompt.ts'
import type { Purpose } from './purpose.ts'
import type { QuestionsUnderWay } from './questions-under-way.ts'

export interface Task<T> {
  readonly purpose: Purpose
  /** Raised when the words or the schema change: older answers are not used then. */
  readonly version: number
  readonly words: string
  readonly answer: z.ZodObject & z.ZodType<T>
}

export type Content = Readonly<Record<string, string>>

export interface ItemAnswer<T> {
  readonly value: T
  readonly model: string
}

export interface ItemReplies<T> {
  /** In the order of the contents; null without an answer. */
  readonly answers: readonly (ItemAnswer<T> | null)[]
  readonly error: AppError | null
  readonly tokens: number
  readonly costMicroUsd: number
  readonly calls: number
  /** How many contents needed no call. */
  readonly cached: number
}

interface Item {
  readonly key: string
  readonly content: Content
}

const MAX_OUTPUT_TOKENS = 8_192
const MOST_ANSWERS = 200

export interface AskingParts {
  readonly router: AiRouter
  readonly answers: AnswersStore
  readonly underWay: QuestionsUnderWay
}

interface Spent {
  readonly error: AppError | null
  readonly tokens: number
  readonly costMicroUsd: number
  readonly calls: number
}

export async function askItems<T>(parts: AskingParts, task: Task<T>, { contents, context }: { contents: readonly Content[]; context: CallContext }): Promise<ItemReplies<T>> {
  const items = contents.map((content) => itemOf(task, content))
  const keys = [...new Set(items.map(({ key }) => key))]
  const own = parts.answers.for(context.tenantId)
  const known = new Map<string, StoredAnswer>()
  const learn = async () => { for (const [key, stored] of await own.find(keys.filter((each) => !known.has(each)))) known.set(key, stored) }
  const asked = new Set<string>()
  const ask = async (open: readonly Item[]): Promise<Spent> => {
    for (const { key } of open) asked.add(key)
    return open.length === 0 ? NOTHING_SPENT : askModel(parts, task, { open, context, known })
  }
  // Claimed before the answers are read: one that is saved in between is found.
  const claim = parts.underWay(context.tenantId, keys)
  let spent = NOTHING_SPENT
  try {
    await learn()
    spent = await ask(openItems(items, known).filter(({ key }) => claim.own.has(key)))
  } finally {
    claim.release()
  }
  const missing = openItems(items, known).filter(({ key }) => !claim.own.has(key))
  if (missing.length > 0) {
    await claim.others(context.signal)
    await learn()
    // Somebody else's call failed, perhaps at its own quota: asked once more, and not waited for again.
    spent = sumOf(spent, await ask(missing.filter(({ key }) => !known.has(key))))
  }
  return { answers: items.map((item) => answerOf(task, item, known)), ...spent, cached: items.filter(({ key }) => known.has(key) && !asked.has(key)).length }
}

const NOTHING_SPENT: Spent = { error: null, tokens: 0, costMicroUsd: 0, calls: 0 }

const sumOf = (a: Spent, b: Spent): Spent =>
  ({ error: a.error ?? b.error, tokens: a.tokens + b.tokens, costMicroUsd: a.costMicroUsd + b.costMicroUsd, calls: a.calls + b.calls })

interface Asking {
  readonly open: readonly Item[]
  readonly context: CallContext
  /** Gets the answers. */
  readonly known: Map<string, StoredAnswer>
}

async function askModel<T>({ router, answers }: AskingParts, task: Task<T>, { open, context, known }: Asking): Promise<Spent> {
  const reply = await router.ask({ context, ...promptFor(task, open), answer: batchSchema(task), maxOutputTokens: MAX_OUTPUT_TOKENS })
  const given = new Map(reply.value?.answers.map(({ id, ...answer }) => [id, answer]))
  for (const [index, { key }] of reply.value === null ? [] : open.entries()) {
    const stored = { answer: given.get(idOf(index)) ?? null, model: reply.model ?? '' }
    known.set(key, stored)
    await answers.for(context.tenantId).save(key, stored)
  }
  const { error, tokens, costMicroUsd, calls } = reply
  return { error, tokens, costMicroUsd, calls }
}

/** What would be sent if nothing were known. */
export function promptOf<T>(task: Task<T>, contents: readonly Content[]): Prompt {
  return promptFor(task, openItems(contents.map((content) => itemOf(task, content)), new Map()))
}

const idOf = (index: number): string => `i${index + 1}`

function itemOf<T>({ purpose, version }: Task<T>, given: Content): Item {
  const content = redactContent(given)
  return { content, key: createHash('sha256').update(JSON.stringify([purpose, version, content])).digest('hex') }
}

/** Each content once. */
function openItems(items: readonly Item[], known: ReadonlyMap<string, unknown>): readonly Item[] {
  return [...new Map(items.filter(({ key }) => !known.has(key)).map((item) => [item.key, item])).values()]
}

const promptFor = <T>({ words }: Task<T>, items: readonly Item[]): Prompt => buildPrompt(words, items.map(({ content }, index) => ({ id: idOf(index), ...content })))

const batchSchema = ({ answer }: { readonly answer: z.ZodObject }) => z.object({ answers: z.array(answer.extend({ id: z.string() })).max(MOST_ANSWERS) })

/** Checked again, because an answer may have been stored by another version of this service. */
function answerOf<T>({ answer }: Task<T>, { key }: Item, known: ReadonlyMap<string, { answer: unknown; model: string }>): ItemAnswer<T> | null {
  const stored = known.get(key)
  const parsed = answer.safeParse(stored?.answer)
  return stored !== undefined && parsed.success ? { value: parsed.data, model: stored.model } : null
}
