// Reads the values of an operator's options: pure, everything that is wrong is USAGE and says how it is written.
import { PURPOSES, type Purpose } from '../ai/purposes/purpose.ts'
import { SCOPES, type Scope } from '../auth/principal.ts'
import { ROLES, type Role } from '../auth/roles.ts'
import { AppError } from '../errors.ts'
import { METRICS } from '../quotas/amounts.ts'
import { PERIODS } from '../quotas/periods.ts'
import { USAGE_KEYS, type UsageKey } from '../quotas/usage-service.ts'
import type { ScanSettings } from '../scans/scans-service.ts'
import { INTERVALS, REQUESTS_PER_HOUR, SKIPPABLE, type Interval, type Skippable } from '../scans/scan-state.ts'

export const DEFAULT_SCOPES: readonly Scope[] = ['analyses:write', 'analyses:read']

export const usage = (detail: string): AppError => new AppError('USAGE', { detail })

export function numberOf(text: string, option: string, whose: string): string {
  if (!/^[1-9]\d{0,19}$/.test(text)) throw usage(`${option} is the number that GitHub gave the ${whose}`)
  return text
}

export function roleNamed(name = 'owner'): Role {
  const role = ROLES.find((each) => each === name)
  if (role === undefined) throw usage(`there is no role '${name}'; there are ${ROLES.join(', ')}`)
  return role
}

export function isOn(text: string | undefined, option: string): boolean {
  if (text !== undefined && text !== 'on' && text !== 'off') throw usage(`${option} is on or off`)
  return text === 'on'
}

export function scopesOf(names: readonly string[] | undefined): readonly Scope[] {
  const unknown = names?.find((name) => !SCOPES.some((scope) => scope === name))
  if (unknown !== undefined) throw usage(`there is no scope '${unknown}'; there are ${SCOPES.join(', ')}`)
  return names === undefined ? DEFAULT_SCOPES : SCOPES.filter((scope) => names.includes(scope))
}

export function purposesOf(names: readonly string[] | undefined): readonly Purpose[] {
  const unknown = names?.find((name) => !PURPOSES.some((purpose) => purpose === name))
  if (unknown !== undefined) throw usage(`there is no purpose '${unknown}'; there are ${PURPOSES.join(', ')}`)
  return names === undefined ? PURPOSES : PURPOSES.filter((purpose) => names.includes(purpose))
}

export function usageKeyOf(text = 'day'): UsageKey {
  const key = USAGE_KEYS.find((each) => each === text)
  if (key === undefined) throw usage(`--by is one of ${USAGE_KEYS.join(', ')}`)
  return key
}

export function tokensOf(text: string | undefined, option: string): number {
  if (text === undefined || !/^[1-9]\d{0,9}$/.test(text)) throw usage(`${option} is a number of tokens`)
  return Number(text)
}

/** `200000:2000000:12000000`, `any:4000000:18000000:400000`. */
export function tierOf(text: string): Readonly<Record<string, number | null>> {
  const match = /^(\d{1,15}|any):(\d{1,15}):(\d{1,15})(?::(\d{1,15}))?$/.exec(text)
  if (match === null) throw usage(`--tier '${text}' is not written UPTO:INPUT:OUTPUT or UPTO:INPUT:OUTPUT:CACHED, in whole numbers`)
  const [, upTo = 'any', input, output, cached] = match
  return { upToInputTokens: upTo === 'any' ? null : Number(upTo), input: Number(input), output: Number(output), cached: cached === undefined ? null : Number(cached) }
}

interface ScanTexts {
  readonly every?: string | undefined
  readonly 'requests-per-hour'?: string | undefined
  readonly discover?: string | undefined
  readonly skip?: readonly string[] | undefined
}

/** Without what is not said: that stays as it is. */
export function scanSettingsOf({ every, 'requests-per-hour': requests, discover, skip }: ScanTexts): Partial<ScanSettings> {
  return {
    every: intervalOf(every),
    ...(requests === undefined ? {} : { requestsPerHour: requestsOf(requests) }),
    ...(discover === undefined ? {} : { discover: isOn(discover, '--discover') }),
    ...(skip === undefined ? {} : { skip: skippedOf(skip) }),
  }
}

function intervalOf(text: string | undefined): Interval {
  const interval = INTERVALS.find((each) => each === text)
  if (interval === undefined) throw usage(`--every is one of ${INTERVALS.join(', ')}`)
  return interval
}

function requestsOf(text: string): number | null {
  if (text === 'any') return null
  const { least, most } = REQUESTS_PER_HOUR
  if (!/^\d{1,6}$/.test(text) || Number(text) < least || Number(text) > most) throw usage(`--requests-per-hour is a number from ${least} to ${most}, or any`)
  return Number(text)
}

function skippedOf(names: readonly string[]): readonly Skippable[] {
  const unknown = names.find((name) => name !== 'none' && !SKIPPABLE.some((each) => each === name))
  if (unknown !== undefined) throw usage(`--skip is one of ${SKIPPABLE.join(', ')}, or none; not '${unknown}'`)
  if (names.includes('none') && names.length > 1) throw usage('--skip none stands alone')
  return SKIPPABLE.filter((each) => names.includes(each))
}

export function monthOf(text: string | undefined): string | null {
  if (text !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw usage('--month is written 2026-11')
  return text ?? null
}

export function daysOf(text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^[1-9]\d{0,3}$/.test(text)) throw usage('--expires-days is a number of days')
  return Number(text)
}

/** `day:requests:100`, each limit once; what the numbers have to be is the schema's to say. */
export function limitsOf(texts: readonly string[] | undefined): Readonly<Record<string, Readonly<Record<string, number>>>> {
  if (texts === undefined) throw usage('--limit is missing')
  const limits: Record<string, Record<string, number>> = { day: {}, month: {} }
  for (const text of texts) {
    const [period = '', metric = '', amount = '', ...more] = text.split(':')
    const own = limits[period]
    const isWritten = own !== undefined && METRICS.some((each) => each === metric) && amount.trim() !== '' && more.length === 0
    if (!isWritten) throw usage(`--limit '${text}' is not written PERIOD:METRIC:N, with ${PERIODS.join(' or ')} and ${METRICS.join(', ')}`)
    if (own[metric] !== undefined) throw usage(`--limit ${period}:${metric} is there twice`)
    own[metric] = Number(amount)
  }
  return limits
}

export function percentsOf(texts: readonly string[] | undefined): { readonly warnAtPercent?: readonly number[] } {
  const wrong = texts?.find((text) => !/^\d{1,3}$/.test(text))
  if (wrong !== undefined) throw usage(`--warn-at '${wrong}' is no whole number of percent`)
  return texts === undefined ? {} : { warnAtPercent: texts.map(Number).sort((a, b) => a - b) }
}
