// The score: 0-100 from five sub-scores. The formula is documented in docs/score.md.

export interface Score {
  readonly total: number
  readonly security: number
  readonly reliability: number
  readonly performance: number
  readonly dependencies: number
  readonly maintainability: number
}
