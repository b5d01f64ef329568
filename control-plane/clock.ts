// The service's idea of now, passed as an argument so that tests can move it.

/** Now, as a Date. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()
