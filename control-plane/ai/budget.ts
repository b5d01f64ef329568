// What the router needs of quotas and prices. A reservation comes before every call to a provider, its settlement after it; who
// keeps the books, and by which limits, is not decided here.

export interface TokenUsage {
  /** Cached ones included. */
  readonly inputTokens: number
  /** Thinking included. */
  readonly outputTokens: number
}

export interface ReservationRequest {
  readonly tenantId: string
  readonly actor: string
  readonly repositoryId: string
  readonly purpose: string
  readonly model: string
  readonly requests: number
  /** The most that the call can use: the estimated input and the output limit. */
  readonly tokens: number
  readonly costMicroUsd: number
  readonly expiresInMs: number
}

export interface Settlement {
  readonly requests: number
  readonly tokens: number
  readonly costMicroUsd: number
  /** The model that answered, or the one that was asked when none did. */
  readonly model: string
}

export interface Budget {
  /** Throws QUOTA_EXCEEDED, whose detail says which limit, what is used and asked, and when it resets. */
  reserve(request: ReservationRequest): Promise<{ readonly reservationId: string }>
  /** From here on the provider may bill: a reservation that is not settled counts in full. */
  dispatch(reservationId: string): Promise<void>
  /** Throws RESERVATION_EXPIRED when it was settled at its maximum meanwhile. */
  settle(reservationId: string, used: Settlement): Promise<void>
  /** Gives back what was never dispatched. */
  release(reservationId: string): Promise<void>
}

export interface ModelPrice {
  /** Whole micro-USD, rounded up; null when a call of this size has no price. */
  costMicroUsd(usage: TokenUsage): number | null
}

/** Null when no price is known for that model at that time: such a model is not called, because nothing costs zero by default. */
export type PriceOf = (tenantId: string, model: string, dateMs: number) => Promise<ModelPrice | null>
