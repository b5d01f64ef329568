/* eslint-disable */
// @ts-nocheck
// Text to a positioned tree in one pass.
import type { SourceTree } from './node.ts'

const SCALAR = 'scalar', MAP = 'mapping', SEQ = 'sequence', ALIAS = 'alias', PLAIN = 'plain', SINGLE = 'single', DOUBLE = 'double', LITERAL = 'literal', FOLDED = 'folded'

class Scalar {
  constructor(start, end, style, value, body, indent, chomp) {
    this.kind = SCALAR; this.start = start; this.end = end; this.style = style; this.anchor = null; this.tag = null
    this.cache = value;                                           // undefined: decode when asked for
    this.source = null; this.src = src; this.body = body; this.indent = indent; this.chomp = chomp
  }
  get text() { if (this.style === PLAIN && typeof this.cache !== 'string') return this.src.slice(this.start, this.end); return this.value }
  get value() { return this.cache !== undefined ? this.cache : (this.cache = decode(this)); }
}
class Coll { constructor(kind, start, flow) { this.kind = kind; this.start = start; this.end = start; this.flow = flow; this.anchor = null; this.tag = null; if (kind === MAP) this.pairs = []; else this.items = []; } }
class Pair { constructor(key, value, colon) { this.key = key; this.value = value; this.colon = colon; } }
class Alias { constructor(start, end, name, target) { this.kind = ALIAS; this.start = start; this.end = end; this.name = name; this.target = target; this.anchor = null; this.tag = null; } }

const empty = (at) => new Scalar(at, at, PLAIN, null, 0, 0, 0)
const BAIL = { bail: true }, MAX_DEPTH = 64
let src = '', len = 0, pos = 0, line = 0, depth = 0, comments = [], anchors = null
const bail = () => { throw BAIL; }

/** One parse; a problem takes the place of the tree where the text is not YAML. */
export function parse(text: string): SourceTree {
  const result = { text, root: null, comments: [], problems: [] }
  src = text; len = text.length; pos = 0; line = 0; depth = 0; comments = result.comments; anchors = null
  try {
    if (src.charCodeAt(0) === 0xfeff) pos = line = 1
    skip()
    if (pos === line && src.startsWith('---', pos)) { const c = src.charCodeAt(pos + 3); if (c !== 10 && c !== 13 && c === c) bail(); pos += 3; skip() }
    if (pos < len) { result.root = blockNode(-1, pos - line, true); skip(); if (pos < len) bail() }
    else result.problems.push({ code: 'empty', message: 'the file is empty', start: 0, end: 0 })
  } catch (e) {
    if (e !== BAIL) throw e
    result.root = null
    result.problems.push({ code: 'syntax', message: 'this is not valid YAML', start: Math.min(pos, len), end: Math.min(pos + 1, len) })
  }
  return result
}

/** Skip blanks, line breaks and comments. True when a line break was crossed. */
function skip() {
  let crossed = false, p = pos
  for (;;) {
    const c = src.charCodeAt(p)
    if (c === 32) p++
    else if (c === 10) { line = ++p; crossed = true; }
    else if (c === 35 && (p === line || blank(src.charCodeAt(p - 1)))) { let e = src.indexOf('\n', p); if (e < 0) e = len; comments.push(p, src.charCodeAt(e - 1) === 13 ? e - 1 : e); p = e; }
    else if (c === 13) p++
    else if (c === 9) { let q = p; while (blank(src.charCodeAt(q))) q++; const d = src.charCodeAt(q); if (d === 10 || d === 13 || (d === 35 && p > line) || d !== d) p = q; else bail(); }
    else { pos = p; return crossed; }
  }
}
const past = (p) => { while (src.charCodeAt(p) === 32) p++; return p; }
const blank = (c) => c === 32 || c === 9
const space = (c) => c === 32 || c === 10 || c === 13 || c === 9 || c !== c;   // c !== c: NaN, the end of the text
const flowIndicator = (c) => c === 44 || c === 91 || c === 93 || c === 123 || c === 125
const docMark = (p) => { const c = src.charCodeAt(p); return (c === 45 || c === 46) && src.charCodeAt(p + 1) === c && src.charCodeAt(p + 2) === c && space(src.charCodeAt(p + 3)); }

