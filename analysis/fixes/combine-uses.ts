// One combined edit per `uses:` line.
import type { Scope } from '../examine.ts'
import type { FixSafety } from '../finding.ts'
import type { EditsFix } from '../rules/rule.ts'
import type { Uses } from '../workflow/uses.ts'

export interface UsesRequest {
  readonly uses: Uses
  readonly wishes: ReadonlySet<'pin' | 'upgrade'>
  readonly allowed: FixSafety
}

export interface CombinedFix extends EditsFix {
  /** False when it only pins the version in use. */
  readonly upgrades: boolean
}

export function combineUses(_request: UsesRequest, _scope: Scope): CombinedFix | null {
  return null
}
