// Anchors (`&name`), tags (`!tag`) and aliases (`*name`): reading them, and putting what was read on nodes.
import type { Scanner } from './scanner.ts'
import type { Anchor } from './anchors.ts'
import type { TreeNode } from './tree.ts'
import { AMPERSAND, ASTERISK, BANG, GREATER, LESS, isFlowIndicator, isSpace } from './characters.ts'
import { Alias } from './tree.ts'

const NAMES_SHOWN = 5
const TAG = /^!(?:<[^\s>]+>|[\w-]*!(?:[^!%]|%[0-9a-fA-F]{2})+|(?:[^!%<]|%[0-9a-fA-F]{2})*)$/
const TAG_UNITS = /[\w#;/?:@&=+$.!~*'()%-]/

/** The anchor and tag before a node. They stand before its `start`. */
export interface Properties {
  readonly start: number
  readonly end: number
  readonly anchor: Anchor | null
  readonly tag: string | null
}

export function startsProperties(unit: number): boolean {
  return unit === AMPERSAND || unit === BANG
}

/** The properties at the position, on this line; the position ends behind the last one. */
export function readProperties(s: Scanner): Properties {
  const start = s.pos
  let end = start
  let anchor: Anchor | null = null
  let tag: string | null = null
  for (let at = start; startsProperties(s.text.charCodeAt(at)); at = s.pastBlanks(end)) {
    if (at > start && at === end) break
    s.pos = at
    if (s.text.charCodeAt(at) === AMPERSAND) {
      const name = readName(s)
      if (name === '') s.problem('syntax', 'an anchor needs a name: write `&name`', at, at + 1)
      else if (anchor !== null) s.problem('syntax', `\`&${name}\` is the second anchor of one value: a value has one`, at, s.pos)
      else anchor = s.anchors.open(name, at, s.pos)
    } else {
      const read = readTag(s)
      if (tag !== null) s.problem('syntax', `\`${read}\` is the second tag of one value: a value has one`, at, s.pos)
      tag ??= read
    }
    end = s.pos
  }
  return { start, end, anchor, tag }
}

/** The alias at the position. An unknown or recursive one is reported and has no target. */
export function readAlias(s: Scanner): Alias {
  const start = s.pos
  const name = readName(s)
  if (name === '') {
    s.problem('syntax', 'an alias needs a name: write `*name`, or quote the text when the asterisk belongs to it', start, start + 1)
    return new Alias(start, s.pos, name, null)
  }
  const resolution = s.anchors.resolve(name)
  if (resolution.state === 'unknown') s.problem('unknown-anchor', unknownAnchor(s, name), start, s.pos)
  if (resolution.state === 'open') {
    s.problem('recursive-alias', `\`*${name}\` stands inside the value that \`&${name}\` names: a value cannot contain itself`, start, s.pos)
  }
  return new Alias(start, s.pos, name, resolution.state === 'known' ? resolution.node : null)
}

/** Puts properties on the node they precede and makes the anchor known. */
export function attach(s: Scanner, properties: Properties, node: TreeNode): void {
  const { anchor, tag, start, end } = properties
  // An alias that is a key has become a scalar, which still starts with its asterisk.
  if (node.kind === 'alias' || (node.kind === 'scalar' && node.end > node.start && s.text.charCodeAt(node.start) === ASTERISK)) {
    s.problem('syntax', `\`${s.excerpt(start, node.end)}\` gives an alias an anchor or a tag: only the value that it points to can have one`, start, end)
    return
  }
  if ((anchor !== null && node.anchor !== null) || (tag !== null && node.tag !== null)) {
    s.problem('syntax', `\`${s.excerpt(start, end)}\` gives a value that has one a second anchor or tag: a value has one`, start, end)
  }
  if (anchor !== null) {
    node.anchor ??= anchor.name
    anchor.node = node
  }
  node.tag ??= tag
}

/** The name behind `&` or `*`; '' when there is none. */
function readName(s: Scanner): string {
  const start = s.pos + 1
  let at = start
  for (;;) {
    const unit = s.text.charCodeAt(at)
    if (isSpace(unit) || isFlowIndicator(unit)) break
    at++
  }
  s.pos = at
  return s.text.slice(start, at)
}

/** The tag as it is written: `!!str`, `!name`, `!`, `!<uri>`. */
function readTag(s: Scanner): string {
  const start = s.pos
  const verbatim = s.text.charCodeAt(start + 1) === LESS
  let at = start + 1
  for (;;) {
    const unit = s.text.charCodeAt(at)
    if (isSpace(unit) || (!verbatim && !TAG_UNITS.test(s.text.charAt(at)))) break
    at++
    if (verbatim && unit === GREATER) break
  }
  s.pos = at
  const tag = s.text.slice(start, at)
  if (!TAG.test(tag)) s.problem('syntax', `\`${s.excerpt(start, at)}\` is not a complete tag: write \`!name\`, \`!!name\` or \`!<uri>\``, start, at)
  return tag
}

function unknownAnchor(s: Scanner, name: string): string {
  const known = s.anchors.names(NAMES_SHOWN).map((each) => `\`&${each}\``)
  const those = known.length > 0 ? `known here: ${known.join(', ')}` : 'there is none before it'
  return `\`*${name}\` refers to an anchor that no value before it has (${those}): define \`&${name}\` first, or quote the text when the asterisk belongs to it`
}
