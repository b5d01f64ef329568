// Tags as names of versions: which of several says most, and whether one names the version that another does.
import { compareVersions, parseVersion } from './version.ts'

/** Of the tags on one commit the one that says most: the highest version with the most parts. Null when none is a version. */
export function fullestVersionTag(tags: readonly string[]): string | null {
  let best: string | null = null
  for (const tag of tags) {
    if (parseVersion(tag) === null) continue
    if (best === null || partsOf(tag).length > partsOf(best).length || (partsOf(tag).length === partsOf(best).length && isHigher(tag, best))) best = tag
  }
  return best
}

/** `v4` and `4.2` name what `v4.2.1` names; `v4.3` does not. Texts that are no versions must be equal. */
export function namesVersion(name: string, tag: string): boolean {
  if (parseVersion(name) === null || parseVersion(tag) === null) return name === tag
  const [short, long] = [partsOf(name), partsOf(tag)]
  return short.length <= long.length && short.every((part, index) => Number(part) === Number(long[index]))
}

const partsOf = (tag: string): readonly string[] => tag.replace(/^v/, '').split('.')

function isHigher(a: string, b: string): boolean {
  const [left, right] = [parseVersion(a), parseVersion(b)]
  return left !== null && right !== null && compareVersions(left, right) > 0
}
