// The service's idea of now, passed as an argument so that tests can move it, and what it counts in.

/** Now, as a Date. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