/** A node in block context at pos. `indent` is the parent's column, `col` ours; `open`: may a block collection start here? */
function blockNode(indent, col, open) {
  if (++depth > MAX_DEPTH) bail()
  const c = src.charCodeAt(pos)
  let node
  switch (c) {
    case 45: // -
      if (space(src.charCodeAt(pos + 1))) { if (!open) bail(); node = blockSeq(col); } else node = plainOrMap(indent, col, open)
      break
    case 124: case 62: node = blockScalar(indent, c); break
    case 91: case 123: node = flow(indent); if (src.charCodeAt(past(pos)) === 58) bail(); break
    case 34: case 39: {
      const from = line
      node = quoted(c, indent)
      const p = past(pos)
      if (src.charCodeAt(p) === 58 && space(src.charCodeAt(p + 1))) { if (!open || from !== line) bail(); pos = p; node = blockMap(col, node); }
      break
    }
    case 38: { // &
      const name = word()
      if (skip()) {
        const k = pos - line
        if (pos >= len || k <= indent && !(k === indent && src.charCodeAt(pos) === 45)) bail()
        node = blockNode(indent, k, true)
      } else node = blockNode(indent, col, false)
      if (node.anchor !== null || node.kind === ALIAS) bail()
      node.anchor = name; (anchors ??= new Map()).set(name, node)
      break
    }
    case 42: { // *
      const s = pos, name = word()
      if (src.charCodeAt(past(pos)) === 58 || anchors === null || !anchors.has(name)) bail()
      node = new Alias(s, pos, name, anchors.get(name))
      break
    }
    case 33: case 37: case 64: case 96: case 35: case 44: case 93: case 125: bail(); break
    case 63: case 58: if (space(src.charCodeAt(pos + 1))) bail(); // falls through
    default: node = plainOrMap(indent, col, open)
  }
  depth--
  return node
}

function word() { // the name after & or *
  const s = ++pos; let c
  while (!space(c = src.charCodeAt(pos)) && !flowIndicator(c)) pos++
  return pos === s ? bail() : src.slice(s, pos)
}

/** Scan a plain scalar on one line from p; returns its end, leaves pos on what stopped it. */
function plainLine(p) {
  let end = p
  for (;;) {
    const c = src.charCodeAt(p)
    if (c === 58) { if (space(src.charCodeAt(p + 1))) break; end = ++p; }
    else if (c === 10 || c !== c) break
    else if (c === 32 || c === 9) p++
    else if (c === 35) { if (blank(src.charCodeAt(p - 1))) break; end = ++p; }
    else if (c === 13) break
    else end = ++p
  }
  pos = p; return end
}

function plainOrMap(indent, col, open) {
  const s = pos
  if (s === line && docMark(s)) bail()
  const e = plainLine(s)
  if (src.charCodeAt(pos) !== 58) return plainRest(s, e, indent)
  if (!open) bail()
  return blockMap(col, new Scalar(s, e, PLAIN, src.slice(s, e), 0, 0, 0))
}

/** The continuation lines of a plain scalar in block context. */
function plainRest(s, e, indent) {
  let text = null, last = e
  while (src.charCodeAt(pos) !== 35 && pos < len) {
    let p = pos, breaks = 0, start = line
    for (;;) { // to the next line that is not empty
      const c = src.charCodeAt(p)
      if (c === 10) { breaks++; start = ++p; } else if (c === 32 || c === 13) p++; else break
    }
    if (p >= len || p - start <= indent) break
    const c = src.charCodeAt(p)
    if (c === 35) break
    if (c === 9 || (p === start && docMark(p))) bail()
    if (text === null) text = src.slice(s, e)
    line = start
    last = plainLine(p)
    if (src.charCodeAt(pos) === 58) bail();                        // "a: b: c" over two lines
    text += (breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)) + src.slice(p, last)
  }
  return new Scalar(s, last, PLAIN, text === null ? resolvePlain(src.slice(s, e)) : text, 0, 0, 0)
}

