// What can go wrong with a call to a model, told apart by what helps: another try, another model, another provider, or nothing.
// Carries no text of the prompt; what the provider said is shortened, cleared of credentials, and goes to the log only.
import { AppError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import type { TokenUsage } from './budget.ts'
import { redactSecrets } from './redact-secrets.ts'

interface FailureTraits {
  /** 'again': the same model may answer later. 'model': another model may. 'provider': only another provider may. 'stop': none should be asked. */
  readonly helps: 'again' | 'model' | 'provider' | 'stop'
  /** The provider works badly as a whole: counts for its circuit breaker. */
  readonly isOutage: boolean
  /** What the provider bills: nothing for a refusal; unknown when it may have worked. */
  readonly bill: 'nothing' | 'unknown'
}

const traits = (helps: FailureTraits['helps'], isOutage: boolean, bill: FailureTraits['bill']): FailureTraits => ({ helps, isOutage, bill })

export const MODEL_FAILURES = {
  MODEL_BAD_REQUEST: traits('model', false, 'nothing'),
  MODEL_UNAUTHORISED: traits('provider', true, 'nothing'),
  MODEL_FORBIDDEN: traits('provider', true, 'nothing'),
  MODEL_GONE: traits('model', false, 'nothing'),
  MODEL_RATE_LIMITED: traits('again', false, 'nothing'),
  MODEL_DAILY_LIMIT: traits('model', false, 'nothing'),
  MODEL_OVERLOADED: traits('again', true, 'nothing'),
  MODEL_UNAVAILABLE: traits('again', true, 'unknown'),
  MODEL_TIMEOUT: traits('again', true, 'unknown'),
  MODEL_RESET: traits('again', true, 'unknown'),
  MODEL_BLOCKED: traits('stop', false, 'unknown'),
  MODEL_CUT_OFF: traits('stop', false, 'unknown'),
  MODEL_REQUEST_TOO_LARGE: traits('model', false, 'nothing'),
  MODEL_ANSWER_TOO_LARGE: traits('stop', false, 'unknown'),
  MODEL_ANSWER_INVALID: traits('stop', false, 'unknown'),
} as const satisfies Partial<Record<ErrorCode, FailureTraits>>

export type ModelFailureCode = keyof typeof MODEL_FAILURES

export interface ModelFailureOptions {
  readonly provider: string
  readonly model: string
  /** The provider's words. */
  readonly said?: string | undefined
  readonly retryAfterMs?: number | undefined
  /** When a daily limit ends, in milliseconds since 1970. */
  readonly resetsAtMs?: number | undefined
  /** What the answer says it used, where there was one. */
  readonly usage?: TokenUsage | undefined
  /** The model that answered. */
  readonly answeredBy?: string | undefined
}

const MOST_WORDS = 200

export class ModelFailure extends AppError {
  override readonly code: ModelFailureCode
  readonly retryAfterMs: number | undefined
  readonly resetsAtMs: number | undefined
  readonly usage: TokenUsage | undefined
  readonly answeredBy: string | undefined

  constructor(code: ModelFailureCode, { provider, model, said, retryAfterMs, resetsAtMs, usage, answeredBy }: ModelFailureOptions) {
    super(code, {
      detail: `${model} of ${provider}${resetsAtMs === undefined ? '' : `, until ${new Date(resetsAtMs).toISOString()}`}`,
      ...(said === undefined || said === '' ? {} : { cause: new Error(redactSecrets(said).text.slice(0, MOST_WORDS)) }),
      ...(retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }),
    })
    this.name = 'ModelFailure'
    this.code = code
    this.retryAfterMs = retryAfterMs
    this.resetsAtMs = resetsAtMs
    this.usage = usage
    this.answeredBy = answeredBy
  }

  get traits(): FailureTraits {
    return MODEL_FAILURES[this.code]
  }
}
