// Ranges of versions as advisories write them: `>= 1.0.0, < 2.3.1`, `= 1.2`. What cannot be read contains nothing.
import type { Version } from './version.ts'
import { compareVersions, parseVersion } from './version.ts'

export function isInRange(version: Version, range: string): boolean {
  return range.split(',').every((condition) => holds(version, condition.trim()))
}

function holds(version: Version, condition: string): boolean {
  const [, operator = '', text = ''] = /^(>=|<=|>|<|=)\s*(\S+)$/.exec(condition) ?? []
  const limit = parseVersion(text)
  if (limit === null) return false
  const order = compareVersions(version, limit)
  switch (operator) {
    case '>=': return order >= 0
    case '<=': return order <= 0
    case '>': return order > 0
    case '<': return order < 0
    default: return order === 0
  }
}
