// UTF-16 units that mean something in YAML, and the classes of them. The end of the text reads as NaN (charCodeAt outside its
// string), the only number that differs from itself: `unit !== unit` below.

export const TAB = 9
export const LF = 10
export const CR = 13
export const SPACE = 32
export const BANG = 33
export const DOUBLE_QUOTE = 34
export const HASH = 35
export const PERCENT = 37
export const AMPERSAND = 38
export const SINGLE_QUOTE = 39
export const ASTERISK = 42
export const PLUS = 43
export const COMMA = 44
export const DASH = 45
export const DOT = 46
export const COLON = 58
export const LESS = 60
export const GREATER = 62
export const QUESTION = 63
export const AT = 64
export const BRACKET_OPEN = 91
export const BACKSLASH = 92
export const BRACKET_CLOSE = 93
export const BACKTICK = 96
export const BRACE_OPEN = 123
export const PIPE = 124
export const BRACE_CLOSE = 125
export const BYTE_ORDER_MARK = 0xfeff

export function isBlank(unit: number): boolean {
  return unit === SPACE || unit === TAB
}

/** Blank, line break or the end of the text: what must follow an indicator for it to be one. */
export function isSpace(unit: number): boolean {
  return unit === SPACE || unit === LF || unit === CR || unit === TAB || unit !== unit
}

/** `,` `[` `]` `{` `}` */
export function isFlowIndicator(unit: number): boolean {
  return unit === COMMA || unit === BRACKET_OPEN || unit === BRACKET_CLOSE || unit === BRACE_OPEN || unit === BRACE_CLOSE
}

export function isSpaceOrFlowIndicator(unit: number): boolean {
  return isSpace(unit) || isFlowIndicator(unit)
}

/** `---` or `...` that stands alone at the start of a line. */
export function isDocumentMark(text: string, lineStart: number): boolean {
  const unit = text.charCodeAt(lineStart)
  if (unit !== DASH && unit !== DOT) return false
  return text.charCodeAt(lineStart + 1) === unit && text.charCodeAt(lineStart + 2) === unit && isSpace(text.charCodeAt(lineStart + 3))
}