function blockSeq(col) {
  const seq = new Coll(SEQ, pos, false)
  for (;;) {
    const dash = ++pos
    skip()
    const c = pos - line, item = pos < len && (line <= dash || c > col) ? blockNode(col, c, true) : empty(dash)
    seq.items.push(item); seq.end = item.end
    skip()
    if (pos < len && item.end > line) bail();                      // something follows on the same line
    const k = pos - line
    if (pos >= len || k < col) return seq
    if (k > col) bail()
    if (src.charCodeAt(pos) !== 45 || !space(src.charCodeAt(pos + 1))) return seq
  }
}

function blockMap(col, key) {
  const map = new Coll(MAP, key.start, false), items = map.pairs
  let seen = null
  for (;;) {
    const colon = pos++; // pos is on the colon
    const k = key.value
    if (seen === null) {
      for (let i = 0; i < items.length; i++) if (items[i].key.value === k) bail()
      if (items.length === 12) { seen = new Set(); for (const p of items) seen.add(p.key.value); seen.add(k); }
    } else { if (seen.has(k)) bail(); seen.add(k); }
    let value
    if (skip()) {
      const c = pos - line
      if (pos < len && (c > col || (c === col && src.charCodeAt(pos) === 45 && space(src.charCodeAt(pos + 1))))) value = blockNode(col, c, true)
      else value = empty(colon + 1)
    } else value = pos < len ? blockNode(col, pos - line, false) : empty(colon + 1)
    items.push(new Pair(key, value, colon)); map.end = value.end
    // the next key
    skip()
    if (pos < len && value.end > line) bail();                     // something follows on the same line
    const c = pos - line
    if (pos >= len || c < col) return map
    if (c > col) bail()
    const q = src.charCodeAt(pos), s = pos
    if (q === 34 || q === 39) {
      const from = line
      key = quoted(q, col)
      pos = past(pos)
      if (from !== line) bail()
    } else {
      switch (q) {
        case 45: case 63: case 58: if (space(src.charCodeAt(pos + 1)) || (q === 45 && pos === line && docMark(pos))) bail(); break
        case 46: if (pos === line && docMark(pos)) bail(); break
        case 33: case 37: case 38: case 42: case 64: case 96: case 91: case 93: case 123: case 125: case 44: case 124: case 62: bail()
      }
      const e = plainLine(s)
      key = new Scalar(s, e, PLAIN, src.slice(s, e), 0, 0, 0)
    }
    if (src.charCodeAt(pos) !== 58 || !space(src.charCodeAt(pos + 1)) || pos - s > 1024) bail()
  }
}

function quoted(q, indent) {
  const s = pos; let p = pos + 1, simple = true
  for (;;) {
    const c = src.charCodeAt(p)
    if (c === q) { if (q === 39 && src.charCodeAt(p + 1) === 39) { simple = false; p += 2; continue; } break; }
    if (c === 92 && q === 34) { simple = false; p += 2; continue; }
    if (c === 10) {
      simple = false; line = ++p
      let k = p; while (src.charCodeAt(k) === 32) k++
      const d = src.charCodeAt(k)
      if (d === 9 || (d !== 10 && d !== 13 && k - p <= indent) || docMark(p)) bail()
      continue
    }
    if (c !== c) bail(); else p++
  }
  const node = new Scalar(s, pos = p + 1, q === 34 ? DOUBLE : SINGLE, simple ? src.slice(s + 1, p) : undefined, 0, 0, 0)
  if (!simple) { node.source = src; decode(node); }
  return node
}

function blockScalar(indent, c) {
  const s = pos++; let chomp = 0, given = 0
  for (;;) {
    const d = src.charCodeAt(pos)
    if ((d === 45 || d === 43) && chomp === 0) chomp = d; else if (d > 48 && d < 58 && given === 0) given = d - 48; else break
    pos++
  }
  if (!space(src.charCodeAt(pos))) bail()
  let p = pos; while (blank(src.charCodeAt(p))) p++
  const h = src.charCodeAt(p); let e = src.indexOf('\n', p); if (e < 0) e = len
  if (h === 35) comments.push(p, src.charCodeAt(e - 1) === 13 ? e - 1 : e); else if (h !== 10 && h !== 13 && p < len) bail()
  const body = e < len ? e + 1 : len
  let width = given ? Math.max(indent, 0) + given : -1, end = body, lead = 0
  for (p = body; p < len; ) {
    let k = p
    if (width < 0) { while (src.charCodeAt(k) === 32) k++; } else { const m = p + width; while (k < m && src.charCodeAt(k) === 32) k++; }
    const d = src.charCodeAt(k), n = k - p
    if (d === 10 || d === 13 && src.charCodeAt(k + 1) === 10) { if (width < 0 && n > lead) lead = n; p = d === 13 ? k + 2 : k + 1; end = p; continue; }
    if (d !== d) { if (k > p && chomp === 43) bail(); end = p = len; break; }
    if (width < 0) {
      if (d === 9 && n <= indent) bail()
      if (n <= indent) break; else if (lead > n || docMark(p)) bail()
      width = n
    } else if (n < width) { if (d === 9) bail(); break; }
    if (width === 0 && docMark(p)) bail()
    e = src.indexOf('\n', k); end = p = e < 0 ? len : e + 1
  }
  pos = line = p
  const node = new Scalar(s, end, c === 124 ? LITERAL : FOLDED, undefined, body, width, chomp)
  node.source = src
  return node
}

