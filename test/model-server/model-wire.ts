// The three wires that the scripted model server speaks: how each asks, answers, streams and refuses.

export type WireName = 'gemini' | 'anthropic' | 'openai'

export interface Answer {
  readonly text: string
  /** The model that says it answered. */
  readonly model: string
  readonly finish: 'stop' | 'cut' | 'blocked'
  readonly inputTokens: number
  readonly outputTokens: number
}

export interface Refusal {
  readonly status: number
  readonly message: string
  /** Machine-readable: Gemini's reason, the others' type or code. */
  readonly reason: string
  readonly retryAfterSeconds: number | null
  readonly quota: 'minute' | 'day' | null
}

export interface Asked {
  readonly model: string
  readonly system: string
  readonly user: string
  readonly streams: boolean
}

interface Wire {
  readonly path: RegExp
  read(path: string, body: Record<string, never>): Asked
  answer(answer: Answer): unknown
  /** The same in server-sent events. */
  stream(answer: Answer): readonly unknown[]
  refuse(refusal: Refusal): unknown
}

interface Part { readonly text: string }
interface GeminiBody { readonly systemInstruction?: { readonly parts: readonly Part[] }; readonly contents: readonly { readonly parts: readonly Part[] }[] }
interface ChatBody { readonly model: string; readonly stream?: boolean; readonly system?: string; readonly messages: readonly { readonly role: string; readonly content: string }[] }

const textOf = (parts: readonly Part[] = []): string => parts.map(({ text }) => text).join('')
const halves = (text: string): readonly [string, string] => [text.slice(0, text.length >> 1), text.slice(text.length >> 1)]

const geminiAnswer = ({ text, model, finish, inputTokens, outputTokens }: Answer): unknown => ({
  ...(finish === 'blocked' && text === '' ? { promptFeedback: { blockReason: 'SAFETY' } } : {
    candidates: [{ index: 0, finishReason: { stop: 'STOP', cut: 'MAX_TOKENS', blocked: 'SAFETY' }[finish], content: { role: 'model', parts: [{ text: 'a thought', thought: true }, { text }] } }],
  }),
  usageMetadata: { promptTokenCount: inputTokens, candidatesTokenCount: outputTokens - Math.min(outputTokens, 1), thoughtsTokenCount: Math.min(outputTokens, 1), totalTokenCount: inputTokens + outputTokens },
  modelVersion: model,
})

const openAiAnswer = ({ text, model, finish, inputTokens, outputTokens }: Answer): unknown => ({
  id: 'chatcmpl-1', object: 'chat.completion', created: 0, model,
  choices: [{ index: 0, finish_reason: { stop: 'stop', cut: 'length', blocked: 'content_filter' }[finish], message: { role: 'assistant', content: text, refusal: null } }],
  usage: { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens },
})

function anthropicAnswer({ text, model, finish, inputTokens, outputTokens }: Answer): unknown {
  let input: unknown = text
  try {
    input = JSON.parse(text)
  } catch {
    // A text instead of the tool's input, as a model gives that does not keep to the tool.
  }
  const content = typeof input === 'object' ? [{ type: 'tool_use', id: 'toolu_1', name: 'answer', input }] : [{ type: 'text', text }]
  return {
    id: 'msg_1', type: 'message', role: 'assistant', model, content, stop_reason: { stop: 'tool_use', cut: 'max_tokens', blocked: 'refusal' }[finish],
    usage: { input_tokens: inputTokens, output_tokens: outputTokens, cache_creation_input_tokens: 0, cache_read_input_tokens: null },
  }
}

export const WIRES: Readonly<Record<WireName, Wire>> = {
  gemini: {
    path: /^\/v1beta\/models\/([^/:]+):(generateContent|streamGenerateContent)/,
    read: (path, body) => {
      const [, model = '', method] = /^\/v1beta\/models\/([^/:]+):(\w+)/.exec(path) ?? []
      const { systemInstruction, contents } = body as unknown as GeminiBody
      return { model, system: textOf(systemInstruction?.parts), user: textOf(contents.flatMap(({ parts }) => parts)), streams: method === 'streamGenerateContent' }
    },
    answer: geminiAnswer,
    stream: (answer) => halves(answer.text).map((text) => geminiAnswer({ ...answer, text })),
    refuse: ({ status, message, reason, retryAfterSeconds, quota }) => ({
      error: {
        code: status, message, status: reason,
        details: [
          ...(reason === 'API_KEY_INVALID' ? [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' }] : []),
          ...(quota === null ? [] : [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId: quota === 'day' ? 'GenerateRequestsPerDayPerProjectPerModel' : 'GenerateRequestsPerMinutePerProjectPerModel' }] }]),
          ...(retryAfterSeconds === null ? [] : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterSeconds}s` }]),
        ],
      },
    }),
  },
  anthropic: {
    path: /^\/v1\/messages$/,
    read: (_path, body) => {
      const { model, system = '', messages, stream = false } = body as unknown as ChatBody
      return { model, system, user: messages.map(({ content }) => content).join('\n'), streams: stream }
    },
    answer: anthropicAnswer,
    stream: (answer) => [
      { type: 'message_start', message: { model: answer.model, usage: { input_tokens: answer.inputTokens, output_tokens: 0 } } },
      ...halves(answer.text).map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: answer.outputTokens } }, { type: 'message_stop' },
    ],
    refuse: ({ message, reason }) => ({ type: 'error', error: { type: reason, message } }),
  },
  openai: {
    path: /^\/v1\/chat\/completions$/,
    read: (_path, body) => {
      const { model, messages, stream = false } = body as unknown as ChatBody
      const of = (role: string) => messages.filter((message) => message.role === role).map(({ content }) => content).join('\n')
      return { model, system: of('system'), user: of('user'), streams: stream }
    },
    answer: openAiAnswer,
    stream: (answer) => halves(answer.text).map((content, index) => ({ model: answer.model, choices: [{ index: 0, delta: { content }, finish_reason: index === 1 ? 'stop' : null }] })),
    refuse: ({ message, reason }) => ({ error: { message, type: reason, code: reason } }),
  },
}
