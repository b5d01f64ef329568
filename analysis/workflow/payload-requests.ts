// Requests of a `github-script` whose address is built from the event's payload or from a variable: the first argument of
// `github.request`, `fetch` and their kin. Reads the argument where it stands; what a constant holds is not followed.
import type { Origin } from './value-origin.ts'
import type { Range } from '../rules/rule.ts'
import type { Step } from './step.ts'
import { contextValue } from '../data/contexts.ts'
import { scriptOf } from '../shell/script.ts'
import { inputOf } from './step-input.ts'

export interface PayloadRequest {
  readonly at: Range
  readonly source: string
  readonly part: 'host' | 'path'
}

const CALL = /\b(?:(?:github|octokit)\.request|fetch|axios(?:\.\w+)?)\(\s*(`[^`]{0,500}`|[^,);\n]{1,500})/g
const PAYLOAD = /\bcontext\.payload((?:\??\.\w+){1,8})/g
const MAX_SCRIPT = 65_536

/** `chosenBy` tells which of the origins is an outsider's. */
export function payloadRequests(step: Step, chosenBy: (origins: readonly Origin[]) => Origin | null): readonly PayloadRequest[] {
  const scalar = inputOf(step, 'script')
  if (scalar === null || scalar.text.length > MAX_SCRIPT || !scalar.text.includes('context.payload')) return []
  const script = scriptOf(step.file.text, scalar)
  return [...script.text.matchAll(CALL)].flatMap((call): PayloadRequest[] => {
    const [whole, address = ''] = call
    const origins = [...address.matchAll(PAYLOAD)].flatMap((found) => originAt((found[1] ?? '').replaceAll('?', ''), address.slice(0, found.index)))
    const origin = chosenBy(origins)
    // Octokit sends the token by itself; others only where the script hands it over.
    if (origin === null || (!whole.includes('.request(') && !/authorization|token/i.test(script.text))) return []
    const at = { start: script.offsetOf(call.index), end: script.offsetOf(call.index + whole.length) }
    const isHost = !whole.includes('.request(') && /^[`'"]?(?:https?:\/\/)?(?:\$\{\s*)?context\.payload/.test(address)
    return [{ at, source: origin.path, part: isHost ? 'host' : 'path' }]
  })
}

/** The value, unless it stands in the query. */
function originAt(below: string, before: string): readonly Origin[] {
  const path = ['github', 'event', ...below.slice(1).toLowerCase().split('.')]
  const value = before.includes('?') ? undefined : contextValue(path)
  return value === undefined ? [] : [{ ...value, path: path.join('.') }]
}
