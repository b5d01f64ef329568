// Whether a text of a model may be shown. It has to be plain prose: no markup, address, mention, credential or hidden character, no
// order to anybody, no advice to open something up. What is in doubt is not shown, because every report is complete without it.
import { redactSecrets } from '../redact-secrets.ts'

/** Letters, digits, spaces and the punctuation of prose. */
const PLAIN = /^[\p{L}\p{N}\p{Zs}.,;:!?'"()/%+=_-]+$/u

/** Orders, and what an attacker would want a reader to do. */
const NEVER: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|all|any|instructions?|rules?|polic(?:y|ies)|findings?|warnings?|checks?)\b/i,
  /\b(?:system|developer|hidden) (?:prompt|message)|\bjailbr|\bas an ai\b|\byou (?:are|must|should) now\b|\bnew instructions?\b|\bdo anything now\b/i,
  /\b(?:approve|merge|close|delete) (?:this|the|your) (?:pull request|pr|branch|repository|repo|issue)\b/i,
  /\b(?:disable|suppress|silence|turn off|switch off|remove) (?:this|the|all|every|any) (?:\w+ )?(?:checks?|rules?|scann?(?:er|ing)?s?|findings?|protections?|reviews?|autodevops)\b/i,
  /\b(?:send|post|upload|paste|email|share|print|echo|reveal|exfiltrat\w*)\b.{0,40}\b(?:secrets?|tokens?|credentials?|keys?|passwords?|env(?:ironment)?)\b/i,
  /::|\bhttps?:|:\/\/|\bwww\.|\b[\w-]+\.(?:com|io|sh|org|net|dev|test|ru|cn|xyz|info|co|me|app|example)\b/i,
  /\b(?:curl|wget|eval|base64|sudo|chmod|nc|netcat|powershell|invoke-\w+)\b|\brm -\w+|\bnpx? (?:install|i|exec)\b|\bpip install\b/i,
]
/** Fine to name where the rule itself is about it. */
const WIDENING = /\bwrite-all\b|\b[a-z-]+\s*:\s*write\b|\bsecrets\s*:\s*inherit\b|\bpull_request_target\b|\bpersist-credentials\b|\bcontinue-on-error\b/gi

const SHORTEST_SECRET = 6

export interface TextCheck {
  readonly mostCharacters: number
  /** Our own words on the subject. */
  readonly subject: string
  /** Credentials of the repository, which a model may know from anywhere. */
  readonly secrets: readonly string[]
}

/** The text on one line, or null when it may not be shown. */
export function acceptText(text: string, { mostCharacters, subject, secrets }: TextCheck): string | null {
  // Before spaces are joined: a character that hides something is no reason to repair a text.
  if (/\p{C}/u.test(text.replace(/[\r\n\t]/g, ' '))) return null
  const line = text.trim().replace(/\s+/g, ' ')
  if (line === '' || line.length > mostCharacters || !PLAIN.test(line)) return null
  if (isHarmful(line, secrets)) return null
  const known = subject.toLowerCase()
  return (line.match(WIDENING) ?? []).every((found) => known.includes(found.toLowerCase())) ? line : null
}

/** Holds an order, an address or a credential; for texts of any form. */
export const isHarmful = (text: string, secrets: readonly string[]): boolean =>
  NEVER.some((pattern) => pattern.test(text)) || redactSecrets(text).removed.length > 0 || secrets.some((secret) => secret.length >= SHORTEST_SECRET && text.includes(secret))
