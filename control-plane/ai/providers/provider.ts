// The port to whoever runs models. Three adapters implement it; each turns its wire into this and its refusals into ModelFailure.
import type { TokenUsage } from '../budget.ts'

export type ProviderName = 'gemini' | 'anthropic' | 'openai'

export interface ModelRequest {
  /** The provider's own id of the model. */
  readonly model: string
  readonly system: string
  readonly user: string
  /** JSON Schema of the answer. */
  readonly answerSchema: Readonly<Record<string, unknown>>
  readonly maxOutputTokens: number
  /** Of the model's row in the configuration data; goes to the wire as it is. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly signal: AbortSignal
}

export interface ModelAnswer {
  /** What should be JSON of the asked schema: nothing has checked it yet. */
  readonly text: string
  /** The model that answered: providers reroute old names. */
  readonly model: string
  readonly usage: TokenUsage
}

export interface ModelProvider {
  readonly name: ProviderName
  /** Throws ModelFailure; what the signal aborts rejects in any way. */
  generate(request: ModelRequest): Promise<ModelAnswer>
}

export interface ProviderSettings {
  readonly apiKey: { reveal(): string }
  /** Without a slash at its end. */
  readonly baseUrl: string
}

/** An answer longer than this is no answer to any of our questions. */
export const MAX_ANSWER_CHARACTERS = 1_000_000