/** A flow collection: [a, b] or {a: b}; single pairs in a sequence, explicit keys and folded plain scalars are left to the complete parser. */
function flow(indent) {
  if (++depth > MAX_DEPTH) bail()
  const open = src.charCodeAt(pos), close = open + 2, map = open === 123
  const node = new Coll(map ? MAP : SEQ, pos++, true)
  for (;;) {
    inFlow(indent, close)
    if (src.charCodeAt(pos) === close) break
    const item = flowNode(indent)
    if (map) {
      if (item.kind !== SCALAR) bail()
      if (node.pairs.length > 64) bail()
      for (const p of node.pairs) if (p.key.value === String(item.value)) bail()
      const after = pos; inFlow(indent, close)
      let value, colon = -1
      if (src.charCodeAt(pos) === 58) {
        colon = pos++; inFlow(indent, close)
        const c = src.charCodeAt(pos)
        value = c === 44 || c === close ? empty(colon + 1) : flowNode(indent)
      } else value = empty(after)
      if (typeof item.value !== 'string') item.cache = src.slice(item.start, item.end)
      node.pairs.push(new Pair(item, value, colon))
    } else node.items.push(item)
    inFlow(indent, close)
    const c = src.charCodeAt(pos)
    if (c === 44) pos++; else if (c !== close) bail()
  }
  node.end = ++pos; depth--
  return node
}
function inFlow(indent, close) { if (skip()) { const k = pos - line; if (k < indent || (k === indent && src.charCodeAt(pos) !== close) || docMark(line)) bail(); } }

function flowNode(indent) {
  const c = src.charCodeAt(pos), s = pos
  switch (c) {
    case 91: case 123: return flow(indent)
    case 34: case 39: return quoted(c, indent)
    case 42: { const name = word(); if (anchors === null || !anchors.has(name)) bail(); return new Alias(s, pos, name, anchors.get(name)); }
    case 38: case 33: case 35: case 37: case 64: case 96: case 124: case 62: case 44: case 93: case 125: bail(); break
    case 45: case 63: case 58: { const d = src.charCodeAt(s + 1); if (space(d) || flowIndicator(d)) bail(); }
  }
  let p = s, e = s
  for (;;) {
    const d = src.charCodeAt(p)
    if (d === 58) { const n = src.charCodeAt(p + 1); if (space(n) || flowIndicator(n)) break; e = ++p; }
    else if (d === 44 || d === 91 || d === 93 || d === 123 || d === 125 || d === 10 || d !== d) break
    else if (d === 32 || d === 13 || d === 9) p++
    else if (d === 35) { if (blank(src.charCodeAt(p - 1))) break; e = ++p; }
    else e = ++p
  }
  if (e === s) bail()
  pos = e
  return new Scalar(s, e, PLAIN, resolvePlain(src.slice(s, e)), 0, 0, 0)
}

const ESC = { 48: '\0', 97: '\x07', 98: '\b', 116: '\t', 9: '\t', 110: '\n', 118: '\v', 102: '\f', 114: '\r', 101: '\x1b', 32: ' ', 34: '"', 47: '/', 92: '\\', 78: '\x85', 95: '\xa0', 76: '\u2028', 80: '\u2029' }

