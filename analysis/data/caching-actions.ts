// Actions that restore a cache, and the inputs that decide whether they do.
import type { Step } from '../workflow/step.ts'
import data from './caching-actions.json' with { type: 'json' }
import { versionComment } from '../workflow/version-comment.ts'
import { inputOf } from '../workflow/step-input.ts'
import { switchState } from './step-switch.ts'
import { usedVersion } from './used-version.ts'
import { parseVersion } from './version.ts'

export interface CacheUse {
  /** The input that turned it on, or would turn it off; null where there is none. */
  readonly input: string | null
  /** The YAML value of that input that turns it off. */
  readonly off: string
  /** Whether an expression decides. */
  readonly isDynamic: boolean
}

const lines: Readonly<Record<string, string>> = data.actions

/** All that makes the step restore a cache; empty when nothing does, or its action is not listed. */
export function cacheUses(step: Step): readonly CacheUse[] {
  const key = step.uses?.name.toLowerCase() ?? ''
  const line = Object.hasOwn(lines, key) ? lines[key] : undefined
  return line === undefined ? [] : line.split(' ; ').flatMap((rule) => useBy(step, rule) ?? [])
}

function useBy(step: Step, rule: string): CacheUse | null {
  const [mode, ...words] = rule.split(' ')
  const since = words.find((word) => word.startsWith('since='))?.slice('since='.length)
  const needs = words.find((word) => word.startsWith('needs='))?.slice('needs='.length)
  if (since !== undefined && (majorOf(step) ?? 0) < Number(since)) return null
  if (needs !== undefined && inputOf(step, needs) === null) return null
  if (mode === 'on') return { input: null, off: '', isDynamic: false }
  const condition = words.find((word) => !/^(?:since|needs)=/.test(word)) ?? ''
  const [input = '', values = ''] = condition.split('=')
  const state = switchState(step, condition)
  if (mode === 'in') return state === 'no' ? null : { input, off: values === 'true' ? 'false' : "''", isDynamic: state === 'maybe' }
  return state === 'yes' ? null : { input, off: values.includes('true') ? 'true' : values, isDynamic: state === 'maybe' }
}

function majorOf({ uses }: Step): number | null {
  if (uses === null) return null
  const version = usedVersion(uses)?.version
  const label = version?.label ?? versionComment(uses)?.version ?? uses.ref
  return (parseVersion(label) ?? parseVersion(version?.tag ?? null))?.[0] ?? null
}
