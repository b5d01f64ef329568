// Many small questions of one purpose as one request. Each is known by the hash of its own content, so that what was answered before
// is not asked again, in whatever company it came, and what another analysis is asking, in whatever process, is waited for; what is left
// goes to a model together.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { AppError } from '../../errors.ts'
import type { AiRouter } from '../ai-router.ts'
import type { AnswersStore, StoredAnswer } from '../answers-store.ts'
import type { CallContext } from '../model-call.ts'
import type { QuestionClaimsStore } from '../question-claims-store.ts'
import { buildPrompt, redactContent } from './prompt.ts'
import type { Prompt } from './prompt.ts'
import type { Purpose } from './purpose.ts'

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
/** For what others ask. After that it is asked here too: a second bill is better than an analysis that never ends. */
const MOST_WAIT_MS = 120_000

export interface AskingParts {
  readonly router: AiRouter
  readonly answers: AnswersStore
  readonly claims: QuestionClaimsStore
}

interface Spent {
  readonly error: AppError | null
  readonly tokens: number
  readonly costMicroUsd: number
  readonly calls: number
}

export async function askItems<T>(parts: AskingParts, task: Task<T>, { contents, context }: { contents: readonly Content[]; context: CallContext }): Promise<ItemReplies<T>> {
  const items = contents.map((content) => itemOf(task, content))
  const progress: Progress = { items, known: new Map(), asked: new Set() }
  const deadline = performance.now() + MOST_WAIT_MS
  let spent = NOTHING_SPENT
  await learn(parts, context, progress)
  for (let open = context.knownOnly === true ? [] : openIn(progress); open.length > 0; open = openIn(progress)) {
    const mostMs = deadline - performance.now()
    spent = sumOf(spent, await (mostMs > 0 ? askClaimed(parts, task, { open, context, progress, mostMs }) : askModel(parts, task, { open, context, progress })))
  }
  const { known, asked } = progress
  return { answers: items.map((item) => answerOf(task, item, known)), ...spent, cached: items.filter(({ key }) => known.has(key) && !asked.has(key)).length }
}

interface Progress {
  readonly items: readonly Item[]
  readonly known: Map<string, StoredAnswer>
  /** Asked here, answered or not: not asked again. */
  readonly asked: Set<string>
}

const openIn = ({ items, known, asked }: Progress): readonly Item[] => openItems(items, known).filter(({ key }) => !asked.has(key))

async function learn({ answers }: AskingParts, { tenantId }: CallContext, progress: Progress): Promise<void> {
  for (const [key, stored] of await answers.for(tenantId).find(openIn(progress).map(({ key }) => key))) progress.known.set(key, stored)
}

/** Asks what nobody else is asking, and waits for the others. What they got no answer to, perhaps at their own quota, stays open. */
async function askClaimed<T>(parts: AskingParts, task: Task<T>, { open, context, progress, mostMs }: Asking & { readonly mostMs: number }): Promise<Spent> {
  const claims = parts.claims.for(context.tenantId)
  const claim = await claims.claim(open.map(({ key }) => key))
  let spent = NOTHING_SPENT
  try {
    // Somebody may have saved an answer and released the claim since it was looked for.
    await learn(parts, context, progress)
    const own = openIn(progress).filter(({ key }) => claim.own.has(key))
    if (own.length > 0) spent = await askModel(parts, task, { open: own, context, progress })
  } finally {
    await claim.release()
  }
  const others = openIn(progress)
  if (others.length === 0) return spent
  await claims.ended(others.map(({ key }) => key), { mostMs, signal: context.signal })
  await learn(parts, context, progress)
  return spent
}

const NOTHING_SPENT: Spent = { error: null, tokens: 0, costMicroUsd: 0, calls: 0 }

const sumOf = (a: Spent, b: Spent): Spent =>
  ({ error: a.error ?? b.error, tokens: a.tokens + b.tokens, costMicroUsd: a.costMicroUsd + b.costMicroUsd, calls: a.calls + b.calls })

interface Asking {
  readonly open: readonly Item[]
  readonly context: CallContext
  /** Gets the answers. */
  readonly progress: Progress
}

async function askModel<T>({ router, answers }: AskingParts, task: Task<T>, { open, context, progress: { known, asked } }: Asking): Promise<Spent> {
  for (const { key } of open) asked.add(key)
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
