// What another tool's settings say in terms of our policy, and what of them has no such terms.
import { rules } from '../rules/index.ts'

/** A suppression without owner and reason: those are for a person to give. */
export interface CarriedSuppression {
  readonly rules: readonly string[]
  readonly path: string
  readonly line: number | null
}

export interface CarriedOver {
  /** Ids of rules to switch off. */
  readonly rulesOff: readonly string[]
  readonly trustedOwners: readonly string[]
  readonly allowedUses: readonly string[]
  readonly deniedUses: readonly string[]
  readonly cooldownDays: number | null
  readonly runnerLabels: readonly string[]
  readonly suppressions: readonly CarriedSuppression[]
  /** One sentence each, with the file and line that it is about. */
  readonly notCarried: readonly string[]
}

export const NOTHING_CARRIED: CarriedOver = {
  rulesOff: [], trustedOwners: [], allowedUses: [], deniedUses: [], cooldownDays: null, runnerLabels: [], suppressions: [], notCarried: [],
}

/** Ids of our rules that report what the other tool calls one of these names. */
export const equivalentsOf = (tool: string, names: readonly string[]): readonly string[] =>
  rules.filter(({ meta }) => meta.equivalents[tool]?.some((name) => names.includes(name))).map(({ meta }) => meta.id)

/** Both, one after the other; of two numbers the larger. */
export function together(a: CarriedOver, b: CarriedOver): CarriedOver {
  return {
    rulesOff: [...new Set([...a.rulesOff, ...b.rulesOff])].sort(),
    trustedOwners: [...new Set([...a.trustedOwners, ...b.trustedOwners])],
    allowedUses: [...a.allowedUses, ...b.allowedUses],
    deniedUses: [...a.deniedUses, ...b.deniedUses],
    cooldownDays: a.cooldownDays === null ? b.cooldownDays : Math.max(a.cooldownDays, b.cooldownDays ?? 0),
    runnerLabels: [...new Set([...a.runnerLabels, ...b.runnerLabels])],
    suppressions: [...a.suppressions, ...b.suppressions],
    notCarried: [...a.notCarried, ...b.notCarried],
  }
}
