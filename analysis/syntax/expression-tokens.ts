// Splits the text of one GitHub expression into tokens with offsets. Names are not checked here: any legal identifier is
// a token, whether a context or function of that name exists is for rules to say.

export type TokenKind = 'name' | 'string' | 'number' | 'true' | 'false' | 'null' | 'symbol' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** As written; a string literal without quotes, its doubled quotes undone. */
  readonly text: string
  readonly start: number
  readonly end: number
}

export interface ExpressionError {
  /** One sentence that quotes what stands there. */
  readonly message: string
  readonly start: number
  readonly end: number
}

const KEYWORDS = new Set(['true', 'false', 'null'])
const TWO_CHARACTERS = new Set(['&&', '||', '==', '!=', '<=', '>='])
const ONE_CHARACTER = '()[],.!<>*'
const NUMBER = /^(?:[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|Infinity)|0x[0-9a-fA-F]+|0o[0-7]+)$/
const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/
const BOUNDARY = /[()[\],.!<>=&|\s]/
const NUMBER_BOUNDARY = /[()[\],!<>=&|\s]/

/** Tokens up to and with one of kind 'end', or the first character sequence that begins no token. */
export function tokenize(text: string): readonly Token[] | ExpressionError {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const character = text.charAt(at)
    if (/\s/.test(character)) {
      at++
      continue
    }
    const token = tokenAt(text, at, tokens.at(-1))
    if ('message' in token) return token
    tokens.push(token)
    at = token.end
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length })
  return tokens
}

function tokenAt(text: string, start: number, previous: Token | undefined): Token | ExpressionError {
  const character = text.charAt(start)
  if (character === "'") return stringAt(text, start)
  const pair = text.slice(start, start + 2)
  if (TWO_CHARACTERS.has(pair)) return { kind: 'symbol', text: pair, start, end: start + 2 }
  const startsNumber = /[0-9+-]/.test(character) || (character === '.' && !canBeIndexed(previous))
  if (!startsNumber && ONE_CHARACTER.includes(character)) return { kind: 'symbol', text: character, start, end: start + 1 }
  return wordAt(text, start, { startsNumber, afterDot: previous?.kind === 'symbol' && previous.text === '.' })
}

function wordAt(text: string, start: number, { startsNumber, afterDot }: { startsNumber: boolean; afterDot: boolean }): Token | ExpressionError {
  const boundary = startsNumber ? NUMBER_BOUNDARY : BOUNDARY
  let end = start + 1
  while (end < text.length && !boundary.test(text.charAt(end))) end++
  const word = text.slice(start, end)
  if (startsNumber && NUMBER.test(word)) return { kind: 'number', text: word, start, end }
  if (!startsNumber && NAME.test(word)) {
    if (!afterDot && KEYWORDS.has(word)) return { kind: word as 'true' | 'false' | 'null', text: word, start, end }
    if (!afterDot && (word === 'NaN' || word === 'Infinity')) return { kind: 'number', text: word, start, end }
    return { kind: 'name', text: word, start, end }
  }
  return { message: `'${word}' is not part of an expression${hintFor(word)}`, start, end }
}

function stringAt(text: string, start: number): Token | ExpressionError {
  let end = start + 1
  for (;;) {
    end = text.indexOf("'", end)
    if (end < 0) return { message: `the string ${text.slice(start, start + 40)} is never closed; end it with a single quote`, start, end: text.length }
    if (text.charAt(end + 1) !== "'") break
    end += 2
  }
  return { kind: 'string', text: text.slice(start + 1, end).replaceAll("''", "'"), start, end: end + 1 }
}

function canBeIndexed(token: Token | undefined): boolean {
  return token !== undefined && (token.kind === 'name' || (token.kind === 'symbol' && (token.text === ']' || token.text === ')' || token.text === '*')))
}

function hintFor(word: string): string {
  if (word.startsWith('"')) return '; strings stand in single quotes'
  if (word === '=') return '; compare with =='
  if (word === '&' || word === '|') return `; write ${word}${word}`
  return ''
}
