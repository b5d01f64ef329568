// The state of one parse and what every part of the grammar needs: white space, comments, problems and recovery.
// The position only moves forward; that is why the parser is linear. Knows nothing of nodes.
import type { SyntaxProblem, SyntaxProblemCode } from './node.ts'
import type { AnchorTable } from './anchors.ts'
import { CR, HASH, LF, SPACE, TAB, isBlank, isDocumentMark, isSpace } from './characters.ts'

/** Collections inside one another; deeper text is skipped with one problem. */
export const MAX_DEPTH = 100
/** A file that breaks more often keeps the first ones. */
const MAX_PROBLEMS = 100
const EXCERPT_UNITS = 40

/** Leading tabs are white space from this column on: never in block context. */
export const NO_TABS = Infinity

export function tooDeep(): string {
  return `values are nested more than ${MAX_DEPTH} levels deep here: the text inside was not read, nest fewer`
}

export class Scanner {
  /** Every lone \r of the file replaced by \n, so that offsets are the file's own. */
  readonly text: string
  readonly length: number
  readonly anchors: AnchorTable
  readonly comments: number[] = []
  readonly problems: SyntaxProblem[] = []
  pos = 0
  /** Offset of the first unit of the line that `pos` is on. */
  line = 0
  depth = 0
  /** See NO_TABS; a flow collection sets the column behind its block's indentation. */
  tabColumn = NO_TABS
  /** Offset of the last tab that separated tokens. */
  tab = -1
  /** Set when a flow collection cannot be read on; its outermost one recovers. */
  broken = false
  /** True while the value of a block mapping's key is read: a sequence there may stand at the key's own column. */
  dashAtParent = false
  private tabbedLine = -1

  constructor(text: string, anchors: AnchorTable) {
    this.text = text
    this.length = text.length
    this.anchors = anchors
  }

  /** Skips blanks, line breaks and comments. True when a line break was crossed. */
  skip(): boolean {
    const text = this.text
    let at = this.pos
    let crossed = false
    for (;;) {
      const unit = text.charCodeAt(at)
      if (unit === SPACE || unit === CR) at++
      else if (unit === LF) {
        this.line = ++at
        crossed = true
      } else if (unit === HASH && (at === this.line || isBlank(text.charCodeAt(at - 1)))) at = this.comment(at)
      else if (unit === TAB) at = this.tabs(at)
      else {
        this.pos = at
        return crossed
      }
    }
  }

  /** Notes the comment at `at`; returns the offset of its line's break, or the end of the text. */
  comment(at: number): number {
    const end = this.lineBreak(at)
    this.comments.push(at, this.text.charCodeAt(end - 1) === CR ? end - 1 : end)
    return end
  }

  /** Offset of the next \n, or the end of the text. */
  lineBreak(at: number): number {
    const end = this.text.indexOf('\n', at)
    return end < 0 ? this.length : end
  }

  /** Offset behind the spaces at `at`. */
  pastSpaces(at: number): number {
    let to = at
    while (this.text.charCodeAt(to) === SPACE) to++
    return to
  }

  /** Offset behind the spaces and tabs at `at`. */
  pastBlanks(at: number): number {
    let to = at
    while (isBlank(this.text.charCodeAt(to))) to++
    return to
  }

  /** True when no further problem is kept: a message need not be written. */
  get isFull(): boolean {
    return this.problems.length >= MAX_PROBLEMS
  }

  problem(code: SyntaxProblemCode, message: string, start: number, end: number): void {
    if (!this.isFull) this.problems.push({ code, message, start, end })
  }

  /** A syntax problem from `start` to the end of its line, then recovery. */
  fail(message: string, start: number, indent: number): void {
    this.problem('syntax', message, start, this.lineContentEnd(start))
    this.recover(indent)
  }

  /** Moves to the first line after the current one whose content stands at column `indent` or left of it, or to the end. */
  recover(indent: number): void {
    const text = this.text
    const column = indent < 0 ? 0 : indent
    let at = this.lineBreak(this.pos)
    while (at < this.length) {
      if (text.charCodeAt(at) === LF) at++
      const content = this.pastSpaces(at)
      const unit = text.charCodeAt(content)
      this.line = at
      this.pos = content
      if (unit === HASH) at = this.comment(content)
      else if (unit === LF || unit === CR || unit === TAB || content - at > column) at = this.lineBreak(content)
      else return
    }
    this.pos = this.length
  }

  /** The text from `start` on its line, for a message: cut at 40 units, never with a line break. */
  excerpt(start: number, end: number = this.length): string {
    const long = end - start > EXCERPT_UNITS
    const raw = this.text.slice(start, long ? start + EXCERPT_UNITS : end)
    const breakAt = raw.search(/[\r\n]/)
    if (breakAt >= 0) return raw.slice(0, breakAt).trimEnd()
    return long ? `${raw}...` : raw.trimEnd()
  }

  /** Offset behind the last unit of the line of `start` that is not white space. */
  lineContentEnd(start: number): number {
    let end = this.lineBreak(start)
    while (end > start && (isBlank(this.text.charCodeAt(end - 1)) || this.text.charCodeAt(end - 1) === CR)) end--
    return end
  }

  /** True when the indicator `unit` stands at the position and is one: `- `, not `-x`. */
  atIndicator(unit: number): boolean {
    return this.text.charCodeAt(this.pos) === unit && isSpace(this.text.charCodeAt(this.pos + 1))
  }

  atDocumentMark(): boolean {
    return this.pos === this.line && isDocumentMark(this.text, this.pos)
  }

  /** A tab before content: separates tokens, stands on an empty line, or is taken for indentation, which YAML forbids. */
  private tabs(at: number): number {
    const text = this.text
    const content = this.pastBlanks(at)
    const unit = text.charCodeAt(content)
    if (unit === LF || unit === CR || unit === HASH || unit !== unit) return content
    let before = at
    while (before > this.line && this.text.charCodeAt(before - 1) === SPACE) before--
    if (before > this.line || at - this.line >= this.tabColumn) {
      this.tab = at
      return content
    }
    if (this.tabbedLine !== this.line) this.problem('tab-indent', TAB_MESSAGE, at, content)
    const end = this.lineBreak(content)
    this.tabbedLine = end + 1
    return end
  }
}

const TAB_MESSAGE = 'this line is indented with a tab, which YAML does not allow: indent with spaces (the line was not read)'
