// The versions of a listed action whose runtime lives, newest first.
import type { Host } from '../analyse.ts'
import type { ActionVersion } from './actions.ts'
import { versionsOf } from './actions.ts'
import { runtimeState } from './runtimes.ts'
import { compareVersions, parseVersion } from './version.ts'

/** Numbered versions only: branches and names like `stable` have no order. */
export function livingVersions(name: string, at: { readonly host: Host; readonly today: string }): readonly ActionVersion[] {
  const living = versionsOf(name).flatMap((version) => {
    const number = parseVersion(version.label)
    const isCandidate = number !== null && version.moves !== 'branch' && runtimeState(version.runtime, at).state === 'living'
    return isCandidate ? [{ version, number }] : []
  })
  return living.sort((a, b) => compareVersions(b.number, a.number)).map(({ version }) => version)
}
