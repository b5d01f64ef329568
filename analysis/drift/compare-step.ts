// Compares two steps that are the same one: whether it still checks, how firmly it is pinned, and what it is given.
import type { Step } from '../workflow/step.ts'
import type { Identity } from './pair-parts.ts'
import type { CompareField, Field } from './compare-fields.ts'
import type { Sides } from './difference.ts'
import { normalise } from '../fingerprint.ts'
import { canonicalText, canonicalValue } from './canonical-text.ts'
import { compareAs, compareDeep, compareFields, compareValue, describe, quote, report } from './compare-fields.ts'
import { commandLines, compareScript, scriptWords } from './compare-script.ts'
import { compareUses } from './compare-uses.ts'

export interface StepPair {
  readonly expected: Step
  readonly found: Step
  readonly place: string
}

export function compareStep(sides: Sides, { expected, found, place }: StepPair): void {
  compareFields({ sides, place, expected: expected.node, found: found.node, owner: ownerOf(found) }, {
    id: (field) => { if (field.expected !== null) compareValue(field) },
    name: compareName,
    uses: (field) => { compareUses(field, expected.uses, found.uses) },
    run: compareScript,
    if: compareCondition,
    shell: compareAs('weakened'),
    'continue-on-error': compareTolerance,
    'timeout-minutes': compareTimeout,
    'working-directory': compareAs('outdated', 'paths'),
    with: compareDeep(compareInput),
    env: compareDeep(),
    // Its steps are compared one by one.
    parallel: () => undefined,
  })
}

export function stepIdentityOf({ id, uses, name, run, node }: Step): Identity {
  return {
    id: id?.text ?? null,
    uses: uses?.name.toLowerCase() ?? null,
    name: name === null ? null : normalise(name.text),
    content: run === null ? canonicalText(node) : commandLines(run.text).join('\n'),
    words: run === null ? new Set() : scriptWords(run.text),
  }
}

/** How a place calls a step: its id, what it uses, its name, or its number. */
export const stepLabel = ({ id, uses, name, index }: Step): string => id?.text ?? uses?.name ?? (name === null ? String(index + 1) : normalise(name.text))

export const ownerOf = ({ uses, run, name, node }: Step): { start: number; end: number } => uses?.node ?? name ?? (run === null ? node : { start: node.start, end: node.start })

/** A name of its own is no difference where none is asked for. */
export const compareName: CompareField = (field) => { if (field.expected !== null) compareAs('outdated', 'names')(field) }

/** A condition guards or narrows; either way another one is not what was agreed on. */
export const compareCondition: CompareField = (field) => {
  report(field, 'weakened', field.expected === null ? `it runs only under the condition ${quote(field.found, field.sides.found.text)}` : `the condition: ${describe(field)}`)
}

/** Whether a failure counts. Stricter is no difference. */
export const compareTolerance: CompareField = (field) => {
  const value = field.found === null ? 'false' : canonicalValue(field.found)
  if (value !== 'false') report(field, 'weakened', `a failure does not count: ${quote(field.found, field.sides.found.text)}`)
}

/** A shorter time is no difference. */
export const compareTimeout: CompareField = (field) => {
  const { expected, found } = field
  if (expected === null) return
  const [limit, given] = [Number(canonicalValue(expected)), found === null ? Infinity : Number(canonicalValue(found))]
  if (!(given < limit)) report(field, 'weakened', describe(field))
}

/** Inputs that choose what a check looks at, whether it fails, and what it leaves behind. */
const GUARDING = /persist-credentials|credential|exit-code|fail|ignore|skip|soft|severity|allow|continue|unsafe|strict|verify|audit|cooldown|lock|frozen/i
const VERSION = /version(?:-file)?$/i

const compareInput: CompareField = (field: Field) => {
  if (GUARDING.test(field.key)) report(field, 'weakened', describe(field))
  else compareAs('outdated', VERSION.test(field.key) ? 'versions' : null)(field)
}
