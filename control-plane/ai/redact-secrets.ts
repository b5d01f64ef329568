// Takes out of a text whatever is a credential, or looks like one: known forms first, then values of telling names, then long
// words that only a machine would write. Commits behind an @ and digests behind their algorithm stay: pins are no secrets.
// Errs on the side of taking out too much.

export interface Redacted {
  readonly text: string
  /** What was taken out, each value once. */
  readonly removed: readonly string[]
}

const REDACTED = '[redacted]'

const KNOWN: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$)/g,
  /\b(?:gh[a-z]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|adk_\w+|npm_\w{30,}|pypi-[\w-]{30,}|dckr_pat_[\w-]{16,}|hf_\w{20,})/g,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  /\bAIza[\w-]{30,}/g,
  /\bxox[a-z]-[\w-]{10,}/g,
  /\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)[-_][\w-]{10,}|\bsk-[A-Za-z0-9]{20,}/g,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g,
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g,
  /(?<=\b(?:bearer|basic)\s+)[\w.~+/-]{12,}=*/gi,
  /(?<=:\/\/[^\s"'/:@]*:)[^\s"'/@$]+(?=@)/g,
  /(?<=hooks\.slack\.com\/services\/)[\w/]+/g,
]

/** `password: value`, `API_KEY=value`: the value, unless it is an expression, a variable or a switch. */
const NAMED = /(\b[\w-]*(?:passw(?:or)?d|passwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?)\b["']?\s*[:=]\s*)(["']?)([^\s"'#,;&|)}]{6,})\2/gi
const NO_VALUE = /^(?:\$|%|<|\{\{|true$|false$|null$|none$|write$|read$|inherit$|\[redacted\]$)/i

const LONG_WORD = /[A-Za-z0-9+/_=-]{24,}/g
const MIN_ENTROPY = 3.5

export function redactSecrets(text: string): Redacted {
  const removed = new Set<string>()
  const take = (found: string): string => {
    if (found === '' || found === REDACTED) return found
    removed.add(found)
    return REDACTED
  }
  let result = text
  for (const pattern of KNOWN) result = result.replace(pattern, take)
  result = result.replace(NAMED, (whole: string, head: string, quote: string, value: string) => (NO_VALUE.test(value) ? whole : `${head}${quote}${take(value)}${quote}`))
  result = result.replace(LONG_WORD, (word, at: number) => (looksMade(word, result.slice(Math.max(0, at - 8), at)) ? take(word) : word))
  return { text: result, removed: [...removed] }
}

function looksMade(word: string, before: string): boolean {
  const isHex = /^[0-9a-f]{32,}$/i.test(word)
  if (isHex) return !/(?:@|sha(?:1|256|512)[:-])$/.test(before)
  // Paths and words joined by dashes have short, plain parts; a token has a long one with letters of both cases and digits.
  return word.split(/[-_/=+]/).some((part) => part.length >= 16 && /[a-z]/.test(part) && /[A-Z]/.test(part) && /\d/.test(part) && entropy(part) >= MIN_ENTROPY)
    || (/\d/.test(word) && /[A-Z]/.test(word) && /[a-z]/.test(word) && /[+=]/.test(word) && entropy(word) >= MIN_ENTROPY)
}

/** Bits per character. */
function entropy(word: string): number {
  const counts = new Map<string, number>()
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / word.length) * Math.log2(count / word.length)
  return bits
}
