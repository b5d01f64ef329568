// A `uses:` value in its forms, with the exact offsets that an edit of its ref or version comment needs.
import type { Pair, ScalarNode } from '../source/node.ts'
import type { Job } from './job.ts'
import type { PipelineFile } from './pipeline-file.ts'
import type { Step } from './step.ts'
import { asScalar, hasExpression, isNull } from './nodes.ts'
import { isCommit } from './commit.ts'

/** 'repository' owner/repo[/path]@ref; 'local' ./x; 'self' $/x; 'docker' docker://image; 'expression' contains `${{`; 'invalid' none of them. */
export type UsesForm = 'repository' | 'local' | 'self' | 'docker' | 'expression' | 'invalid'

export interface TrailingComment {
  readonly start: number
  readonly end: number
  /** With its `#`. */
  readonly text: string
}

export interface Uses {
  readonly file: PipelineFile
  /** Where it stands: a step that runs an action, or a job that calls a workflow. */
  readonly place: 'step' | 'job'
  readonly step: Step | null
  readonly job: Job | null
  readonly pair: Pair
  readonly node: ScalarNode
  readonly text: string
  readonly form: UsesForm
  /** Form 'repository' only, else ''. */
  readonly owner: string
  /** `owner/repo`, as written; '' for other forms. */
  readonly repository: string
  /** `owner/repo` or `owner/repo/path` without the ref, and without empty or dotted parts where the path stays inside; for other forms the whole text. */
  readonly name: string
  /** The name as written. */
  readonly writtenName: string
  /** What follows the `@`; null when there is none. */
  readonly ref: string | null
  /** Offsets of the ref in the file; -1 where the text cannot be spliced (escapes, several lines). */
  readonly refStart: number
  readonly refEnd: number
  readonly isPinned: boolean
  /** The comment after it on the same line, where version comments stand. */
  readonly comment: TrailingComment | null
}

interface UsesPlace {
  readonly file: PipelineFile
  /** Null for a called workflow. */
  readonly step: Step | null
  readonly job: Job | null
}

/** Reads a `uses` pair; null when its value is no text. */
export function readUses(pair: Pair, at: UsesPlace): Uses | null {
  const node = asScalar(pair.value)
  return node === null || isNull(node) ? null : new UsesReference(pair, node, at)
}

class UsesReference implements Uses {
  readonly file: PipelineFile
  readonly place: 'step' | 'job'
  readonly step: Step | null
  readonly job: Job | null
  readonly pair: Pair
  readonly node: ScalarNode
  readonly text: string
  readonly form: UsesForm
  readonly owner: string
  readonly repository: string
  readonly name: string
  readonly writtenName: string
  readonly ref: string | null
  readonly refStart: number
  readonly refEnd: number
  readonly isPinned: boolean

  constructor(pair: Pair, node: ScalarNode, { file, step, job }: UsesPlace) {
    const text = node.text
    const form = formOf(text)
    const separator = form === 'repository' || form === 'invalid' ? text.indexOf('@') : -1
    const writtenName = separator === -1 ? text : text.slice(0, separator)
    const name = form === 'repository' ? (plainName(writtenName) ?? writtenName) : writtenName
    const ref = separator === -1 ? null : text.slice(separator + 1)
    const firstSlash = form === 'repository' ? name.indexOf('/') : 0
    const secondSlash = form === 'repository' ? name.indexOf('/', firstSlash + 1) : 0
    this.file = file
    this.place = step === null ? 'job' : 'step'
    this.step = step
    this.job = job
    this.pair = pair
    this.node = node
    this.text = text
    this.form = form
    this.owner = name.slice(0, firstSlash)
    this.repository = secondSlash === -1 ? name : name.slice(0, secondSlash)
    this.name = name
    this.writtenName = writtenName
    this.ref = ref
    this.refStart = ref === null ? -1 : offsetOf(node, file.text, separator + 1)
    this.refEnd = this.refStart === -1 ? -1 : this.refStart + (ref?.length ?? 0)
    this.isPinned = form === 'repository' && ref !== null && isCommit(ref)
  }

  get comment(): TrailingComment | null {
    return trailingComment(this.file, this.node.end)
  }
}

function formOf(text: string): UsesForm {
  if (text.startsWith('./') || text === '.') return 'local'
  if (text.startsWith('$/')) return 'self'
  if (text.startsWith('docker://')) return 'docker'
  if (hasExpression(text)) return 'expression'
  const at = text.indexOf('@')
  const slash = text.indexOf('/')
  return at > 0 && slash > 0 && slash < at - 1 && at < text.length - 1 ? 'repository' : 'invalid'
}

/** `owner/repo/path` without detours; null when it leads out of the repository, or names none. */
export function plainName(name: string): string | null {
  if (!/\/(?:\.{0,2})(?:\/|$)|^\.{1,2}\//.test(name)) return name
  const [owner = '', repository = '', ...parts] = name.split('/')
  const path: string[] = []
  if ([owner, repository].some((part) => part === '' || part === '.' || part === '..')) return null
  for (const part of parts) {
    if (part === '..' && path.pop() === undefined) return null
    if (part !== '' && part !== '.' && part !== '..') path.push(part)
  }
  return [owner, repository, ...path].join('/')
}

/** The file offset of a character of the value; -1 unless the value stands in the file letter by letter. */
function offsetOf({ style, start, text: value }: ScalarNode, text: string, index: number): number {
  const from = style === 'plain' ? start : style === 'single' || style === 'double' ? start + 1 : -1
  return from !== -1 && text.startsWith(value, from) ? from + index : -1
}

function trailingComment(file: PipelineFile, offset: number): TrailingComment | null {
  const { comments } = file.tree
  let low = 0
  let high = comments.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if ((comments[middle * 2] ?? 0) < offset) low = middle + 1
    else high = middle
  }
  const start = comments[low * 2]
  const end = comments[low * 2 + 1]
  if (start === undefined || end === undefined) return null
  for (let i = offset; i < start; i++) {
    const code = file.text.charCodeAt(i)
    if (code === 10 || code === 13) return null
  }
  return { start, end, text: file.text.slice(start, end) }
}