/** The text of a block scalar or of a quoted scalar with escapes or line breaks. */
function decode(node) {
  const t = node.source
  if (node.style === LITERAL || node.style === FOLDED) return decodeBlock(t, node)
  let out = '', from = node.start + 1, p = from; const end = node.end - 1
  while (p < end) {
    const c = t.charCodeAt(p)
    if (c === 39 && node.style === SINGLE) { out += t.slice(from, p + 1); from = p += 2; }
    else if (c === 92 && node.style === DOUBLE) {
      out += t.slice(from, p)
      const d = t.charCodeAt(p + 1)
      if (d === 10 || d === 13) { const f = foldBreaks(t, p + 1, end); out += '\n'.repeat(f.breaks - 1); p = f.p; }
      else if (d === 120 || d === 117 || d === 85) {
        const w = d === 120 ? 2 : d === 117 ? 4 : 8, hex = t.slice(p + 2, p + 2 + w), n = Number('0x' + hex)
        if (hex.length !== w || !(n <= 0x10ffff)) bail()
        out += String.fromCodePoint(n); p += 2 + w
      } else { const x = ESC[d]; if (x === undefined) bail(); out += x; p += 2; }
      from = p
    } else if (c === 10 || c === 13) {
      let e = p; while (e > from && blank(t.charCodeAt(e - 1))) e--
      const f = foldBreaks(t, p, end)
      out += t.slice(from, e) + (f.breaks === 1 ? ' ' : '\n'.repeat(f.breaks - 1))
      from = p = f.p
    } else p++
  }
  return (node.cache = out + t.slice(from, end))
}
function foldBreaks(t, p, end) {
  let breaks = 0
  for (; p < end; p++) { const c = t.charCodeAt(p); if (c === 10) breaks++; else if (c !== 32 && c !== 9 && c !== 13) break; }
  return { p, breaks }
}

function decodeBlock(t, node) {
  const { end, indent, style, chomp } = node
  let out = '', p = node.body, empty = 0, any = false, more = false, tail = false
  while (p < end) {
    let e = t.indexOf('\n', p); const brk = e >= 0 && e < end; if (!brk) e = end
    const stop = brk && t.charCodeAt(e - 1) === 13 && e > p ? e - 1 : e
    let k = p; const m = indent < 0 ? stop : Math.min(stop, p + indent); while (k < m && t.charCodeAt(k) === 32) k++
    if (k >= stop) { if (brk) empty++; p = e + 1; tail = brk; continue; }
    const c = t.charCodeAt(k)
    if (style === LITERAL) out += any ? '\n'.repeat(empty + 1) : '\n'.repeat(empty)
    else if (c === 32 || c === 9) { out += '\n'.repeat(any ? empty + 1 : empty); more = true; }
    else if (more) { out += '\n'.repeat(empty + 1); more = false; }
    else out += empty === 0 ? (any ? ' ' : '') : '\n'.repeat(empty)
    out += t.slice(k, stop)
    any = true; empty = 0; p = e + 1; tail = brk
  }
  if (chomp === 43) return out + '\n'.repeat(any ? (tail ? empty + 1 : empty) : empty)
  return chomp === 45 || !any ? out : out + '\n'
}

const OCT = /^0o[0-7]+$/, HEX = /^0x[0-9a-fA-F]+$/, FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/, INF = /^[-+]?\.(?:inf|Inf|INF)$/, NAN = /^\.(?:nan|NaN|NAN)$/
/** YAML 1.2 core schema; the first character decides whether a regular expression runs at all. */
function resolvePlain(s) {
  const c = s.charCodeAt(0)
  if (c >= 48 && c <= 57 || c === 45 || c === 43 || c === 46) {
    if (FLOAT.test(s) || HEX.test(s) || OCT.test(s)) return Number(s)
    if (INF.test(s)) return c === 45 ? -Infinity : Infinity
    return NAN.test(s) ? NaN : s
  }
  switch (c) {
    case 116: case 84: return s === 'true' || s === 'True' || s === 'TRUE' ? true : s
    case 102: case 70: return s === 'false' || s === 'False' || s === 'FALSE' ? false : s
    case 110: case 78: return s === 'null' || s === 'Null' || s === 'NULL' ? null : s
    case 126: return s.length === 1 ? null : s
    default: return s
  }
}

