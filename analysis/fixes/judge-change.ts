// What a text that nobody can trust may change in a pipeline: names, timeouts, concurrency, and permissions downwards. Everything
// else stays as it is, whatever the rules say of the result: triggers, runners, scripts, actions, conditions, environments, comments.
import type { MappingNode, YamlNode } from '../source/node.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import { asMapping, lookup } from '../workflow/nodes.ts'
import { shorten } from '../shorten.ts'

type Leaves = ReadonlyMap<string, Leaf>

interface Leaf {
  readonly keys: readonly string[]
  readonly text: string
}

const PLAIN_NAME = /^[\p{L}\p{N} ,.:()/_-]{1,80}$/u
/** Values of a run that cannot carry code and say which run it is. */
const RUN_VALUES = /\$\{\{\s*github\.(?:workflow|ref|ref_name|run_id|sha|event_name|event\.pull_request\.number)\s*\}\}/g
const MOST_MINUTES = 360
const MOST_GROUP = 200
const RANK: Readonly<Record<string, number>> = { none: 0, read: 1, write: 2 }

/** Null when the change is harmless, else why not. */
export function judgeChange(before: PipelineFile, after: PipelineFile): string | null {
  if (before.kind !== 'workflow') return 'only workflows are changed without a mechanical fix'
  if (!isPart(commentsOf(after), commentsOf(before))) return 'it would write comments'
  const old = leavesOf(before.tree.root)
  const fresh = leavesOf(after.tree.root)
  for (const [path, leaf] of fresh) {
    const reason = old.get(path)?.text === leaf.text ? null : judgeLeaf(leaf, before)
    if (reason !== null) return reason
  }
  for (const [path, { keys }] of old) {
    if (!fresh.has(path) && !isReplaced(keys, fresh)) return `it would remove ${keys.join('.')}`
  }
  return null
}

/** Of permissions and concurrency a part may go while another part stays: what stays was judged, and without the whole key more would be allowed. */
function isReplaced(keys: readonly string[], fresh: Leaves): boolean {
  const at = keys.findIndex((key) => key === 'permissions' || key === 'concurrency')
  const base = keys.slice(0, at + 1).join('\0')
  return at >= 0 && [...fresh.keys()].some((path) => path === base || path.startsWith(`${base}\0`))
}

function judgeLeaf({ keys, text }: Leaf, before: PipelineFile): string | null {
  const [place, rest] = placeOf(keys)
  const [key = '', inner, ...deeper] = rest
  const refused = `it would write ${keys.join('.')}: ${shorten(text)}`
  if (deeper.length > 0) return refused
  switch (key) {
    case 'name': return inner === undefined && PLAIN_NAME.test(text) ? null : refused
    case 'timeout-minutes': return place !== 'workflow' && inner === undefined && /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_MINUTES ? null : refused
    case 'concurrency': return place !== 'step' && isConcurrency(inner, text) ? null : refused
    case 'permissions': return place !== 'step' && isNarrowing({ keys, scope: inner, access: text }, before) ? null : `it would give a permission: ${keys.join('.')}: ${shorten(text)}`
    default: return refused
  }
}

/** Where a key stands, and the keys from there on. */
function placeOf(keys: readonly string[]): readonly ['workflow' | 'job' | 'step', readonly string[]] {
  if (keys[0] !== 'jobs') return ['workflow', keys]
  return keys[2] === 'steps' ? ['step', keys.slice(4)] : ['job', keys.slice(2)]
}

function isConcurrency(inner: string | undefined, text: string): boolean {
  if (inner === 'cancel-in-progress') return text === 'true' || text === 'false'
  const literal = text.replace(RUN_VALUES, '')
  return (inner === undefined || inner === 'group') && text.length <= MOST_GROUP && /^[\w.-]*$/.test(literal)
}

interface Grant {
  readonly keys: readonly string[]
  readonly scope: string | undefined
  readonly access: string
}

/** Not above what stands there today; where nothing does, at most `contents: read`, which every token has. */
function isNarrowing({ keys, scope, access }: Grant, before: PipelineFile): boolean {
  const root = asMapping(before.tree.root)
  const job = keys[0] === 'jobs' ? asMapping(lookup(asMapping(lookup(root, 'jobs')), keys[1] ?? '')) : null
  const own = job === null ? null : lookup(job, 'permissions')
  const known = own ?? lookup(root, 'permissions')
  // A map without scopes takes everything away.
  if (scope === undefined) return access === '{}' || (access === 'read-all' && known?.kind === 'scalar' && known.text === 'write-all')
  const rank = RANK[access]
  if (rank === undefined) return false
  if (known === null) return rank === 0 || (scope === 'contents' && rank === 1)
  if (known.kind === 'mapping') return rank <= (RANK[scopeOf(known, scope)] ?? 0)
  return known.kind === 'scalar' && rank <= (known.text === 'write-all' ? 2 : known.text === 'read-all' ? 1 : 0)
}

function scopeOf(permissions: MappingNode, scope: string): string {
  const found = lookup(permissions, scope)
  return found?.kind === 'scalar' ? found.text : 'none'
}

/** Every value by where it stands; an alias by its name. Empty collections are values. */
function leavesOf(root: YamlNode | null): Leaves {
  const leaves = new Map<string, Leaf>()
  const visit = (node: YamlNode, keys: readonly string[]): void => {
    if (node.kind === 'mapping' && node.pairs.length > 0) for (const { key, value } of node.pairs) visit(value, [...keys, key.text])
    else if (node.kind === 'sequence' && node.items.length > 0) node.items.forEach((item, index) => { visit(item, [...keys, String(index)]) })
    else leaves.set(keys.join('\0'), { keys, text: `${node.anchor === null ? '' : `&${node.anchor} `}${node.tag ?? ''}${valueOf(node)}` })
  }
  if (root !== null) visit(root, [])
  return leaves
}

function valueOf(node: YamlNode): string {
  if (node.kind === 'scalar') return node.text
  if (node.kind === 'alias') return `*${node.name}`
  return node.kind === 'mapping' ? '{}' : '[]'
}

function commentsOf({ text, tree: { comments } }: PipelineFile): string[] {
  const found: string[] = []
  for (let index = 0; index < comments.length; index += 2) found.push(text.slice(comments[index], comments[index + 1]))
  return found
}

function isPart(part: readonly string[], whole: readonly string[]): boolean {
  const left = [...whole]
  return part.every((each) => {
    const at = left.indexOf(each)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
}
