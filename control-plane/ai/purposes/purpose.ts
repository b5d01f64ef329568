// What a model is asked for. Each purpose is turned on by itself, and has its own route.
export const PURPOSES = ['explain', 'fix', 'summarise'] as const

export type Purpose = (typeof PURPOSES)[number]
