// Compares two jobs that are the same one: its own keys, then its steps, each with the one that it is.
import type { Job } from '../workflow/job.ts'
import type { Step } from '../workflow/step.ts'
import type { TextEdit } from '../finding.ts'
import type { CompareField } from './compare-fields.ts'
import type { Sides } from './difference.ts'
import type { Identity } from './pair-parts.ts'
import { normalise } from '../fingerprint.ts'
import { asMapping, asSequence, resolve, scalarsOf } from '../workflow/nodes.ts'
import { everyStep } from '../workflow/step.ts'
import { canonicalText } from './canonical-text.ts'
import { compareAs, compareDeep, compareFields, describe, report } from './compare-fields.ts'
import { comparePermissions } from './compare-permissions.ts'
import { compareCondition, compareName, compareStep, compareTimeout, compareTolerance, ownerOf, stepIdentityOf, stepLabel } from './compare-step.ts'
import { compareUses } from './compare-uses.ts'
import { BY_HAND } from './difference.ts'
import { pairParts } from './pair-parts.ts'
import { insertItem } from './restore.ts'
import { movedSteps } from './step-order.ts'

export function compareJob(sides: Sides, expected: Job, found: Job): void {
  const place = `jobs.${expected.id}`
  compareFields({ sides, place, expected: expected.node, found: found.node, owner: found.key }, {
    name: compareName,
    'runs-on': compareRunner,
    needs: compareNeeds,
    if: compareCondition,
    permissions: (field) => {
      comparePermissions(field, { expected: expected.permissions ?? expected.workflow.permissions, found: found.permissions ?? found.workflow.permissions })
    },
    env: compareDeep(),
    defaults: compareDeep(compareAs('outdated', 'paths')),
    environment: compareGuard,
    concurrency: compareGuard,
    strategy: compareDeep(compareStrategy),
    'continue-on-error': compareTolerance,
    'timeout-minutes': compareTimeout,
    container: compareImage,
    services: compareDeep(),
    uses: (field) => { compareUses(field, expected.uses, found.uses) },
    with: compareDeep(),
    secrets: compareSecrets,
    outputs: compareDeep(),
    steps: () => { compareSteps(sides, { expected, found, place }) },
  })
}

export function jobIdentityOf({ id, uses, name, node }: Job): Identity {
  return { id, uses: uses?.name.toLowerCase() ?? null, name: name === null ? null : normalise(name.text), content: canonicalText(node), words: new Set() }
}

const compareRunner: CompareField = (field) => {
  const isOwn = (pair: typeof field.found): boolean => pair !== null && canonicalText(pair.value).includes('self-hosted')
  compareAs(isOwn(field.found) && !isOwn(field.expected) ? 'weakened' : 'outdated')(field)
}

/** Waiting for more jobs is no difference. */
const compareNeeds: CompareField = (field) => {
  const [wanted, given] = [field.expected, field.found].map((pair) => scalarsOf(pair?.value).map(({ text }) => text))
  const gone = wanted?.filter((name) => given?.includes(name) !== true) ?? []
  if (gone.length > 0) report(field, 'weakened', `does not wait for ${gone.map((name) => `'${name}'`).join(', ')}`)
}

/** Without it, or under another name, nobody waits or asks. */
const compareGuard: CompareField = (field) => { compareAs(field.found === null || field.key === 'environment' ? 'weakened' : 'outdated')(field) }

const compareImage: CompareField = (field) => {
  const isFirm = (pair: typeof field.found): boolean => pair !== null && canonicalText(resolve(pair.value)).includes('@sha256:')
  compareAs(isFirm(field.expected) && !isFirm(field.found) ? 'weakened' : 'outdated', 'versions')(field)
}

