// The expressions of a step that are expanded where text becomes code, each with what outsiders and language models could put
// there. Leaves out JSON in the place of a JavaScript literal, which stays data whatever it says.
import type { ScalarNode } from '../source/node.ts'
import type { ExpressionSpan } from '../syntax/expression-spans.ts'
import type { Repository } from './repository.ts'
import type { Step } from './step.ts'
import type { Origin } from './value-origin.ts'
import { expressionsIn } from '../syntax/expression-spans.ts'
import { codePlacesOf, type CodePlace } from './code-places.ts'
import { hasOutsiderFiles } from './outsider-files.ts'
import { originsOf } from './value-origin.ts'

export interface CodeExpansion {
  readonly span: ExpressionSpan
  /** Free text and ref names that a person without write access sets; empty when nothing such is known. */
  readonly outsiders: readonly Origin[]
  /** What a language model answered. */
  readonly models: readonly Origin[]
}

export interface ExpandedPlace {
  readonly place: CodePlace
  readonly expansions: readonly CodeExpansion[]
}

/** In characters; how far quotes are counted. */
const MAX_SCRIPT = 65_536

const NONE: readonly ExpandedPlace[] = []
const known = new WeakMap<Step, readonly ExpandedPlace[]>()

/** The code places of a step that hold expressions. */
export function expandedPlacesOf(step: Step, repository: Repository): readonly ExpandedPlace[] {
  let places = known.get(step)
  if (places === undefined) known.set(step, (places = read(step, repository)))
  return places
}

function read(step: Step, repository: Repository): readonly ExpandedPlace[] {
  const found: ExpandedPlace[] = []
  for (const place of codePlacesOf(step)) {
    const expansions: CodeExpansion[] = []
    for (const span of expressionsIn(step.file.text, place.scalar)) {
      if (span.root === null || (place.language === 'javascript' && isJsonLiteral(step.file.text, place.scalar, span))) continue
      const origins = originsOf(span.root, { step, job: step.job }, repository)
      const outsiders = origins.filter((origin) => isOutsiders(origin, repository))
      expansions.push({ span, outsiders, models: origins.filter(({ by }) => by === 'model') })
    }
    if (expansions.length > 0) found.push({ place, expansions })
  }
  return found.length === 0 ? NONE : found
}

/** Free text or a ref name that an outsider sets. */
export function isOutsiders({ by, domain, readBy }: Origin, repository: Repository): boolean {
  return by === 'outsider' && (domain === 'text' || domain === 'ref') && (readBy === undefined || hasOutsiderFiles(readBy, repository))
}

/** A called workflow and an action see the event of their caller, so any event may bring the value. */
export function isCarriedBy({ job }: Step, { events }: Origin): boolean {
  if (job === null || events === null) return true
  return job.workflow.triggers.some(({ name }) => name === 'workflow_call' || events.includes(name))
}

/** JSON outside of quotes is a literal of JavaScript, whatever it says. */
function isJsonLiteral(text: string, { start }: ScalarNode, { start: at, root }: ExpressionSpan): boolean {
  if (root?.kind !== 'call' || root.name.toLowerCase() !== 'tojson' || at - start > MAX_SCRIPT) return false
  const before = text.slice(start, at)
  const line = before.slice(before.lastIndexOf('\n') + 1)
  return [before.split('`'), line.split("'"), line.split('"')].every((parts) => parts.length % 2 === 1)
}
