// From text to the positioned tree, in one pass, linear in time, bounded in depth. It never throws: what is wrong becomes a
// problem, and what can be read around it is kept. Leaves out what a pipeline file has no use for: directives other than being
// skipped, documents after the first, and the meaning of tags beyond the core ones.
import type { SourceTree, SyntaxProblem, YamlNode } from './node.ts'
import type { TreeNode } from './tree.ts'
import { AnchorTable } from './anchors.ts'
import { blockNode } from './block-node.ts'
import { BYTE_ORDER_MARK, DASH, DOT, PERCENT } from './characters.ts'
import { Scanner } from './scanner.ts'

/** Reads the first document of `text`. Problems are in the order of the text; `text` and all offsets are the caller's own. */
export function parse(text: string): SourceTree {
  // One unit for one unit: the offsets stay, and a break is \n or \r\n from here on.
  const s = new Scanner(text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text, new AnchorTable())
  const root = readDocument(s)
  if (root === null) s.problem('empty', 'the file has no content: it needs at least one key', 0, text.length)
  else if (s.problems.length === 0) reportUnusedAnchors(s)
  return { text, root, comments: s.comments, problems: s.problems.sort(byPlace) }
}

function byPlace(a: SyntaxProblem, b: SyntaxProblem): number {
  return a.start - b.start
}

/** Only in a text that was read whole: an alias may stand in what was skipped. */
function reportUnusedAnchors(s: Scanner): void {
  for (const { name, start, end } of s.anchors.unused()) {
    s.problem('unused-anchor', `no alias uses the anchor \`&${name}\`: remove it, or write \`*${name}\` where its value is meant`, start, end)
  }
}

function readDocument(s: Scanner): YamlNode | null {
  if (s.text.charCodeAt(0) === BYTE_ORDER_MARK) s.pos = s.line = 1
  s.skip()
  skipDirectives(s)
  let isOwnLine = true
  if (s.atDocumentMark() && s.text.charCodeAt(s.pos) === DASH) {
    s.pos += 3
    isOwnLine = s.skip()
  }
  if (s.pos >= s.length) return null
  const root = s.atDocumentMark() ? null : readRoot(s, isOwnLine)
  if (s.atDocumentMark()) checkLastDocument(s)
  return root
}

function skipDirectives(s: Scanner): void {
  const start = s.pos
  while (s.pos === s.line && s.text.charCodeAt(s.pos) === PERCENT) {
    s.pos = s.lineBreak(s.pos)
    s.skip()
  }
  if (s.pos > start && !(s.atDocumentMark() && s.text.charCodeAt(s.pos) === DASH)) {
    s.problem('syntax', `\`${s.excerpt(start)}\` is a directive, which \`---\` on a line of its own must follow: add it, or quote the text`, start, s.lineContentEnd(start))
  }
}

/** The root, up to a document mark or the end. Text behind it is reported; a mapping found there is worth more than a stray text. */
function readRoot(s: Scanner, isOwnLine: boolean): TreeNode {
  let root = blockNode(s, -1, s.pos - s.line, isOwnLine)
  s.skip()
  let isReported = false
  while (s.pos < s.length && !s.atDocumentMark()) {
    const at = s.pos
    if (!isReported) reportSecondRoot(s, root)
    isReported = true
    const next = blockNode(s, -1, at - s.line, true)
    if (root.kind !== 'mapping' && next.kind === 'mapping') root = next
    s.skip()
    if (s.pos === at) s.recover(0)
  }
  return root
}

function reportSecondRoot(s: Scanner, root: TreeNode): void {
  const at = s.pos
  const end = s.lineContentEnd(at)
  if (root.kind === 'scalar' && root.end > root.start) {
    const shown = s.excerpt(root.start, root.end)
    s.problem('syntax', `\`${shown}\` is neither a key nor a list item, but more follows it: write \`${shown}: value\`, or remove it`, root.start, root.end)
  } else s.problem('syntax', `\`${s.excerpt(at)}\` does not belong to the ${root.kind} before it: give all its lines the same indentation`, at, end)
}

/** At the mark that ends the first document: another document behind it is reported and not read. */
function checkLastDocument(s: Scanner): void {
  let start = s.pos
  while (s.atDocumentMark() && s.text.charCodeAt(s.pos) === DOT) {
    s.pos += 3
    s.skip()
    start = s.pos
  }
  if (s.pos >= s.length) return
  s.problem('several-documents', `\`${s.excerpt(start)}\` begins a second document: a pipeline file has one; remove what follows or move it to a file of its own`, start, s.lineContentEnd(start))
}
