// Moves a variable from the `env` of a workflow or job to the steps that name it. Gives up where anything else names it, where no
// step does (a program may read it unnamed), and where the lines cannot be taken out or put in.
import type { TextEdit } from '../finding.ts'
import type { EditsFix } from '../rules/rule.ts'
import type { MappingNode, Pair } from '../source/node.ts'
import type { PipelineFile } from '../workflow/pipeline-file.ts'
import type { Step } from '../workflow/step.ts'
import { isOneLine } from '../workflow/insert-lines.ts'
import { findPair } from '../workflow/nodes.ts'
import { insertEnv } from './move-to-env.ts'
import { removeLine } from './remove-line.ts'

interface Wanted {
  readonly file: PipelineFile
  /** The map that has the `env` key: a workflow's or a job's. */
  readonly owner: MappingNode
  readonly env: MappingNode
  readonly pair: Pair
  /** The steps below the owner. */
  readonly steps: readonly Step[]
}

export function moveEnvToSteps({ file, owner, env, pair, steps }: Wanted): EditsFix | null {
  const { text } = file
  const name = pair.key.text
  if (pair.value.kind !== 'scalar' || !/^\w+$/.test(name)) return null
  const users = steps.filter(({ node }) => mentions(text.slice(node.start, node.end), name))
  const others = steps.reduceRight((rest, { node }) => rest.slice(0, node.start) + rest.slice(node.end), text.slice(0, pair.key.start) + ' '.repeat(Math.max(pair.value.end, pair.colon + 1) - pair.key.start) + text.slice(Math.max(pair.value.end, pair.colon + 1)))
  if (users.length === 0 || mentions(others.replace(/secrets\.\w+/g, ''), name)) return null
  const removal = env.pairs.length > 1 ? removeLine(file, env, pair) : removeBlock(file, owner, pair)
  const line = text.slice(pair.key.start, pair.value.end)
  const insertions = users.map((step) => (findPair(step.env, name) === undefined ? insertEnv({ step, key: step.run === null ? 'uses' : 'run' }, [line]) : []))
  if (removal === null || insertions.some((edits) => edits === null)) return null
  const edits: TextEdit[] = [removal, ...insertions.flatMap((each) => each ?? [])]
  return { kind: 'edits', safety: 'unsafe', description: `Set ${name} on the ${users.length === 1 ? 'step that names' : `${users.length} steps that name`} it`, edits }
}

const mentions = (text: string, name: string): boolean => new RegExp(`(?<!secrets\\.)\\b${name}\\b`).test(text)

/** The `env:` line together with its only variable. */
function removeBlock(file: PipelineFile, owner: MappingNode, pair: Pair): TextEdit | null {
  const { text, lines } = file
  const env = findPair(owner, 'env')
  if (env?.value.kind !== 'mapping' || env.value.flow || env.value.anchor !== null || !isOneLine(file, pair)) return null
  const first = lines.lineOf(env.key.start)
  const last = lines.lineOf(pair.key.start)
  const start = lines.lineStart(first)
  const isPlain = text.slice(start, env.key.start).trim() === '' && text.slice(env.colon + 1, pair.key.start).trim() === '' && text.slice(pair.value.end, lines.lineEnd(last)).trim() === ''
  return isPlain && last < lines.lineCount ? { start, end: lines.lineStart(last + 1), text: '' } : null
}
