// How many tokens a text will be, before any provider has counted: too many rather than too few, because reservations and the
// refusal of what is over a window rest on it. What was really used is settled by the provider's count.

/** Tokenisers make one token of three to four bytes of prose and of two and a half of dense YAML; fewer only of random characters. */
const BYTES_PER_TOKEN = 2
/** What a wire adds around the texts. */
const ENVELOPE_TOKENS = 64

export const estimateTokens = (...texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN), ENVELOPE_TOKENS)
