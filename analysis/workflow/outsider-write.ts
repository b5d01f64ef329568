// An outsider's text that a script writes to the environment or the search path of later steps, or to outputs.
import type { Repository } from './repository.ts'
import type { ScriptWrite } from './script-writes.ts'
import type { Step } from './step.ts'
import { variableOf } from '../permissions/token-access.ts'
import { isCarriedBy, isOutsiders } from './code-expansions.ts'
import { outsiderRunsOf } from './outsider-run.ts'
import { writesOf } from './script-writes.ts'
import { writeSourcesOf } from './value-origin.ts'

export interface OutsiderWrite {
  readonly target: ScriptWrite['target']
  readonly path: string
  readonly isPrivileged: boolean
}

/** `::set-env` and `::add-path` only work where somebody switched them on again. */
const WRITES = /GITHUB_(?:ENV|PATH|OUTPUT)|::(?:set-env|add-path)/i

const known = new WeakMap<Step, OutsiderWrite | null>()

/** The first write of a value that an outsider sets; expressions become code before they are values (script-injection). */
export function outsiderWriteOf(step: Step, repository: Repository): OutsiderWrite | null {
  let write = known.get(step)
  if (write === undefined) known.set(step, (write = read(step, repository)))
  return write
}

function read(step: Step, repository: Repository): OutsiderWrite | null {
  const { run } = step
  if (run === null || !WRITES.test(run.text)) return null
  if (!/GITHUB_(?:ENV|PATH|OUTPUT)/i.test(run.text) && variableOf(step, 'ACTIONS_ALLOW_UNSECURE_COMMANDS') !== 'true') return null
  for (const write of writesOf(step.file.text, run)) {
    const origins = writeSourcesOf(step, { ...write, expressions: [] }, repository).filter((origin) => isOutsiders(origin, repository))
    // A line break has to fit in: a ref name has none, but a folder of the search path needs none.
    const [origin] = origins.filter(({ domain, path, isLine }) => (domain === 'text' && isLine !== true && !ONE_LINE.test(path)) || write.target === 'path')
    if (origin === undefined) continue
    const isPrivileged = step.job === null || outsiderRunsOf(step, repository).length > 0
    // A run without secrets executes the outsider's files anyway.
    const isText = isCarriedBy(step, origin) && origin.readBy === undefined
    if (isPrivileged || (isText && write.target !== 'output')) return { target: write.target, path: origin.path, isPrivileged }
  }
  return null
}

/** Fields that GitHub keeps on one line. */
const ONE_LINE = /\.(?:title|name|ref|label|login|email|default_branch)$/