const compareStrategy: CompareField = (field) => {
  if (!field.place.includes('.strategy.matrix')) return compareAs('outdated')(field)
  if (field.expected === null) return report(field, field.key === 'exclude' ? 'weakened' : 'extra', describe(field), 'matrix')
  const items = (pair: typeof field.found): readonly string[] => (asSequence(pair?.value)?.items ?? []).map(canonicalText)
  const [wanted, given] = field.key === 'exclude' ? [items(field.found), items(field.expected)] : [items(field.expected), items(field.found)]
  const isWhole = given.length > 0 && wanted.every((item) => given.includes(item))
  report(field, isWhole ? 'extra' : 'weakened', describe(field), 'matrix')
}

const compareSecrets: CompareField = (field) => {
  const isAll = (pair: typeof field.found): boolean => pair !== null && asMapping(pair.value) === null && canonicalText(pair.value) === 'inherit'
  if (isAll(field.found) && !isAll(field.expected)) report(field, 'weakened', 'every secret is passed on')
  else compareDeep()(field)
}

interface JobPair {
  readonly expected: Job
  readonly found: Job
  readonly place: string
}

function compareSteps(sides: Sides, { expected, found, place }: JobPair): void {
  const { pairs, missing, extra } = pairParts(stepsOf(expected), stepsOf(found), stepIdentityOf)
  const partners = new Map<Step, Step>(pairs)
  const placeOf = (step: Step): string => `${place}.steps.${stepLabel(step)}`
  for (const pair of pairs) compareStep(sides, { expected: pair[0], found: pair[1], place: placeOf(pair[0]) })
  for (const [step, other] of movedSteps(pairs)) {
    sides.differences.push({ kind: 'reordered', place: placeOf(step), text: `the step '${stepLabel(step)}' runs at another point among steps whose work it shares`, at: ownerOf(other), parameter: null, restore: BY_HAND })
  }
  for (const [step, other] of pairs) {
    if ((step.parent === null) !== (other.parent === null)) {
      sides.differences.push({ kind: 'reordered', place: placeOf(step), text: `the step '${stepLabel(step)}' runs ${other.parent === null ? 'by itself' : 'beside others'}, not ${other.parent === null ? 'beside others' : 'by itself'}`, at: ownerOf(other), parameter: null, restore: BY_HAND })
    }
  }
  for (const step of missing) {
    const restore = (): readonly TextEdit[] | null => insertStep(sides, { step, partners, found })
    sides.differences.push({ kind: 'missing', place: placeOf(step), text: `the step '${stepLabel(step)}' is missing`, at: found.stepsPair?.key ?? found.key, parameter: null, restore })
  }
  const counterparts = new Map(pairs.map(([step, other]) => [other, step]))
  const added = new Set(extra)
  let after: Step | undefined
  for (const step of stepsOf(found)) {
    after = counterparts.get(step) ?? after
    if (!added.has(step)) continue
    sides.differences.push({ kind: 'extra', place: placeOf(step), text: `the step '${stepLabel(step)}' is added`, at: ownerOf(step), parameter: null, after: `${expected.id}/${after ? stepLabel(after) : ''}`, restore: BY_HAND })
  }
}

/** Groups stand for the steps in them. */
const stepsOf = ({ steps }: Job): readonly Step[] => everyStep(steps).filter(({ steps: inner }) => inner.length === 0)

/** Behind the counterpart of the nearest expected step before it. */
function insertStep(sides: Sides, { step, partners, found }: { step: Step; partners: ReadonlyMap<Step, Step>; found: Job }): readonly TextEdit[] | null {
  const list = asSequence(found.stepsPair?.value)
  const all = step.job === null ? [] : stepsOf(step.job)
  const before = all.slice(0, all.indexOf(step)).findLast((each) => partners.has(each))
  const behind = before && partners.get(before)
  if (list === null || step.parent !== null || (behind && behind.parent !== null)) return null
  const edit = insertItem({ file: sides.expected, node: step.node }, { file: sides.found, node: list }, behind ? behind.node : null)
  return edit && [edit]
}
